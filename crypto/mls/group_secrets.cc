#include "crypto/mls/group_secrets.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/welcome.h"
#include "crypto/prim/aead.h"

namespace cordon::mls {
namespace {

constexpr absl::string_view kWelcomeLabel = "Welcome";

}  // namespace

SecretBytes Serialize(const GroupSecrets& secrets) {
  codec::Writer out = codec::Writer::OfSecrets();
  out.Vector(secrets.joiner_secret.ExposeSecret());
  out.Present(secrets.path_secret.has_value());
  if (secrets.path_secret.has_value()) {
    out.Vector(secrets.path_secret->ExposeSecret());
  }
  codec::WriteVectorOf(secrets.psks, out);
  return out.TakeSecret();
}

absl::StatusOr<GroupSecrets> ParseGroupSecrets(ByteSpan bytes) {
  codec::Reader in(bytes);
  GroupSecrets secrets;
  CORDON_ASSIGN_OR_RETURN(const ByteSpan joiner, in.Vector());
  secrets.joiner_secret = SecretBytes::Copy(joiner);
  CORDON_ASSIGN_OR_RETURN(const bool has_path, in.Present());
  if (has_path) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan path, in.Vector());
    secrets.path_secret = SecretBytes::Copy(path);
  }
  CORDON_ASSIGN_OR_RETURN(secrets.psks, codec::ReadVectorOf<PreSharedKeyId>(
                                            in, kPsksMax, ReadPreSharedKeyId));
  CORDON_RETURN_IF_ERROR(in.End());
  return secrets;
}

Bytes SealGroupInfo(const GroupInfo& info, const Secret& welcome_secret) {
  const WelcomeKey key = DeriveWelcomeKey(welcome_secret);
  return AeadSeal(key.key, key.nonce, {}, codec::Serialize(info));
}

absl::StatusOr<GroupInfo> OpenGroupInfo(ByteSpan encrypted_group_info,
                                        const Secret& welcome_secret) {
  const WelcomeKey key = DeriveWelcomeKey(welcome_secret);
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, AeadOpen(key.key, key.nonce, {},
                                                      encrypted_group_info));
  return ParseGroupInfo(bytes);
}

absl::StatusOr<EncryptedGroupSecrets> SealGroupSecrets(
    const GroupSecrets& secrets, const Joiner& joiner,
    ByteSpan encrypted_group_info, RandomSource& random) {
  CORDON_ASSIGN_OR_RETURN(
      HpkeCiphertext sealed,
      EncryptWithLabel(joiner.init_key, kWelcomeLabel, encrypted_group_info,
                       Serialize(secrets).ExposeSecret(), random));
  return EncryptedGroupSecrets{.new_member = ToBytes(joiner.key_package_ref),
                               .encrypted_group_secrets = std::move(sealed)};
}

absl::StatusOr<GroupSecrets> OpenGroupSecrets(
    const EncryptedGroupSecrets& sealed, const hpke::KeyPair& init_key,
    ByteSpan encrypted_group_info) {
  CORDON_ASSIGN_OR_RETURN(
      const SecretBytes bytes,
      DecryptWithLabel(init_key, kWelcomeLabel, encrypted_group_info,
                       sealed.encrypted_group_secrets));
  return ParseGroupSecrets(bytes.ExposeSecret());
}

}  // namespace cordon::mls
