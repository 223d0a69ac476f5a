#include "storage/vault/key_file.h"

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
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/aead.h"
#include "crypto/prim/hash.h"
#include "crypto/prim/pwhash.h"
#include "storage/sqlite/db.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kMagic = "cordonvk";
constexpr uint16_t kVersion = 1;
constexpr size_t kSealedKeyBytes = sqlite::kKeyBytes + kAeadTagBytes;

static_assert(kPwhashKeyBytes == kAeadKeyBytes);

struct KeyFile {
  PwhashCost cost;
  PwhashSalt salt{};
  AeadNonce nonce{};
  Bytes sealed;
};

void WriteHead(const KeyFile& file, codec::Writer& out) {
  out.Fixed(AsBytes(kMagic));
  out.U16(kVersion);
  out.U32(file.cost.passes);
  out.U64(file.cost.memory_bytes);
  out.Fixed(file.salt);
  out.Fixed(file.nonce);
}

Bytes HeadOf(const KeyFile& file) {
  codec::Writer out;
  WriteHead(file, out);
  return out.Take();
}

template <typename Array>
absl::Status ReadFixed(codec::Reader& in, Array& out) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan bytes, in.Fixed(out.size()));
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return absl::OkStatus();
}

absl::StatusOr<KeyFile> ReadKeyFile(codec::Reader& in) {
  KeyFile file;
  CORDON_ASSIGN_OR_RETURN(const ByteSpan magic, in.Fixed(kMagic.size()));
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  if (!Equal(magic, AsBytes(kMagic)) || version != kVersion) {
    return absl::InvalidArgumentError("vault.key: not known");
  }
  CORDON_ASSIGN_OR_RETURN(file.cost.passes, in.U32());
  CORDON_ASSIGN_OR_RETURN(file.cost.memory_bytes, in.U64());
  CORDON_RETURN_IF_ERROR(ReadFixed(in, file.salt));
  CORDON_RETURN_IF_ERROR(ReadFixed(in, file.nonce));
  CORDON_ASSIGN_OR_RETURN(const ByteSpan sealed, in.Fixed(kSealedKeyBytes));
  file.sealed = ToBytes(sealed);
  return file;
}

absl::StatusOr<KeyFile> ParseKeyFile(ByteSpan bytes) {
  if (bytes.size() < kDigestBytes) {
    return absl::InvalidArgumentError("vault.key: too short");
  }
  const ByteSpan content = bytes.first(bytes.size() - kDigestBytes);
  if (!Equal(Sha256(content), bytes.last(kDigestBytes))) {
    return absl::InvalidArgumentError("vault.key: its digest differs");
  }
  return codec::ParseWhole<KeyFile>(content, ReadKeyFile);
}

absl::StatusOr<AeadKey> PassphraseKey(const SecretBytes& passphrase,
                                      const KeyFile& file) {
  return DeriveFromPassphrase(passphrase, file.salt, file.cost);
}

}  // namespace

absl::StatusOr<Bytes> WrapKey(const sqlite::Key& key,
                              const SecretBytes& passphrase,
                              const PwhashCost& cost, RandomSource& random) {
  if (passphrase.empty()) {
    return absl::InvalidArgumentError("The passphrase is empty; choose one.");
  }
  KeyFile file{.cost = cost, .sealed = {}};
  random.Fill(MutableByteSpan(file.salt));
  random.Fill(MutableByteSpan(file.nonce));
  CORDON_ASSIGN_OR_RETURN(const AeadKey wrapping,
                          PassphraseKey(passphrase, file));
  codec::Writer out;
  WriteHead(file, out);
  out.Fixed(AeadSeal(wrapping, file.nonce, HeadOf(file), key.ExposeSecret()));
  out.Fixed(Sha256(out.bytes()));
  return out.Take();
}

absl::StatusOr<sqlite::Key> UnwrapKey(ByteSpan bytes,
                                      const SecretBytes& passphrase) {
  const absl::StatusOr<KeyFile> file = ParseKeyFile(bytes);
  if (!file.ok()) {
    return absl::DataLossError(
        "The key file vault.key is damaged; put a backup of this file back.");
  }
  absl::StatusOr<AeadKey> wrapping = PassphraseKey(passphrase, *file);
  if (absl::IsInvalidArgument(wrapping.status())) {
    return absl::DataLossError(
        "The key file vault.key asks for a cost that cordon never sets; put a "
        "backup of this file back.");
  }
  CORDON_RETURN_IF_ERROR(wrapping.status());
  const absl::StatusOr<SecretBytes> opened =
      AeadOpenSecret(*wrapping, file->nonce, HeadOf(*file), file->sealed);
  if (!opened.ok()) {
    return absl::UnauthenticatedError(
        "The passphrase of this profile is wrong.");
  }
  return sqlite::Key::Copy(opened->ExposeSecret());
}

}  // namespace cordon::vault
