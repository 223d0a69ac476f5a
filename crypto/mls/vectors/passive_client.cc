// Passive Client Scenarios: join by a Welcome, then follow what others do.

#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/services.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/given_psks.h"
#include "crypto/mls/vectors/kinds.h"
#include "crypto/mls/vectors/permissive_checker.h"
#include "crypto/mls/welcome.h"
#include "crypto/mls/welcome_join.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::mls::vectors {
namespace {

absl::StatusOr<OwnKeyPackage> ReadOwnKeyPackage(const Fields& vector) {
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex("key_package"));
  CORDON_ASSIGN_OR_RETURN(KeyPackage key_package, ParseAs<KeyPackage>(bytes));
  CORDON_ASSIGN_OR_RETURN(auto init_priv, vector.Hash("init_priv"));
  CORDON_ASSIGN_OR_RETURN(auto leaf_priv, vector.Hash("encryption_priv"));
  CORDON_ASSIGN_OR_RETURN(const auto seed, vector.Hash("signature_priv"));
  return OwnKeyPackage::Assemble(std::move(key_package),
                                 hpke::KeyPair::Of(std::move(init_priv)),
                                 hpke::KeyPair::Of(std::move(leaf_priv)),
                                 Ed25519PrivateKey::FromSeed(seed));
}

absl::Status ReadPsks(const Fields& vector, GivenPsks& psks) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<Fields> given,
                          vector.Array("external_psks"));
  for (const Fields& each : given) {
    CORDON_ASSIGN_OR_RETURN(const Bytes id, each.Hex("psk_id"));
    CORDON_ASSIGN_OR_RETURN(const Bytes key, each.Hex("psk"));
    psks.Add(id, key);
  }
  return absl::OkStatus();
}

absl::StatusOr<Group> Join(const Fields& vector, const Services& services) {
  CORDON_ASSIGN_OR_RETURN(const OwnKeyPackage own, ReadOwnKeyPackage(vector));
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex("welcome"));
  CORDON_ASSIGN_OR_RETURN(const Welcome welcome, ParseAs<Welcome>(bytes));
  JoinOptions options;
  if (!vector.IsNull("ratchet_tree")) {
    CORDON_ASSIGN_OR_RETURN(options.tree, vector.Hex("ratchet_tree"));
  }
  CORDON_ASSIGN_OR_RETURN(Group::Joined joined,
                          Group::Join(welcome, own, options, services));
  return std::move(joined.group);
}

absl::Status FollowEpoch(const Fields& vector, Group& group,
                         const Services& services) {
  CORDON_ASSIGN_OR_RETURN(const std::vector<Fields> proposals,
                          vector.Array("proposals"));
  for (const Fields& each : proposals) {
    CORDON_ASSIGN_OR_RETURN(const Bytes proposal, each.AsHex());
    CORDON_RETURN_IF_ERROR(group.Process(proposal, services).status());
  }
  CORDON_ASSIGN_OR_RETURN(const Bytes commit, vector.Hex("commit"));
  CORDON_ASSIGN_OR_RETURN(Processed processed, group.Process(commit, services));
  auto* next = std::get_if<NextEpoch>(&processed);
  CORDON_RETURN_IF_ERROR(Expect(next != nullptr, "commit: no next epoch"));
  CORDON_RETURN_IF_ERROR(group.Adopt(std::move(*next)));
  return vector.Expect("epoch_authenticator", group.EpochAuthenticator());
}

}  // namespace

absl::Status VerifyPassiveClient(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(CheckSuite(vector));
  const PermissiveChecker checker;
  GivenPsks psks;
  CORDON_RETURN_IF_ERROR(ReadPsks(vector, psks));
  const Services services{.checker = checker,
                          .clock = SystemClock(),
                          .random = SystemRandom(),
                          .psks = psks};
  CORDON_ASSIGN_OR_RETURN(Group group, Join(vector, services));
  CORDON_RETURN_IF_ERROR(
      vector.Expect("initial_epoch_authenticator", group.EpochAuthenticator()));
  CORDON_ASSIGN_OR_RETURN(const std::vector<Fields> epochs,
                          vector.Array("epochs"));
  for (const Fields& epoch : epochs) {
    CORDON_RETURN_IF_ERROR(FollowEpoch(epoch, group, services));
  }
  return absl::OkStatus();
}

}  // namespace cordon::mls::vectors
