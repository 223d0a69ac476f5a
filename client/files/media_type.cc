#include "client/files/media_type.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"

namespace cordon::client {
namespace {

constexpr absl::string_view kUnknown = "application/octet-stream";

struct Signature {
  size_t offset = 0;
  absl::string_view bytes;
  absl::string_view media_type;
};

constexpr Signature kSignatures[] = {
    {0, "%PDF-", "application/pdf"},
    {0, "\x89PNG\r\n\x1a\n", "image/png"},
    {0, "\xff\xd8\xff", "image/jpeg"},
    {0, "GIF87a", "image/gif"},
    {0, "GIF89a", "image/gif"},
    {0, absl::string_view("II*\0", 4), "image/tiff"},
    {0, absl::string_view("MM\0*", 4), "image/tiff"},
    {8, "WEBP", "image/webp"},
    {4, "ftypheic", "image/heic"},
    {4, "ftypmif1", "image/heic"},
    {4, "ftyp", "video/mp4"},
};

constexpr Signature kOfficeFolders[] = {
    {0, "word/",
     "application/"
     "vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {0, "xl/",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {0, "ppt/",
     "application/"
     "vnd.openxmlformats-officedocument.presentationml.presentation"},
};

// The first entry of a ZIP file: local header, name, content. APPNOTE 4.3.7.
constexpr size_t kZipNameLengthAt = 26;
constexpr size_t kZipNameAt = 30;
constexpr absl::string_view kZipStart = "PK\x03\x04";

absl::string_view SniffZip(absl::string_view bytes) {
  if (bytes.size() < kZipNameAt) return "application/zip";
  const size_t name_bytes =
      static_cast<uint8_t>(bytes[kZipNameLengthAt]) +
      size_t{256} * static_cast<uint8_t>(bytes[kZipNameLengthAt + 1]);
  const absl::string_view name =
      bytes.substr(kZipNameAt, std::min(name_bytes, kSniffBytesMax));
  if (name == "[Content_Types].xml" || absl::StartsWith(name, "_rels/")) {
    for (const Signature& folder : kOfficeFolders) {
      if (absl::StrContains(bytes, folder.bytes)) return folder.media_type;
    }
  }
  return "application/zip";
}

// Text holds no control characters but those of lines, and no NUL.
bool LooksLikeText(absl::string_view bytes) {
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](char c) {
    constexpr uint8_t kFirstPrintable = 0x20;
    constexpr uint8_t kDelete = 0x7f;
    const auto byte = static_cast<uint8_t>(c);
    return (byte >= kFirstPrintable && byte != kDelete) || c == '\t' ||
           c == '\n' || c == '\r' || c == '\f';
  });
}

}  // namespace

std::string SniffMediaType(ByteSpan first_bytes) {
  const absl::string_view bytes =
      AsText(first_bytes.first(std::min(first_bytes.size(), kSniffBytesMax)));
  for (const Signature& one : kSignatures) {
    if (bytes.size() >= one.offset + one.bytes.size() &&
        bytes.substr(one.offset, one.bytes.size()) == one.bytes) {
      return std::string(one.media_type);
    }
  }
  if (absl::StartsWith(bytes, kZipStart)) return std::string(SniffZip(bytes));
  return std::string(LooksLikeText(bytes) ? "text/plain" : kUnknown);
}

}  // namespace cordon::client
