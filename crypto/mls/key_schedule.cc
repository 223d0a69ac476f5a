#include "crypto/mls/key_schedule.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/aead.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/hkdf.h"

namespace cordon::mls {
namespace {

// The label of 8.3 is complete as it stands: HPKE's export adds no prefix.
constexpr hpke::ExportLabel kExternalInit{
    .info = {},
    .context = "MLS 1.0 external init secret",
    .size_bytes = kHashBytes};

Secret Extract(const Secret& salt, const Secret& input) {
  return HkdfExtract(salt.ExposeSecret(), input.ExposeSecret());
}

Secret Expand(const Secret& secret, absl::string_view label, ByteSpan context) {
  Secret expanded;
  ExpandWithLabel(secret.ExposeSecret(), label, context,
                  expanded.MutableSecret());
  return expanded;
}

}  // namespace

Secret DeriveJoinerSecret(const Secret& init, const Secret& commit_secret,
                          ByteSpan context) {
  return Expand(Extract(init, commit_secret), "joiner", context);
}

Secret DeriveWelcomeSecret(const Secret& joiner, const Secret& psk_secret) {
  return DeriveSecret(Extract(joiner, psk_secret), "welcome");
}

EpochSecrets DeriveEpochSecrets(const Secret& joiner, const Secret& psk_secret,
                                ByteSpan context) {
  return ExpandEpochSecret(
      Expand(Extract(joiner, psk_secret), "epoch", context));
}

EpochSecrets ExpandEpochSecret(const Secret& epoch_secret) {
  const auto derive = [&epoch_secret](absl::string_view label) {
    return DeriveSecret(epoch_secret, label);
  };
  return EpochSecrets{.init = derive("init"),
                      .sender_data = derive("sender data"),
                      .encryption = derive("encryption"),
                      .exporter = derive("exporter"),
                      .external = derive("external"),
                      .confirmation_key = derive("confirm"),
                      .membership_key = derive("membership"),
                      .resumption_psk = derive("resumption"),
                      .epoch_authenticator = derive("authentication")};
}

WelcomeKey DeriveWelcomeKey(const Secret& welcome_secret) {
  WelcomeKey derived;
  ExpandWithLabel(welcome_secret.ExposeSecret(), "key", {},
                  derived.key.MutableSecret());
  ExpandWithLabel(welcome_secret.ExposeSecret(), "nonce", {},
                  MutableByteSpan(derived.nonce));
  return derived;
}

SenderDataKey DeriveSenderDataKey(const Secret& sender_data,
                                  ByteSpan ciphertext) {
  const ByteSpan sample =
      ciphertext.first(std::min(ciphertext.size(), kHashBytes));
  SenderDataKey derived;
  ExpandWithLabel(sender_data.ExposeSecret(), "key", sample,
                  derived.key.MutableSecret());
  ExpandWithLabel(sender_data.ExposeSecret(), "nonce", sample,
                  MutableByteSpan(derived.nonce));
  return derived;
}

Digest ConfirmationTag(const Secret& confirmation_key,
                       ByteSpan confirmed_transcript_hash) {
  return HmacSha256(confirmation_key.ExposeSecret(), confirmed_transcript_hash);
}

SecretBytes Export(const Secret& exporter, absl::string_view label,
                   ByteSpan context, size_t size_bytes) {
  const Secret secret = DeriveSecret(exporter, label);
  SecretBytes exported(size_bytes);
  ExpandWithLabel(secret.ExposeSecret(), "exported", Sha256(context),
                  exported.MutableSecret());
  return exported;
}

hpke::KeyPair ExternalKeyPair(const Secret& external) {
  return hpke::DeriveKeyPair(external.ExposeSecret());
}

absl::StatusOr<ExternalInitSecret> SealExternalInit(ByteSpan external_pub,
                                                    RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(
      const hpke::Exported exported,
      hpke::SealExport(external_pub, kExternalInit, random));
  CORDON_ASSIGN_OR_RETURN(Secret init,
                          Secret::Copy(exported.secret.ExposeSecret()));
  return ExternalInitSecret{.init = std::move(init),
                            .kem_output = ToBytes(exported.encapsulation)};
}

absl::StatusOr<Secret> OpenExternalInit(const Secret& external,
                                        ByteSpan kem_output) {
  CORDON_ASSIGN_OR_RETURN(
      const SecretBytes init,
      hpke::OpenExport(ExternalKeyPair(external), kem_output, kExternalInit));
  return Secret::Copy(init.ExposeSecret());
}

}  // namespace cordon::mls
