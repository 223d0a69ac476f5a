#include "client/cli/secrets.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/cli/terminal.h"
#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"

namespace cordon::cli {
namespace {

using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;

class SecretsTest : public ::testing::Test {
 protected:
  std::string FileWith(const std::string& content) {
    const std::string path = folder_.File("passphrase");
    std::FILE* const file = std::fopen(path.c_str(), "wb");
    EXPECT_NE(file, nullptr);
    EXPECT_EQ(std::fwrite(content.data(), 1, content.size(), file),
              content.size());
    EXPECT_EQ(std::fclose(file), 0);
    return path;
  }

  TempFolder folder_;
};

TEST_F(SecretsTest, FirstLineOfTheFileIsThePassphrase) {
  for (const char* const content :
       {"correct horse", "correct horse\n", "correct horse\nnot this\n"}) {
    const absl::StatusOr<SecretBytes> secret =
        ReadSecretFile(FileWith(content));
    ASSERT_OK(secret);
    EXPECT_EQ(AsText(secret->ExposeSecret()), "correct horse");
  }
}

TEST_F(SecretsTest, EmptyOrOverlongLineIsRefused) {
  EXPECT_THAT(ReadSecretFile(FileWith("\nx")).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_OK(
      ReadSecretFile(FileWith(std::string(kPassphraseBytesMax, 'x') + "\n"))
          .status());
  EXPECT_THAT(
      ReadSecretFile(FileWith(std::string(kPassphraseBytesMax + 1, 'x')))
          .status(),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(SecretsTest, MissingFileIsSaid) {
  EXPECT_THAT(ReadSecretFile(folder_.File("nothing")).status(),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SecretsTest, WithoutFileAndTerminalNothingIsMadeUp) {
  Secrets secrets({}, /*may_ask=*/false);

  EXPECT_THAT(secrets.Passphrase().status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(secrets.FreshRootPassphrase().status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  // Whether it is needed, the core says.
  const absl::StatusOr<SecretBytes> root = secrets.RootPassphrase();
  ASSERT_OK(root);
  EXPECT_TRUE(root->empty());
}

}  // namespace
}  // namespace cordon::cli
