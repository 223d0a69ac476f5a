#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/psk_secret.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/vectors/given_psks.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/seeded_random.h"
#include "tests/vectors/mls_makers.h"

namespace cordon::testing {
namespace {

using mls::Secret;

Bytes Drawn(size_t size, SeededRandom& random) {
  Bytes bytes(size);
  random.Fill(absl::MakeSpan(bytes));
  return bytes;
}

Json ExpandCase(SeededRandom& random) {
  const Bytes secret = Drawn(32, random);
  const Bytes context = Drawn(20, random);
  Bytes out(24);
  mls::ExpandWithLabel(secret, "a label", context, absl::MakeSpan(out));
  return {{"secret", Hex(secret)},
          {"label", "a label"},
          {"context", Hex(context)},
          {"length", out.size()},
          {"out", Hex(out)}};
}

Json DeriveTreeSecretCase(SeededRandom& random) {
  const Bytes secret = Drawn(32, random);
  constexpr uint32_t kGeneration = 41;
  Bytes out(32);
  mls::DeriveTreeSecret(secret, "a label", kGeneration, absl::MakeSpan(out));
  return {{"secret", Hex(secret)},
          {"label", "a label"},
          {"generation", kGeneration},
          {"length", out.size()},
          {"out", Hex(out)}};
}

Json SignCase(SeededRandom& random) {
  const auto key = Ed25519PrivateKey::Generate(random);
  const Bytes content = Drawn(40, random);
  return {{"priv", Hex(key.CloneSeed().ExposeSecret())},
          {"pub", Hex(key.public_key())},
          {"content", Hex(content)},
          {"label", "a label"},
          {"signature", Hex(mls::SignWithLabel(key, "a label", content))}};
}

Json EncryptCase(SeededRandom& random) {
  const auto key = hpke::KeyPair::Generate(random);
  const Bytes context = Drawn(20, random);
  const Bytes plaintext = Drawn(40, random);
  const mls::HpkeCiphertext sealed = Made(mls::EncryptWithLabel(
      key.public_key, "a label", context, plaintext, random));
  return {{"priv", Hex(key.private_key.ExposeSecret())},
          {"pub", Hex(key.public_key)},
          {"label", "a label"},
          {"context", Hex(context)},
          {"plaintext", Hex(plaintext)},
          {"kem_output", Hex(sealed.kem_output)},
          {"ciphertext", Hex(sealed.ciphertext)}};
}

// One epoch of a key schedule; `init` becomes the next one's.
Json EpochCase(mls::GroupContext context, Secret& init, SeededRandom& random) {
  context.tree_hash = Drawn(32, random);
  context.confirmed_transcript_hash = Drawn(32, random);
  const Secret commit = Secret::Random(random);
  const Secret psk = Secret::Random(random);
  const Bytes bytes = codec::Serialize(context);
  const Secret joiner = mls::DeriveJoinerSecret(init, commit, bytes);
  mls::EpochSecrets secrets = mls::DeriveEpochSecrets(joiner, psk, bytes);
  const SecretBytes exported =
      mls::Export(secrets.exporter, "a label", AsBytes("context"), 24);
  Json made = {
      {"tree_hash", Hex(context.tree_hash)},
      {"confirmed_transcript_hash", Hex(context.confirmed_transcript_hash)},
      {"commit_secret", Hex(commit)},
      {"psk_secret", Hex(psk)},
      {"group_context", Hex(bytes)},
      {"joiner_secret", Hex(joiner)},
      {"welcome_secret", Hex(mls::DeriveWelcomeSecret(joiner, psk))},
      {"init_secret", Hex(secrets.init)},
      {"sender_data_secret", Hex(secrets.sender_data)},
      {"encryption_secret", Hex(secrets.encryption)},
      {"exporter_secret", Hex(secrets.exporter)},
      {"epoch_authenticator", Hex(secrets.epoch_authenticator)},
      {"external_secret", Hex(secrets.external)},
      {"external_pub", Hex(mls::ExternalKeyPair(secrets.external).public_key)},
      {"confirmation_key", Hex(secrets.confirmation_key)},
      {"membership_key", Hex(secrets.membership_key)},
      {"resumption_psk", Hex(secrets.resumption_psk)},
      {"exporter",
       {{"label", "a label"},
        {"context", Hex(AsBytes("context"))},
        {"length", exported.size()},
        {"secret", Hex(exported.ExposeSecret())}}}};
  init = std::move(secrets.init);
  return made;
}

Json GenerationCase(mls::LeafIndex leaf, uint32_t generation,
                    mls::SecretTree& tree) {
  const auto handshake =
      Made(tree.Lease(leaf, mls::RatchetKind::kHandshake, generation));
  const auto application =
      Made(tree.Lease(leaf, mls::RatchetKind::kApplication, generation));
  return {{"generation", generation},
          {"handshake_key", Hex(handshake.key().key.ExposeSecret())},
          {"handshake_nonce", Hex(handshake.key().nonce)},
          {"application_key", Hex(application.key().key.ExposeSecret())},
          {"application_nonce", Hex(application.key().nonce)}};
}

Json SenderDataCase(SeededRandom& random) {
  const Secret secret = Secret::Random(random);
  const Bytes ciphertext = Drawn(40, random);
  const mls::SenderDataKey key = mls::DeriveSenderDataKey(secret, ciphertext);
  return {{"sender_data_secret", Hex(secret)},
          {"ciphertext", Hex(ciphertext)},
          {"key", Hex(key.key.ExposeSecret())},
          {"nonce", Hex(key.nonce)}};
}

Json PskCase(size_t count, SeededRandom& random) {
  mls::vectors::GivenPsks known;
  std::vector<mls::PreSharedKeyId> ids;
  Json listed = Json::array();
  for (size_t i = 0; i < count; ++i) {
    const Bytes id = Drawn(8, random);
    const Bytes key = Drawn(32, random);
    const Bytes nonce = Drawn(32, random);
    known.Add(id, key);
    ids.push_back({.psk = mls::ExternalPsk{id}, .nonce = nonce});
    listed.push_back(
        {{"psk_id", Hex(id)}, {"psk", Hex(key)}, {"psk_nonce", Hex(nonce)}});
  }
  return {{"cipher_suite", mls::kCipherSuite.value},
          {"psks", listed},
          {"psk_secret", Hex(Made(mls::DerivePskSecret(ids, known)))}};
}

}  // namespace

Cases MakeCryptoBasics() {
  SeededRandom random(1);
  const Bytes value = Drawn(40, random);
  const Bytes secret = Drawn(32, random);
  return {{{"cipher_suite", mls::kCipherSuite.value},
           {"ref_hash",
            {{"label", "a label"},
             {"value", Hex(value)},
             {"out", Hex(mls::RefHash("a label", value))}}},
           {"expand_with_label", ExpandCase(random)},
           {"derive_secret",
            {{"secret", Hex(secret)},
             {"label", "a label"},
             {"out", Hex(mls::DeriveSecret(ByteSpan(secret), "a label"))}}},
           {"derive_tree_secret", DeriveTreeSecretCase(random)},
           {"sign_with_label", SignCase(random)},
           {"encrypt_with_label", EncryptCase(random)}}};
}

// By hand: the first and last length of each size of header (2.1.2).
Cases MakeDeserialization() {
  return {{{"vlbytes_header", "00"}, {"length", 0}},
          {{"vlbytes_header", "3f"}, {"length", 63}},
          {{"vlbytes_header", "4040"}, {"length", 64}},
          {{"vlbytes_header", "7fff"}, {"length", 16383}},
          {{"vlbytes_header", "80004000"}, {"length", 16384}},
          {{"vlbytes_header", "bfffffff"}, {"length", 1073741823}}};
}

Cases MakeKeySchedule() {
  SeededRandom random(3);
  mls::GroupContext context{.group_id = Drawn(16, random)};
  Secret init = Secret::Random(random);
  Json made = {{"cipher_suite", mls::kCipherSuite.value},
               {"group_id", Hex(context.group_id)},
               {"initial_init_secret", Hex(init)},
               {"epochs", Json::array()}};
  for (uint64_t epoch = 0; epoch < 2; ++epoch) {
    context.epoch = Epoch{epoch};
    made["epochs"].push_back(EpochCase(context, init, random));
  }
  return {made};
}

Cases MakePskSecret() {
  SeededRandom random(4);
  return {PskCase(0, random), PskCase(1, random), PskCase(3, random)};
}

Cases MakeSecretTree() {
  SeededRandom random(5);
  const Secret secret = Secret::Random(random);
  auto tree = mls::SecretTree::Create(mls::LeafCount{4}, secret.CloneSecret());
  Json leaves = Json::array();
  for (uint32_t leaf = 0; leaf < 3; ++leaf) {
    Json generations = Json::array();
    for (const uint32_t generation : {0U, 2U}) {
      generations.push_back(
          GenerationCase(mls::LeafIndex{leaf}, generation, tree));
    }
    leaves.push_back(generations);
  }
  return {{{"cipher_suite", mls::kCipherSuite.value},
           {"sender_data", SenderDataCase(random)},
           {"encryption_secret", Hex(secret)},
           {"leaves", leaves}}};
}

}  // namespace cordon::testing
