#include "client/files/media_type.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"

namespace cordon::client {
namespace {

std::string SniffText(absl::string_view bytes) {
  return SniffMediaType(AsBytes(bytes));
}

// The local header of a ZIP's first entry, stored, with that name.
std::string ZipOf(absl::string_view name, absl::string_view rest) {
  std::string zip("PK\x03\x04");
  zip.resize(26, '\0');
  zip += static_cast<char>(name.size());
  zip += '\0';
  zip.append(2, '\0');
  return absl::StrCat(zip, name, rest);
}

TEST(MediaTypeTest, SignaturesAreKnown) {
  EXPECT_EQ(SniffText("%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(SniffText("\x89PNG\r\n\x1a\n...."), "image/png");
  EXPECT_EQ(SniffText("\xff\xd8\xff\xe0"), "image/jpeg");
  EXPECT_EQ(SniffText("GIF89a...."), "image/gif");
  EXPECT_EQ(SniffText(absl::string_view("II*\0....", 8)), "image/tiff");
  EXPECT_EQ(SniffText(absl::string_view("MM\0*....", 8)), "image/tiff");
  EXPECT_EQ(SniffText("RIFF....WEBPVP8 "), "image/webp");
  EXPECT_EQ(SniffText(absl::string_view("\0\0\0\x18"
                                        "ftypheic",
                                        12)),
            "image/heic");
  EXPECT_EQ(SniffText(absl::string_view("\0\0\0\x18"
                                        "ftypisom",
                                        12)),
            "video/mp4");
}

TEST(MediaTypeTest, OfficeFileIsToldFromOtherArchives) {
  EXPECT_EQ(SniffText(ZipOf("[Content_Types].xml", "...word/document.xml")),
            "application/"
            "vnd.openxmlformats-officedocument.wordprocessingml.document");
  EXPECT_EQ(SniffText(ZipOf("_rels/.rels", "...xl/workbook.xml")),
            "application/"
            "vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  EXPECT_EQ(SniffText(ZipOf("word/photo.jpg", "...")), "application/zip");
  EXPECT_EQ(SniffText("PK\x03\x04"), "application/zip");
}

TEST(MediaTypeTest, TextHoldsNoControlCharacters) {
  EXPECT_EQ(SniffText("Bonjour à tous,\r\n\tvoilà.\n"), "text/plain");
  EXPECT_EQ(SniffText(absl::string_view("text\0more", 9)),
            "application/octet-stream");
  EXPECT_EQ(SniffText(""), "application/octet-stream");
}

TEST(MediaTypeTest, SignatureCutShortIsNone) {
  EXPECT_EQ(SniffText("%PD"), "text/plain");
}

}  // namespace
}  // namespace cordon::client
