#ifndef CORDON_TESTS_SUPPORT_MLS_CLIENTS_H_
#define CORDON_TESTS_SUPPORT_MLS_CLIENTS_H_

// MLS clients and trees for tests and benchmarks, with every private key known:
// who tests one member's view can ask for any other's.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/tree_kem.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::testing {

// Believes basic credentials: the device is the hash of the identity, and only
// the same identity may follow it. Refuses whom it is told to.
class NameChecker final : public mls::CredentialChecker {
 public:
  void Refuse(absl::string_view name) { refused_.insert(std::string(name)); }
  void RefuseLifetimes() { lifetimes_ok_ = false; }

  absl::StatusOr<DeviceId> Identify(const mls::Credential& credential,
                                    ByteSpan signature_key,
                                    const mls::CheckAt& at) const override;
  absl::Status CheckSuccessor(const mls::Credential& old,
                              const mls::Credential& next) const override;
  absl::Status CheckLifetime(const mls::Lifetime& lifetime,
                             const mls::CheckAt& at) const override;

 private:
  std::set<std::string> refused_;
  bool lifetimes_ok_ = true;
};

// One client: its keys and a key package made with them.
struct MlsClient {
  std::string name;
  Ed25519PrivateKey signer;
  hpke::KeyPair leaf_key;
  hpke::KeyPair init_key;
  mls::KeyPackage key_package;

  static MlsClient Make(absl::string_view name, RandomSource& random);
  // Resign signs the key package again after a test has changed it.
  void Resign() { mls::SignKeyPackage(signer, key_package); }
  DeviceId device() const;
  mls::TreeMember member() const;
};

// What a client of these tests can do.
mls::Capabilities TestCapabilities();

// A tree of clients "member-0", "member-1" …, leaf i being client i.
class KnownTree {
 public:
  static constexpr absl::string_view kGroupId = "a group of tests";

  // Cold: everybody was just added; all parents are blank.
  static KnownTree Cold(uint32_t members, RandomSource& random);
  // Warm: every parent that can be set is set.
  static KnownTree Warm(uint32_t members, RandomSource& random);

  const mls::RatchetTree& tree() const { return tree_; }
  mls::RatchetTree& tree() { return tree_; }
  MlsClient& client(uint32_t leaf) { return clients_.at(leaf); }
  // KeysOf is all that the member at `leaf` knows.
  mls::PathKeys KeysOf(mls::LeafIndex leaf) const;
  // Refresh gives `leaf` a new leaf key and path, as its commit would.
  void Refresh(mls::LeafIndex leaf, RandomSource& random);

 private:
  KnownTree(mls::RatchetTree tree, std::vector<MlsClient> clients);

  mls::RatchetTree tree_;
  std::vector<MlsClient> clients_;
  std::map<mls::NodeIndex, hpke::KeyPair> node_keys_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_MLS_CLIENTS_H_
