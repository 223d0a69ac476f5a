#include "tests/replay/papers.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/replay/cast.h"
#include "tests/replay/dice.h"
#include "tests/replay/published.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::replay {
namespace {

using ::cordon::testing::StatusIs;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class PapersTest : public ::testing::Test {
 protected:
  Papers Write(size_t document_bytes) {
    absl::StatusOr<Papers> papers =
        WritePapers(owner_, document_bytes, folder_.path(), dice_);
    EXPECT_OK(papers);
    return *papers;
  }

  testing::TempFolder folder_;
  Dice dice_{1};
  const Organisation owner_ = MakeCast(kSmallPublished).back();
};

TEST_F(PapersTest, DocumentIsAPdfOfAboutTheSizeAskedFor) {
  for (const size_t bytes : {kDocumentBytesMin, kDocumentBytesMax}) {
    const Papers papers = Write(bytes);

    const std::string document = ReadAll(papers.document);
    EXPECT_THAT(document, StartsWith("%PDF-"));
    EXPECT_THAT(document, HasSubstr("%%EOF"));
    EXPECT_THAT(document, HasSubstr("Identification guide of"));
    EXPECT_GT(document.size(), bytes - 1024);
    EXPECT_LT(document.size(), bytes + 16 * 1024);
  }
}

TEST_F(PapersTest, PhotoIsAPng) {
  EXPECT_THAT(ReadAll(Write(kDocumentBytesMin).photo),
              StartsWith("\x89PNG\r\n"));
}

TEST_F(PapersTest, WhereNothingCanBeWrittenIsAnError) {
  EXPECT_THAT(WritePapers(owner_, kDocumentBytesMin, folder_.File("no"), dice_),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(PapersTest, HashIsOfTheWholeFileAndAMissingOneIsNotFound) {
  const Papers papers = Write(kDocumentBytesMin);
  const auto before = HashFile(papers.document);
  std::ofstream(papers.document, std::ios::app) << "x";

  ASSERT_OK(before);
  EXPECT_NE(*before, *HashFile(papers.document));
  EXPECT_THAT(HashFile(folder_.File("no")),
              StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace cordon::replay
