#include "client/cli/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

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
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

// Answers what is asked and keeps the questions.
class Typist {
 public:
  explicit Typist(std::vector<std::string> answers)
      : answers_(std::move(answers)) {}
  Asking Type() {
    return [this](const std::string& question) -> absl::StatusOr<SecretBytes> {
      questions_.push_back(question);
      if (questions_.size() > answers_.size()) {
        return absl::FailedPreconditionError("nobody types any more");
      }
      return SecretBytes::Copy(AsBytes(answers_[questions_.size() - 1]));
    };
  }
  const std::vector<std::string>& questions() const { return questions_; }

 private:
  const std::vector<std::string> answers_;
  std::vector<std::string> questions_;
};

TEST_F(SecretsTest, PassphraseAskedForAheadIsTypedOnce) {
  Typist typist({"old", "new", "new"});
  Secrets secrets({.profile = "unit"}, /*may_ask=*/true, typist.Type());

  ASSERT_OK_AND_ASSIGN(const SecretBytes old, secrets.PassphraseAhead());
  ASSERT_OK(secrets.NewPassphrase("").status());
  ASSERT_OK_AND_ASSIGN(const SecretBytes opening, secrets.Passphrase());

  EXPECT_EQ(AsText(old.ExposeSecret()), "old");
  EXPECT_EQ(AsText(opening.ExposeSecret()), "old");
  EXPECT_THAT(
      typist.questions(),
      ElementsAre("The passphrase of the profile unit: ",
                  "New passphrase of the profile unit: ", "Once more: "));
  // It is kept for once: the next one is typed again.
  EXPECT_THAT(secrets.Passphrase().status(),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(SecretsTest, RootKeysPassphraseIsAskedForAfterTheProfiles) {
  Typist typist({"vault", "root"});
  Secrets secrets({.profile = "unit", .root_key = true}, /*may_ask=*/true,
                  typist.Type());

  ASSERT_OK_AND_ASSIGN(const SecretBytes root, secrets.RootPassphrase());
  ASSERT_OK_AND_ASSIGN(const SecretBytes vault, secrets.Passphrase());

  EXPECT_EQ(AsText(root.ExposeSecret()), "root");
  EXPECT_EQ(AsText(vault.ExposeSecret()), "vault");
  EXPECT_THAT(
      typist.questions(),
      ElementsAre("The passphrase of the profile unit: ",
                  "The passphrase of the root key (empty: do without it): "));
}

TEST_F(SecretsTest, NewRootKeysPassphraseIsTypedTwiceAndThatOfOneBegunOnce) {
  Typist typist({"new", "new", "as before"});
  Secrets fresh({.profile = "unit"}, /*may_ask=*/true, typist.Type());
  Secrets begun({.profile = "unit", .root_key = true}, /*may_ask=*/true,
                typist.Type());

  ASSERT_OK_AND_ASSIGN(const SecretBytes made, fresh.FreshRootPassphrase());
  ASSERT_OK_AND_ASSIGN(const SecretBytes known, begun.FreshRootPassphrase());

  EXPECT_EQ(AsText(made.ExposeSecret()), "new");
  EXPECT_EQ(AsText(known.ExposeSecret()), "as before");
}

TEST_F(SecretsTest, WhoHoldsNoRootKeyIsNotAskedForItsPassphrase) {
  Typist typist({"vault"});
  Secrets secrets({.profile = "france"}, /*may_ask=*/true, typist.Type());

  ASSERT_OK_AND_ASSIGN(const SecretBytes root, secrets.RootPassphrase());

  EXPECT_TRUE(root.empty());
  EXPECT_THAT(typist.questions(), IsEmpty());
}

}  // namespace
}  // namespace cordon::cli
