#ifndef CORDON_TESTS_SUPPORT_ROOM_DEVICE_H_
#define CORDON_TESTS_SUPPORT_ROOM_DEVICE_H_

// A device of a TestPki as a member of one room: its MLS group, and what it
// would send to a relay to change it. Nothing is sent here; a test hands the
// input to whatever it tests and says Adopt when that was taken.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/services.h"
#include "server/core/append_input.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

// An envelope id that no other call of this process gives.
EnvelopeId NextEnvelopeId();

// ParseAs<GroupInfo> backwards: an MLSMessage.
Bytes MessageOf(mls::GroupInfo info);

class RoomDevice {
 public:
  // Borrows both.
  RoomDevice(const TestDevice* device, TestPki* pki);

  const TestDevice& device() const { return *device_; }
  DeviceId id() const { return device_->name.id(); }
  mls::Services services();
  mls::Identity MakeIdentity() const;

  // MakeKeyPackage keeps its private half for Join.
  mls::KeyPackage MakeKeyPackage();

  // Create makes a group of one and gives the GroupInfo of its epoch 0, with
  // its tree inside.
  Bytes Create(const RoomId& room, mls::Extensions extensions);
  // Join enters by what lies in the device's inbox.
  absl::Status Join(ByteSpan secrets, ByteSpan encrypted_group_info,
                    ByteSpan tree);

  mls::Group& group() { return *group_; }
  bool in_room() const { return group_.has_value(); }
  RoomId room() const;

  // Commit makes a commit of these proposals and what goes with it; the next
  // epoch waits for Adopt.
  server::AppendInput Commit(std::vector<mls::Proposal> proposals);
  server::AppendInput Propose(mls::Proposal proposal);
  // Rejoin makes an external commit, replacing this device's leaf if it is to;
  // the new group waits for Adopt.
  server::AppendInput Rejoin(const Bytes& group_info, const Bytes& tree,
                             bool replace_own_leaf = true);
  // Adopt: what was made last was taken.
  void Adopt();
  // Process takes a message of another from the room's log and adopts.
  // False: it removed this device.
  bool Process(ByteSpan message);
  // A GroupInfo of the current epoch, as an MLSMessage without the tree.
  Bytes ExportInfo();

 private:
  const TestDevice* const device_;
  TestPki* const pki_;
  std::unique_ptr<cert::ChainVerifier> verifier_;
  std::unique_ptr<cert::X509CredentialChecker> checker_;
  std::optional<mls::OwnKeyPackage> own_;
  std::optional<mls::Group> group_;
  std::optional<mls::NextEpoch> next_;
  std::optional<mls::Group> rejoined_;
};

// Proposals that tests make often.
mls::Proposal AddOf(RoomDevice& joiner);
mls::Proposal RemoveOf(RoomDevice& actor, const RoomDevice& subject);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_ROOM_DEVICE_H_
