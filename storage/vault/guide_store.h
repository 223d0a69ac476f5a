#ifndef CORDON_STORAGE_VAULT_GUIDE_STORE_H_
#define CORDON_STORAGE_VAULT_GUIDE_STORE_H_

// The guides of each room as lists show them: the newest revision. The records
// themselves, all of them, are in record_store.h.
// Threads and errors: as vault.h.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kGuideBlobsMax = 50;
inline constexpr size_t kGuidesPerPageMax = 500;

// The same in every room it is passed on to.
using GuideId = Id<struct GuideIdTag, 16>;

struct Guide {
  RoomId room;
  GuideId id;
  uint32_t revision = 0;
  uint32_t state = 0;  // draft, submitted, published, …: the client's numbers
  std::string owner;   // the organisation
  std::string title;
  RecordId record;  // that says all this
  std::vector<BlobId> blobs;
};

struct GuideName {
  GuideId id;
  RoomId room;
};

struct GuideQuery {
  std::optional<RoomId> room;
  std::optional<uint32_t> state;
  GuideName after;  // the order is by id, then room; zero is before all
};

class GuideStore {
 public:
  explicit GuideStore(Statements* sql) : sql_(sql) {}

  // Put adds or replaces what its room knows of a guide. kFailedPrecondition
  // for a revision before the stored one; kResourceExhausted beyond
  // kGuideBlobsMax.
  absl::Status Put(const Guide& guide);
  // Get is kNotFound for a guide that is not in the room.
  absl::StatusOr<Guide> Get(const GuideName& name) const;
  // List gives up to kGuidesPerPageMax guides.
  absl::StatusOr<std::vector<Guide>> List(const GuideQuery& query) const;
  // FindByIdPrefix takes 1 to 32 hexadecimal digits and gives at most
  // kCandidatesMax guides; kInvalidArgument for anything else.
  absl::StatusOr<std::vector<Guide>> FindByIdPrefix(
      absl::string_view digits) const;

 private:
  absl::Status PutBlobs(const Guide& guide);

  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_GUIDE_STORE_H_
