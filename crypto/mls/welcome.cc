#include "crypto/mls/welcome.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/hpke_ciphertext.h"
#include "crypto/mls/suite.h"

namespace cordon::mls {

void Write(const EncryptedGroupSecrets& secrets, codec::Writer& out) {
  out.Vector(secrets.new_member);
  Write(secrets.encrypted_group_secrets, out);
}

absl::StatusOr<EncryptedGroupSecrets> ReadEncryptedGroupSecrets(
    codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan new_member, in.Vector());
  CORDON_ASSIGN_OR_RETURN(HpkeCiphertext sealed, ReadHpkeCiphertext(in));
  return EncryptedGroupSecrets{.new_member = ToBytes(new_member),
                               .encrypted_group_secrets = std::move(sealed)};
}

void Write(const Welcome& welcome, codec::Writer& out) {
  out.U16(welcome.cipher_suite.value);
  codec::WriteVectorOf(welcome.secrets, out);
  out.Vector(welcome.encrypted_group_info);
}

absl::StatusOr<Welcome> ReadWelcome(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t suite, in.U16());
  Welcome welcome{.cipher_suite = CipherSuite{suite}};
  CORDON_ASSIGN_OR_RETURN(welcome.secrets,
                          codec::ReadVectorOf<EncryptedGroupSecrets>(
                              in, kRoomDevicesMax, ReadEncryptedGroupSecrets));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan info, in.Vector());
  welcome.encrypted_group_info = ToBytes(info);
  return welcome;
}

absl::StatusOr<Welcome> ParseWelcome(ByteSpan bytes) {
  return codec::ParseWhole<Welcome>(bytes, ReadWelcome);
}

absl::StatusOr<const EncryptedGroupSecrets*> FindSecrets(
    const Welcome& welcome, ByteSpan key_package_ref) {
  for (const EncryptedGroupSecrets& each : welcome.secrets) {
    if (Equal(each.new_member, key_package_ref)) return &each;
  }
  return absl::NotFoundError("welcome: not for this key package");
}

absl::StatusOr<Welcome> Assemble(ByteSpan secrets,
                                 ByteSpan encrypted_group_info) {
  CORDON_ASSIGN_OR_RETURN(EncryptedGroupSecrets own,
                          codec::ParseWhole<EncryptedGroupSecrets>(
                              secrets, ReadEncryptedGroupSecrets));
  Welcome welcome;
  welcome.secrets.push_back(std::move(own));
  welcome.encrypted_group_info = ToBytes(encrypted_group_info);
  return welcome;
}

}  // namespace cordon::mls
