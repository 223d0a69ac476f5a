#include "crypto/cert/root_key_file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/issuer.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/aead.h"
#include "crypto/prim/pwhash.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

constexpr absl::string_view kMagic = "CORDONRK";
constexpr uint8_t kVersion = 1;
constexpr size_t kSealedBytes = kEd25519SeedBytes + kAeadTagBytes;

// Everything before the sealed seed.
struct Header {
  PwhashCost cost;
  PwhashSalt salt{};
  AeadNonce nonce{};
  Bytes root;
};

void Write(const Header& header, codec::Writer& out) {
  out.Fixed(AsBytes(kMagic));
  out.U8(kVersion);
  out.U32(header.cost.passes);
  out.U64(header.cost.memory_bytes);
  out.Fixed(header.salt);
  out.Fixed(header.nonce);
  out.Vector(header.root);
}

absl::StatusOr<Header> ReadHeader(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan magic, in.Fixed(kMagic.size()));
  CORDON_ASSIGN_OR_RETURN(const uint8_t version, in.U8());
  if (!Equal(magic, AsBytes(kMagic)) || version != kVersion) {
    return absl::InvalidArgumentError("root key: not a root key file");
  }
  Header header;
  CORDON_ASSIGN_OR_RETURN(header.cost.passes, in.U32());
  CORDON_ASSIGN_OR_RETURN(header.cost.memory_bytes, in.U64());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan salt, in.Fixed(header.salt.size()));
  std::copy(salt.begin(), salt.end(), header.salt.begin());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan nonce, in.Fixed(header.nonce.size()));
  std::copy(nonce.begin(), nonce.end(), header.nonce.begin());
  CORDON_ASSIGN_OR_RETURN(const ByteSpan root, in.Vector());
  header.root = ToBytes(root);
  return header;
}

struct Parts {
  Header header;
  ByteSpan associated;
  ByteSpan sealed;
};

absl::StatusOr<Parts> ReadParts(ByteSpan file) {
  codec::Reader in(file);
  Parts parts;
  CORDON_ASSIGN_OR_RETURN(parts.header, ReadHeader(in));
  parts.associated = file.first(file.size() - in.rest().size());
  CORDON_ASSIGN_OR_RETURN(parts.sealed, in.Fixed(kSealedBytes));
  CORDON_RETURN_IF_ERROR(in.End());
  return parts;
}

}  // namespace

absl::StatusOr<Bytes> SealRootKeyFile(const RootIssuer& root,
                                      const SecretBytes& passphrase,
                                      RandomSource& random,
                                      const PwhashCost& cost) {
  Header header{
      .cost = cost, .salt = {}, .nonce = {}, .root = root.certificate().der()};
  random.Fill(MutableByteSpan(header.salt));
  random.Fill(MutableByteSpan(header.nonce));
  CORDON_ASSIGN_OR_RETURN(
      const AeadKey key,
      DeriveFromPassphrase(passphrase, header.salt, header.cost));
  const Bytes associated = codec::Serialize(header);
  const Ed25519Seed seed = root.key().CloneSeed();
  return Concat(associated,
                AeadSeal(key, header.nonce, associated, seed.ExposeSecret()));
}

absl::StatusOr<RootIssuer> OpenRootKeyFile(ByteSpan file,
                                           const SecretBytes& passphrase) {
  const absl::StatusOr<Parts> parts = ReadParts(file);
  if (!parts.ok()) {
    return absl::DataLossError("root key: not a root key file, or damaged");
  }
  const Header& header = parts->header;
  const absl::StatusOr<Certificate> certificate =
      Certificate::Parse(header.root);
  const absl::StatusOr<AeadKey> key =
      DeriveFromPassphrase(passphrase, header.salt, header.cost);
  if (key.status().code() == absl::StatusCode::kResourceExhausted) {
    return key.status();
  }
  if (!certificate.ok() || !key.ok()) {
    return absl::DataLossError("root key: not a root key file, or damaged");
  }
  const absl::StatusOr<SecretBytes> opened =
      AeadOpenSecret(*key, header.nonce, parts->associated, parts->sealed);
  if (!opened.ok()) {
    return absl::PermissionDeniedError(
        "root key: wrong passphrase, or the file was changed");
  }
  CORDON_ASSIGN_OR_RETURN(const Ed25519Seed seed,
                          Ed25519Seed::Copy(opened->ExposeSecret()));
  return RootIssuer::Load(*certificate, Ed25519PrivateKey::FromSeed(seed));
}

}  // namespace cordon::cert
