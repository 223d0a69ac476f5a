#ifndef CORDON_CLIENT_CORE_ADMITTING_H_
#define CORDON_CLIENT_CORE_ADMITTING_H_

// Bringing devices into a room: who there is according to the relay's
// directory, verified; a key package of each; one commit for all of them, or as
// few as the limit of a commit allows.
//
// A device that cannot come in is no error: it is named with the reason, and
// the others come in. Its chain must hold, its issuers' revocation lists must
// be here and current, the room's policy must let this device admit it, and it
// must have a key package.
// Threads: none; the core's thread.
// Errors: those of the relay, the vault and commits.h.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/commits.h"
#include "client/core/delivery_types.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/name.h"
#include "crypto/mls/group.h"

namespace cordon::client {

struct LeftOut {
  cert::DeviceName device;
  std::string why;  // completes "fr.customs/alice/laptop "
};

struct Admitted {
  std::vector<cert::DeviceName> devices;
  std::vector<LeftOut> left_out;
};

// "fr.customs/alice/laptop has no key package yet".
std::vector<std::string> Sentences(const std::vector<LeftOut>& left_out);

// IsNamed: `name` is the device's, its user's or its organisation's.
bool IsNamed(const cert::DeviceName& device, absl::string_view name);

// CheckKnown: every name means one of `devices`, or kNotFound: a slip of the
// pen changes nothing.
absl::Status CheckKnown(const std::vector<std::string>& names,
                        const std::vector<cert::VerifiedChain>& devices);

class Admitting {
 public:
  // Of more than `adds_max` devices several commits are made.
  Admitting(const Parts& parts, const RoomTools& tools, Commits* commits,
            size_t adds_max = kAddsPerCommitMax)
      : parts_(parts), tools_(tools), commits_(commits), adds_max_(adds_max) {}

  // ReadDirectory gives the devices whose chains hold now, by name; of one
  // organisation, or of all.
  Task<absl::StatusOr<std::vector<cert::VerifiedChain>>> ReadDirectory(
      std::string organisation);

  // Admit brings in those who are not in the room yet. `command` is told how
  // far it is; 0: nobody.
  Task<absl::StatusOr<Admitted>> Admit(RoomId room,
                                       std::vector<cert::VerifiedChain> devices,
                                       uint64_t command);

 private:
  // Those who may come in, in batches; the others go into `admitted`.
  absl::StatusOr<std::vector<cert::VerifiedChain>> Select(
      RoomId room, std::vector<cert::VerifiedChain> devices,
      Admitted& admitted);
  // Why this package cannot be used; nothing: it is in `joiners`.
  std::optional<std::string> Check(const ClaimedKeyPackage& claimed,
                                   const mls::Group& group,
                                   std::vector<Joiner>& joiners) const;
  Task<absl::Status> AdmitBatch(RoomId room,
                                std::vector<cert::VerifiedChain> batch,
                                Admitted* admitted);

  const Parts parts_;
  const RoomTools tools_;
  Commits* const commits_;
  const size_t adds_max_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_ADMITTING_H_
