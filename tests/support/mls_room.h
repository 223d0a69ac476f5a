#ifndef CORDON_TESTS_SUPPORT_MLS_ROOM_H_
#define CORDON_TESTS_SUPPORT_MLS_ROOM_H_

// A room of MLS groups in one process, one for each member, with a relay's
// order and nothing between them. For tests that need a group that works.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/psk_secret.h"
#include "crypto/mls/services.h"
#include "crypto/mls/state_change.h"
#include "tests/support/fake_clock.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"

namespace cordon::testing {

// Knows the keys that a test has put in.
class PutPsks final : public mls::PskLookup {
 public:
  void Put(absl::string_view id, absl::string_view key);
  void PutResumption(ByteSpan group_id, Epoch epoch, SecretBytes key);

  absl::StatusOr<SecretBytes> External(ByteSpan id) const override;
  absl::StatusOr<SecretBytes> Resumption(ByteSpan group_id,
                                         Epoch epoch) const override;

 private:
  std::map<Bytes, SecretBytes> external_;
  std::map<std::pair<Bytes, Epoch>, SecretBytes> resumption_;
};

// What a device has on disk of one group.
class GroupStore {
 public:
  void Apply(const mls::StateChanges& changes);
  absl::StatusOr<mls::Group> Load() const;

  size_t pieces() const { return pieces_.size(); }
  // Bytes that the last Apply wrote.
  size_t last_bytes() const { return last_bytes_; }

 private:
  std::map<Bytes, SecretBytes> pieces_;
  size_t last_bytes_ = 0;
};

class MlsRoom {
 public:
  explicit MlsRoom(uint64_t seed) : random_(seed) {}

  // WithMembers makes "member-0", who adds all others in one commit.
  static std::unique_ptr<MlsRoom> WithMembers(uint32_t count, uint64_t seed);

  mls::Services services() {
    return {
        .checker = checker_, .clock = clock_, .random = random_, .psks = psks_};
  }
  SeededRandom& random() { return random_; }
  NameChecker& checker() { return checker_; }
  PutPsks& psks() { return psks_; }

  mls::Identity MakeIdentity(absl::string_view name);
  mls::OwnKeyPackage MakeKeyPackage(absl::string_view name);
  // A proposal that adds a key package made for `name`.
  mls::Proposal AddOf(const mls::OwnKeyPackage& own) const;

  size_t size() const { return members_.size(); }
  mls::Group& member(size_t index) { return *members_.at(index); }
  void Enter(mls::Group group);
  void Leave(size_t index);

  // Everybody takes a proposal or commit of `author`, and adopts; the author
  // adopts what it has pending. Fails the running test if anybody refuses.
  void DeliverProposal(ByteSpan message, size_t author);
  void DeliverCommit(mls::PendingCommit pending, size_t author);
  // DeliverAdd delivers a commit that adds `joiner`, who joins by its welcome.
  void DeliverAdd(mls::PendingCommit pending, size_t author,
                  const mls::OwnKeyPackage& joiner);
  // CommitBy makes a commit and delivers it.
  void CommitBy(size_t author, mls::CommitOptions options);

  // All have the same epoch and authenticator, and each opens what each seals.
  void ExpectAgreement();

 private:
  SeededRandom random_;
  FakeClock clock_;
  NameChecker checker_;
  PutPsks psks_;
  std::vector<std::unique_ptr<mls::Group>> members_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_MLS_ROOM_H_
