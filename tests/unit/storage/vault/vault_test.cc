#include "storage/vault/vault.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/vault/key_file.h"
#include "storage/vault/small_file.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_folder.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::kCheapCost;
using ::cordon::testing::Passphrase;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempFolder;
using ::cordon::testing::TempVault;
using ::testing::HasSubstr;
using ::testing::Not;

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteAll(const std::string& path, absl::string_view content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
}

absl::Status PutSetting(TempVault& vault, absl::string_view value) {
  return vault->Update([&](VaultTxn& txn) {
    return txn.identity().PutSetting("theme", AsBytes(value));
  });
}

absl::StatusOr<Bytes> GetSetting(TempVault& vault) {
  return vault.Read(
      [](const VaultTxn& txn) { return txn.identity().GetSetting("theme"); });
}

absl::StatusOr<std::unique_ptr<Vault>> OpenAgain(const TempVault& vault) {
  return Vault::Open(vault.options(), Passphrase("passphrase"));
}

// The content of every file of the folder, by name.
std::vector<std::string> Contents(const TempVault& vault) {
  std::vector<std::string> contents;
  for (const char* name : {"vault.db", "vault.key", "vault.db-wal"}) {
    contents.push_back(ReadAll(vault.File(name)));
  }
  return contents;
}

TEST(VaultTest, WhatWasUpdatedIsThereAfterReopening) {
  TempVault vault;

  ASSERT_OK(PutSetting(vault, "dark"));
  vault.Reopen();

  EXPECT_THAT(GetSetting(vault), IsOkAndHolds(ToBytes("dark")));
}

TEST(VaultTest, AFailedUpdateLeavesNothing) {
  TempVault vault;
  ASSERT_OK(PutSetting(vault, "dark"));

  EXPECT_THAT(vault->Update([](VaultTxn& txn) {
    EXPECT_OK(txn.identity().PutSetting("theme", AsBytes("light")));
    return absl::AbortedError("changed my mind");
  }),
              StatusIs(absl::StatusCode::kAborted));

  EXPECT_THAT(GetSetting(vault), IsOkAndHolds(ToBytes("dark")));
  vault.Reopen();
  EXPECT_THAT(GetSetting(vault), IsOkAndHolds(ToBytes("dark")));
}

TEST(VaultTest, AReceivingUpdateIsThereAfterReopening) {
  TempVault vault;

  ASSERT_OK(vault->Update(
      [](VaultTxn& txn) {
        return txn.identity().PutSetting("theme", AsBytes("dark"));
      },
      sqlite::Durability::kNormal));
  vault.Reopen();

  EXPECT_THAT(GetSetting(vault), IsOkAndHolds(ToBytes("dark")));
}

TEST(VaultTest, ReadGivesItsFunctionsError) {
  TempVault vault;

  EXPECT_THAT(vault->Read([](const VaultTxn& txn) {
    return txn.identity().GetSetting("absent").status();
  }),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST(VaultTest, CreateInAFolderWithAVaultIsRefusedAndChangesNothing) {
  TempVault vault;
  ASSERT_OK(PutSetting(vault, "dark"));
  vault.Close();
  const auto before = Contents(vault);
  SeededRandom random(2);

  EXPECT_THAT(Vault::Create(vault.options(), Passphrase("other"), random),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_EQ(Contents(vault), before);
}

TEST(VaultTest, CreateMakesTheFolderForItsOwnerAlone) {
  const TempFolder folder;
  SeededRandom random(2);
  const VaultOptions options{
      .folder = folder.File("profile"), .cost = kCheapCost, .file_layer = {}};

  ASSERT_OK(Vault::Create(options, Passphrase("p"), random));

  using std::filesystem::perms;
  const auto mode = [&](absl::string_view name) {
    return std::filesystem::status(absl::StrCat(options.folder, name))
        .permissions();
  };
  EXPECT_EQ(mode(""), perms::owner_all);
  for (const char* name : {"/vault.db", "/vault.key"}) {
    EXPECT_EQ(mode(name), perms::owner_read | perms::owner_write) << name;
  }
}

TEST(VaultTest, CreateWithAnEmptyPassphraseLeavesNoFile) {
  const TempFolder folder;
  SeededRandom random(2);

  EXPECT_THAT(
      Vault::Create(
          {.folder = folder.path(), .cost = kCheapCost, .file_layer = {}},
          SecretBytes(), random),
      StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// A crash between the database and the last rename.
TEST(VaultTest, CreateBeginsAnInterruptedCreateAnew) {
  TempVault vault;
  ASSERT_OK(PutSetting(vault, "dark"));
  vault.Close();
  std::filesystem::rename(vault.File("vault.key"), vault.File("vault.key.new"));
  EXPECT_THAT(OpenAgain(vault), StatusIs(absl::StatusCode::kNotFound));
  SeededRandom random(3);

  ASSERT_OK(Vault::Create(vault.options(), Passphrase("passphrase"), random));

  vault.Reopen();
  EXPECT_THAT(GetSetting(vault), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(vault.File("vault.key.new")));
}

TEST(VaultTest, CreateNeverTakesADatabaseWhoseKeyFileIsGone) {
  TempVault vault;
  vault.Close();
  std::filesystem::remove(vault.File("vault.key"));
  const std::string before = ReadAll(vault.File("vault.db"));
  SeededRandom random(3);

  EXPECT_THAT(Vault::Create(vault.options(), Passphrase("p"), random),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(ReadAll(vault.File("vault.db")), before);
}

TEST(VaultTest, OpenWithoutAVaultIsNotFoundAndMakesNoFile) {
  const TempFolder folder;

  EXPECT_THAT(
      Vault::Open(
          {.folder = folder.path(), .cost = kCheapCost, .file_layer = {}},
          Passphrase("p")),
      StatusIs(absl::StatusCode::kNotFound));

  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(VaultTest, AWrongPassphraseIsRefusedAndChangesNothing) {
  TempVault vault;
  vault.Close();
  const auto before = Contents(vault);

  EXPECT_THAT(Vault::Open(vault.options(), Passphrase("wrong")),
              StatusIs(absl::StatusCode::kUnauthenticated));

  EXPECT_EQ(Contents(vault), before);
}

TEST(VaultTest, ASecondOpenerIsRefusedAndChangesNothing) {
  TempVault vault;
  ASSERT_OK(PutSetting(vault, "dark"));
  const auto before = Contents(vault);

  EXPECT_THAT(OpenAgain(vault),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(Contents(vault), before);
  EXPECT_THAT(GetSetting(vault), IsOkAndHolds(ToBytes("dark")));
  ASSERT_OK(PutSetting(vault, "light"));
  vault.Reopen();
  EXPECT_THAT(GetSetting(vault), IsOkAndHolds(ToBytes("light")));
}

TEST(VaultTest, ADamagedKeyFileIsDataLoss) {
  TempVault vault;
  vault.Close();
  std::string key = ReadAll(vault.File("vault.key"));
  key[40] = static_cast<char>(key[40] ^ 1);
  WriteAll(vault.File("vault.key"), key);

  EXPECT_THAT(OpenAgain(vault), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(VaultTest, AnEmptyOrTooBigKeyFileIsDataLoss) {
  TempVault vault;
  vault.Close();
  WriteAll(vault.File("vault.key"), "");
  EXPECT_THAT(OpenAgain(vault), StatusIs(absl::StatusCode::kDataLoss));

  std::filesystem::resize_file(vault.File("vault.key"), kSmallFileBytesMax + 1);

  EXPECT_THAT(OpenAgain(vault), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(VaultTest, TheKeyFileOfAnotherVaultIsDataLoss) {
  TempVault vault;
  vault.Close();
  SeededRandom random(9);
  ASSERT_OK_AND_ASSIGN(const Bytes other,
                       WrapKey(sqlite::Key::Random(random),
                               Passphrase("passphrase"), kCheapCost, random));
  WriteAll(vault.File("vault.key"), ToString(other));

  EXPECT_THAT(OpenAgain(vault), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(VaultTest, AMissingDatabaseIsDataLossAndNotMadeAnew) {
  TempVault vault;
  vault.Close();
  std::filesystem::remove(vault.File("vault.db"));

  EXPECT_THAT(OpenAgain(vault), StatusIs(absl::StatusCode::kDataLoss));

  EXPECT_FALSE(std::filesystem::exists(vault.File("vault.db")));
}

// Damage and truncation at places spread over the whole file: seen at once or,
// on a page that opening does not read, by the check.
class DamagedVaultTest : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    for (int i = 0; i < 40; ++i) {
      ASSERT_OK(vault_->Update([&](VaultTxn& txn) {
        return txn.identity().PutSetting(absl::StrCat("n", i), Bytes(9000, 7));
      }));
    }
    vault_.Close();
    content_ = ReadAll(vault_.File("vault.db"));
    place_ = content_.size() * static_cast<size_t>(GetParam()) / 100;
  }

  static absl::Status OpenAndCheck(const TempVault& vault) {
    CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> opened,
                            OpenAgain(vault));
    return opened->CheckIntegrity();
  }

  TempVault vault_;
  std::string content_;
  size_t place_ = 0;
};

TEST_P(DamagedVaultTest, AFlippedBitIsDataLoss) {
  ASSERT_OK(OpenAndCheck(vault_));
  content_[place_] = static_cast<char>(content_[place_] ^ 0x10);
  WriteAll(vault_.File("vault.db"), content_);

  EXPECT_THAT(OpenAndCheck(vault_), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_P(DamagedVaultTest, ATruncatedFileIsDataLoss) {
  WriteAll(vault_.File("vault.db"), content_.substr(0, place_));

  EXPECT_THAT(OpenAndCheck(vault_), StatusIs(absl::StatusCode::kDataLoss));
}

INSTANTIATE_TEST_SUITE_P(Places, DamagedVaultTest,
                         ::testing::Values(0, 1, 10, 33, 50, 75, 90, 99));

TEST(VaultTest, ANewerProgramsVaultIsRefusedAndUnchanged) {
  TempVault vault;
  vault.Close();
  {
    ASSERT_OK_AND_ASSIGN(const sqlite::Key key,
                         UnwrapKey(AsBytes(ReadAll(vault.File("vault.key"))),
                                   Passphrase("passphrase")));
    ASSERT_OK_AND_ASSIGN(
        auto db, sqlite::Db::Open({.path = vault.File("vault.db")}, key));
    ASSERT_OK(db->ExecuteScript("PRAGMA user_version = 1000"));
  }
  const std::string before = ReadAll(vault.File("vault.db"));

  EXPECT_THAT(OpenAgain(vault),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  EXPECT_EQ(ReadAll(vault.File("vault.db")), before);
}

TEST(VaultTest, ChangePassphraseChangesTheKeyFileAlone) {
  TempVault vault;
  ASSERT_OK(PutSetting(vault, "dark"));
  const auto before = Contents(vault);
  SeededRandom random(4);

  ASSERT_OK(vault->ChangePassphrase(Passphrase("passphrase"),
                                    Passphrase("new one"), random));

  const auto after = Contents(vault);
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NE(after[1], before[1]);
  EXPECT_EQ(after[2], before[2]);
  vault.Close();
  EXPECT_THAT(OpenAgain(vault), StatusIs(absl::StatusCode::kUnauthenticated));
  ASSERT_OK_AND_ASSIGN(const auto opened,
                       Vault::Open(vault.options(), Passphrase("new one")));
  EXPECT_OK(opened->Read([](const VaultTxn& txn) {
    return txn.identity().GetSetting("theme").status();
  }));
}

TEST(VaultTest, ChangePassphraseWithAWrongOldOneChangesNothing) {
  TempVault vault;
  const auto before = Contents(vault);
  SeededRandom random(4);

  EXPECT_THAT(vault->ChangePassphrase(Passphrase("wrong"),
                                      Passphrase("new one"), random),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(
      vault->ChangePassphrase(Passphrase("passphrase"), SecretBytes(), random),
      StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_EQ(Contents(vault), before);
  vault.Reopen();
}

TEST(VaultTest, NoFileHoldsAPlantedMarkerOrTheSchemasWords) {
  TempVault vault;
  ASSERT_OK(vault->Update([](VaultTxn& txn) -> absl::Status {
    CORDON_RETURN_IF_ERROR(
        txn.identity().PutSetting("planted-name", AsBytes("planted-value")));
    return txn.search().Put({.record = {},
                             .part = 0,
                             .kind = 1,
                             .title = "planted-title",
                             .body = "planted-body"});
  }));

  for (const bool closed : {false, true}) {
    if (closed) vault.Close();
    for (const auto& entry :
         std::filesystem::directory_iterator(vault.File(""))) {
      SCOPED_TRACE(entry.path());
      const std::string content = ReadAll(entry.path());
      EXPECT_THAT(content, Not(HasSubstr("planted")));
      EXPECT_THAT(content, Not(HasSubstr("CREATE TABLE")));
      EXPECT_THAT(content, Not(HasSubstr("passphrase")));
    }
  }
}

}  // namespace
}  // namespace cordon::vault
