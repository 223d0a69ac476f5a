#include "crypto/hpke/hpke.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/prim/aead.h"
#include "crypto/prim/hkdf.h"
#include "crypto/prim/kem_x25519.h"

namespace cordon::hpke {
namespace {

using Prk = SecretArray<kHkdfPrkBytes>;

// Section 5.1: "KEM" and I2OSP(kem_id, 2), kem_id = 0x0020.
constexpr std::array<uint8_t, 5> kKemSuiteId = {'K', 'E', 'M', 0x00, 0x20};
// "HPKE", then kem_id, kdf_id = 0x0001 and aead_id = 0x0003.
constexpr std::array<uint8_t, 10> kSuiteId = {'H',  'P',  'K',  'E',  0x00,
                                              0x20, 0x00, 0x01, 0x00, 0x03};
constexpr uint8_t kModeBase = 0;
constexpr absl::string_view kVersion = "HPKE-v1";

// One buffer of all parts; some of them are secret.
SecretBytes Join(std::initializer_list<ByteSpan> parts) {
  size_t size = 0;
  for (const ByteSpan part : parts) size += part.size();
  SecretBytes joined(size);
  uint8_t* to = joined.MutableSecret().data();
  for (const ByteSpan part : parts) {
    to = std::copy(part.begin(), part.end(), to);
  }
  return joined;
}

Prk LabeledExtract(ByteSpan suite_id, ByteSpan salt, absl::string_view label,
                   ByteSpan input_key) {
  const SecretBytes labeled =
      Join({AsBytes(kVersion), suite_id, AsBytes(label), input_key});
  return HkdfExtract(salt, labeled.ExposeSecret());
}

void LabeledExpand(ByteSpan suite_id, const Prk& prk, absl::string_view label,
                   ByteSpan info, MutableByteSpan out) {
  const std::array<uint8_t, 2> size = {static_cast<uint8_t>(out.size() >> 8),
                                       static_cast<uint8_t>(out.size())};
  const SecretBytes labeled =
      Join({size, AsBytes(kVersion), suite_id, AsBytes(label), info});
  HkdfExpand(prk.ExposeSecret(), labeled.ExposeSecret(), out);
}

absl::StatusOr<X25519PublicKey> ToPublicKey(ByteSpan bytes) {
  X25519PublicKey key;
  if (bytes.size() != key.size()) {
    return absl::InvalidArgumentError("hpke: public key of a wrong size");
  }
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

// ExtractAndExpand of section 4.1.
Prk SharedSecretOf(const SecretArray<kX25519KeyBytes>& dh,
                   ByteSpan encapsulation, ByteSpan recipient) {
  const Prk eae = LabeledExtract(kKemSuiteId, {}, "eae_prk", dh.ExposeSecret());
  const Bytes kem_context = Concat(encapsulation, recipient);
  Prk shared;
  LabeledExpand(kKemSuiteId, eae, "shared_secret", kem_context,
                shared.MutableSecret());
  return shared;
}

// The key schedule of section 5.1 in base mode, up to `secret`.
struct Schedule {
  Prk secret;
  std::array<uint8_t, 1 + 2 * kHkdfPrkBytes> context{};

  Schedule(const Prk& shared, ByteSpan info) {
    const Prk psk_id_hash = LabeledExtract(kSuiteId, {}, "psk_id_hash", {});
    const Prk info_hash = LabeledExtract(kSuiteId, {}, "info_hash", info);
    context[0] = kModeBase;
    const ByteSpan first = psk_id_hash.ExposeSecret();
    const ByteSpan second = info_hash.ExposeSecret();
    std::copy(first.begin(), first.end(), context.begin() + 1);
    std::copy(second.begin(), second.end(),
              context.begin() + 1 + kHkdfPrkBytes);
    secret = LabeledExtract(kSuiteId, shared.ExposeSecret(), "secret", {});
  }

  AeadKey Key() const {
    AeadKey key;
    LabeledExpand(kSuiteId, secret, "key", context, key.MutableSecret());
    return key;
  }
  AeadNonce BaseNonce() const {
    AeadNonce nonce;
    LabeledExpand(kSuiteId, secret, "base_nonce", context,
                  MutableByteSpan(nonce));
    return nonce;
  }
  SecretBytes Export(const ExportLabel& label) const {
    Prk exporter;
    LabeledExpand(kSuiteId, secret, "exp", context, exporter.MutableSecret());
    SecretBytes exported(label.size_bytes);
    LabeledExpand(kSuiteId, exporter, "sec", AsBytes(label.context),
                  exported.MutableSecret());
    return exported;
  }
};

struct Encapsulated {
  Prk shared;
  Encapsulation encapsulation{};
};

// Encap of section 4.1.
absl::StatusOr<Encapsulated> Encapsulate(ByteSpan public_key,
                                         RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(const X25519PublicKey recipient,
                          ToPublicKey(public_key));
  const KeyPair ephemeral = KeyPair::Generate(random);
  CORDON_ASSIGN_OR_RETURN(const auto dh,
                          X25519(ephemeral.private_key, recipient));
  return Encapsulated{
      .shared = SharedSecretOf(dh, ephemeral.public_key, recipient),
      .encapsulation = ephemeral.public_key};
}

// Decap of section 4.1.
absl::StatusOr<Prk> Decapsulate(const KeyPair& key, ByteSpan encapsulation) {
  CORDON_ASSIGN_OR_RETURN(const X25519PublicKey ephemeral,
                          ToPublicKey(encapsulation));
  CORDON_ASSIGN_OR_RETURN(const auto dh, X25519(key.private_key, ephemeral));
  return SharedSecretOf(dh, encapsulation, key.public_key);
}

}  // namespace

KeyPair KeyPair::Of(X25519PrivateKey private_key) {
  const X25519PublicKey public_key = X25519PublicOf(private_key);
  return KeyPair{.private_key = std::move(private_key),
                 .public_key = public_key};
}

KeyPair KeyPair::Generate(RandomSource& random) {
  return Of(X25519PrivateKey::Random(random));
}

KeyPair KeyPair::CloneSecret() const {
  return KeyPair{.private_key = private_key.CloneSecret(),
                 .public_key = public_key};
}

KeyPair DeriveKeyPair(ByteSpan key_material) {
  const Prk dkp = LabeledExtract(kKemSuiteId, {}, "dkp_prk", key_material);
  X25519PrivateKey private_key;
  LabeledExpand(kKemSuiteId, dkp, "sk", {}, private_key.MutableSecret());
  return KeyPair::Of(std::move(private_key));
}

absl::StatusOr<Sealed> Seal(ByteSpan public_key, ByteSpan info,
                            ByteSpan associated, ByteSpan plaintext,
                            RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(const Encapsulated kem,
                          Encapsulate(public_key, random));
  const Schedule schedule(kem.shared, info);
  return Sealed{.encapsulation = kem.encapsulation,
                .ciphertext = AeadSeal(schedule.Key(), schedule.BaseNonce(),
                                       associated, plaintext)};
}

absl::StatusOr<SecretBytes> Open(const KeyPair& key, ByteSpan encapsulation,
                                 ByteSpan info, ByteSpan associated,
                                 ByteSpan ciphertext) {
  CORDON_ASSIGN_OR_RETURN(const Prk shared, Decapsulate(key, encapsulation));
  const Schedule schedule(shared, info);
  return AeadOpenSecret(schedule.Key(), schedule.BaseNonce(), associated,
                        ciphertext);
}

absl::StatusOr<Exported> SealExport(ByteSpan public_key,
                                    const ExportLabel& label,
                                    RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(const Encapsulated kem,
                          Encapsulate(public_key, random));
  return Exported{.encapsulation = kem.encapsulation,
                  .secret = Schedule(kem.shared, label.info).Export(label)};
}

absl::StatusOr<SecretBytes> OpenExport(const KeyPair& key,
                                       ByteSpan encapsulation,
                                       const ExportLabel& label) {
  CORDON_ASSIGN_OR_RETURN(const Prk shared, Decapsulate(key, encapsulation));
  return Schedule(shared, label.info).Export(label);
}

}  // namespace cordon::hpke
