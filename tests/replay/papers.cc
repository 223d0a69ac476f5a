#include "tests/replay/papers.h"

#include <hpdf.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "tests/replay/cast.h"
#include "tests/replay/dice.h"
#include "tests/replay/wares.h"

namespace cordon::replay {
namespace {

constexpr size_t kPixelBytes = 3;
constexpr size_t kPictureWidth = 256;
constexpr size_t kPhotoPixels = 240;
constexpr size_t kReadBytes = 64 * 1024;
constexpr absl::Duration kRightFor = absl::Hours(24 * 900);
constexpr absl::Duration kReviewIn = absl::Hours(24 * 180);
constexpr float kMargin = 60;
constexpr float kTitleSize = 20;
constexpr float kTextSize = 11;
constexpr float kLineHeight = 18;

// A picture of rows of RGB: a disc on a shaded ground, with the grain of a
// photo, so that it does not compress to nothing.
struct Picture {
  size_t width = 0;
  size_t height = 0;
  std::vector<uint8_t> pixels;
};

Picture Draw(size_t width, size_t height, Dice& dice) {
  Picture picture{.width = width, .height = height, .pixels = {}};
  picture.pixels.reserve(width * height * kPixelBytes);
  const auto radius = static_cast<int64_t>(std::min(width, height) / 3);
  for (size_t y = 0; y < height; ++y) {
    for (size_t x = 0; x < width; ++x) {
      const int64_t across =
          static_cast<int64_t>(x) - static_cast<int64_t>(width / 2);
      const int64_t down =
          static_cast<int64_t>(y) - static_cast<int64_t>(height / 2);
      const bool inside = across * across + down * down < radius * radius;
      const uint64_t ground = inside ? 180 : 40 + 60 * y / height;
      const uint64_t grain = dice.Byte() % 48;
      picture.pixels.push_back(static_cast<uint8_t>(ground + grain));
      picture.pixels.push_back(static_cast<uint8_t>(ground / 2 + grain));
      picture.pixels.push_back(static_cast<uint8_t>(200 - ground / 2));
    }
  }
  return picture;
}

// The library reports through a callback: the first error is kept.
void KeepFirstError(HPDF_STATUS error, HPDF_STATUS /*detail*/, void* kept) {
  auto* const first = static_cast<HPDF_STATUS*>(kept);
  if (*first == HPDF_OK) *first = error;
}

void WriteText(HPDF_Doc document, HPDF_Page page, const Organisation& owner) {
  const Brand& brand = *owner.brand;
  HPDF_Font font = HPDF_GetFont(document, "Helvetica", nullptr);
  const std::array<std::string, 7> lines = {
      absl::StrCat("Identification guide of ", owner.title),
      absl::StrCat("Product: ", std::string(brand.product)),
      "Genuine: the mark is raised; its second letter has a fine line below.",
      "Genuine: the lot number is engraved and has the form AA-0000.",
      "Fake: the mark is printed and comes off with a finger nail.",
      "Fake: the sleeve is glued along the long side.",
      "Information for customs only; no legal advice, no order to seize."};
  HPDF_Page_BeginText(page);
  HPDF_Page_MoveTextPos(page, kMargin, HPDF_Page_GetHeight(page) - kMargin);
  HPDF_Page_SetFontAndSize(page, font, kTitleSize);
  for (const std::string& line : lines) {
    HPDF_Page_ShowText(page, line.c_str());
    HPDF_Page_MoveTextPos(page, 0, -kLineHeight);
    HPDF_Page_SetFontAndSize(page, font, kTextSize);
  }
  HPDF_Page_EndText(page);
}

void DrawFigure(HPDF_Page page) {
  constexpr float kSide = 120;
  constexpr float kRadius = 40;
  HPDF_Page_SetLineWidth(page, 2);
  HPDF_Page_Rectangle(page, kMargin, kMargin, kSide, kSide);
  HPDF_Page_Circle(page, kMargin + kSide / 2, kMargin + kSide / 2, kRadius);
  HPDF_Page_Stroke(page);
}

void PlacePicture(HPDF_Doc document, HPDF_Page page, const Picture& picture) {
  constexpr float kShown = 300;
  HPDF_Image image = HPDF_LoadRawImageFromMem(
      document, picture.pixels.data(), static_cast<HPDF_UINT>(picture.width),
      static_cast<HPDF_UINT>(picture.height), HPDF_CS_DEVICE_RGB, 8);
  HPDF_Page_DrawImage(page, image, kMargin * 4, kMargin * 3, kShown, kShown);
}

absl::Status WritePdf(const Organisation& owner, const Picture& picture,
                      const std::string& path) {
  HPDF_STATUS error = HPDF_OK;
  HPDF_Doc document = HPDF_New(KeepFirstError, &error);
  if (document == nullptr) {
    return absl::InternalError("the PDF library did not start");
  }
  HPDF_SetInfoAttr(document, HPDF_INFO_TITLE, owner.title.c_str());
  HPDF_Page page = HPDF_AddPage(document);
  HPDF_Page_SetSize(page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
  WriteText(document, page, owner);
  DrawFigure(page);
  PlacePicture(document, page, picture);
  HPDF_SaveToFile(document, path.c_str());
  HPDF_Free(document);
  if (error == HPDF_OK) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("PDF ", path, " was not made: error ", error));
}

absl::Status WritePng(const Picture& picture, const std::string& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  if (png_image_write_to_file(&image, path.c_str(), /*convert_to_8_bit=*/0,
                              picture.pixels.data(), /*row_stride=*/0,
                              nullptr) != 0) {
    return absl::OkStatus();
  }
  return absl::InternalError(
      absl::StrCat("PNG ", path, " was not made: ", image.message));
}

}  // namespace

absl::StatusOr<Papers> WritePapers(const Organisation& owner,
                                   size_t document_bytes,
                                   const std::string& folder, Dice& dice) {
  const std::string stem =
      absl::StrCat(folder, "/", std::string(owner.brand->owner));
  const Papers papers{.document = absl::StrCat(stem, "-guide.pdf"),
                      .photo = absl::StrCat(stem, "-photo.png")};
  const size_t rows =
      std::max<size_t>(1, document_bytes / (kPictureWidth * kPixelBytes));
  CORDON_RETURN_IF_ERROR(
      WritePdf(owner, Draw(kPictureWidth, rows, dice), papers.document));
  CORDON_RETURN_IF_ERROR(
      WritePng(Draw(kPhotoPixels, kPhotoPixels, dice), papers.photo));
  return papers;
}

nlohmann::json GuideJson(const Organisation& owner, absl::Time now) {
  const Brand& brand = *owner.brand;
  const Ware& ware = WareOf(brand.goods.category, brand.goods.subcategory);
  return {{"owner_organisation", owner.name},
          {"title", absl::StrCat(std::string(brand.name),
                                 ": telling genuine from fake")},
          {"contacts",
           {{{"role", "technical"},
             {"name", "Brand protection desk"},
             {"mail", "desk@example.org"},
             {"hours", "Mon-Fri 08:00-18:00"},
             {"zone", "Europe/Brussels"},
             {"languages", {"en"}}}}},
          {"rights",
           {{{"type", "trade_mark"},
             {"number", "000000000"},
             {"office", "EUIPO"},
             {"valid_until", absl::FormatCivilTime(absl::ToCivilDay(
                                 now + kRightFor, absl::UTCTimeZone()))}}}},
          {"product",
           {{"brand", std::string(brand.name)},
            {"name", std::string(brand.product)},
            {"category", std::string(brand.goods.category)},
            {"hs", {std::string(ware.hs)}},
            {"description", std::string(ware.description)}}},
          {"clues",
           {"Raised mark; fakes are printed", "Lot number engraved: AA-0000",
            "Sleeve folded, never glued"}},
          {"features",
           {{{"where", "Under the word mark"},
             {"layer", "overt"},
             {"how", "Look for the fine line under the second letter"},
             {"tool", "loupe, ten times"},
             {"weight", "conclusive"}}}},
          {"packaging", "Green box, sleeve with a lot number"},
          {"shot_list", {"Mark from above", "Lot number", "Sleeve, long side"}},
          {"answer_hours", 24},
          {"answer_languages", {"en"}},
          {"disclaimer", "Information for customs only; no order to seize."},
          {"version", 1},
          {"change_note", "First issue"},
          {"review_by", absl::FormatTime(absl::RFC3339_sec, now + kReviewIn,
                                         absl::UTCTimeZone())}};
}

absl::StatusOr<Digest> HashFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  Sha256Stream hash;
  std::vector<char> buffer(kReadBytes);
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.Update(AsBytes(
        absl::string_view(buffer.data(), static_cast<size_t>(in.gcount()))));
  }
  return hash.Finish();
}

}  // namespace cordon::replay
