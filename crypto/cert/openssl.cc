#include "crypto/cert/openssl.h"

#include <openssl/asn1.h>
#include <openssl/evp.h>

#include <cstddef>
#include <ctime>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

EvpPkeyPtr ToOpenssl(const Ed25519PrivateKey& key) {
  const Ed25519Seed seed = key.CloneSeed();
  EvpPkeyPtr pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                               seed.ExposeSecret().data(),
                                               seed.ExposeSecret().size()));
  CORDON_CHECK(pkey != nullptr);
  return pkey;
}

EvpPkeyPtr ToOpenssl(const Ed25519PublicKey& key) {
  EvpPkeyPtr pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                              key.data(), key.size()));
  CORDON_CHECK(pkey != nullptr);
  return pkey;
}

absl::StatusOr<Ed25519PublicKey> FromOpenssl(const EVP_PKEY* key) {
  Ed25519PublicKey raw{};
  size_t size = raw.size();
  if (key == nullptr || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, raw.data(), &size) != 1 ||
      size != raw.size()) {
    return absl::InvalidArgumentError("certificate: not an Ed25519 key");
  }
  return raw;
}

Asn1TimePtr ToAsn1(absl::Time time) {
  Asn1TimePtr asn1(ASN1_TIME_set(nullptr, absl::ToTimeT(time)));
  CORDON_CHECK(asn1 != nullptr);
  return asn1;
}

absl::StatusOr<absl::Time> FromAsn1(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    return absl::InvalidArgumentError("certificate: malformed time");
  }
  return absl::FromTM(parts, absl::UTCTimeZone());
}

ByteSpan ViewOf(const ASN1_STRING* string) {
  const int size = ASN1_STRING_length(string);
  if (size <= 0) return {};
  return {ASN1_STRING_get0_data(string), static_cast<size_t>(size)};
}

}  // namespace cordon::cert
