// Damaged, truncated and missing files on both sides: a sentence that names the
// file and says what to do, exit code 1, and nothing written into what is left.

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/e2e/answer.h"
#include "tests/e2e/cheap_vault.h"
#include "tests/e2e/conversation.h"
#include "tests/e2e/programs.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void WriteAll(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string Flipped(std::string content, size_t at) {
  content.at(at) = static_cast<char>(content.at(at) ^ 1);
  return content;
}

class DamageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    relay_.Start();
    Conversation chief(&chief_, /*new_profile=*/true);
    const Json made = chief.Ask({{"verb", "authority create"},
                                 {"server", relay_.address()},
                                 {"pin", relay_.pin()},
                                 {"setup_code", relay_.setup_code()},
                                 {"org", "ocu.authority"},
                                 {"org_name", "Coordinating unit"},
                                 {"user", "chief"},
                                 {"name", "A. Chief"}});
    ASSERT_TRUE(made.value("ok", false)) << made;
    chief.Quit();
    MakeCheap(chief_);
    relay_.Stop();
  }
  std::string Vault(const std::string& file) const {
    return chief_.profile() + "/" + file;
  }
  std::string Data(const std::string& file) const {
    return relay_.data() + "/" + file;
  }

  // With `damaged` as the file's content the program says `words`; with what
  // was there before it opens again.
  void ExpectCordonSays(const std::string& path, const std::string& damaged,
                        const std::string& words) {
    const std::string whole = ReadAll(path);
    ASSERT_NE(whole, damaged);
    WriteAll(path, damaged);
    const Ended who = chief_.Cordon({"device", "list", "--offline"});
    EXPECT_EQ(who.exit_code, 1) << who.out;
    EXPECT_THAT(who.out, IsEmpty());
    const Json error = Parsed(who.err);
    ASSERT_TRUE(error.is_object()) << who.err;
    EXPECT_EQ(error["error"].value("code", ""), "data_loss") << who.err;
    EXPECT_THAT(error["error"].value("message", ""), HasSubstr(words));
    EXPECT_THAT(error["error"].value("message", ""), HasSubstr("backup"));
    EXPECT_EQ(ReadAll(path), damaged) << "written into a damaged file";
    WriteAll(path, whole);
    EXPECT_EQ(chief_.Cordon({"whoami", "--offline"}).exit_code, 0);
  }
  void ExpectCordondSays(const std::string& path, const std::string& damaged,
                         const std::string& words) {
    const std::string whole = ReadAll(path);
    ASSERT_NE(whole, damaged);
    WriteAll(path, damaged);
    const Ended serve = RunProgram(
        CORDON_CORDOND,
        {"serve", "--data", relay_.data(), "--listen", "127.0.0.1:0"});
    EXPECT_EQ(serve.exit_code, 1);
    EXPECT_THAT(serve.out, IsEmpty());
    EXPECT_THAT(serve.err, HasSubstr(words));
    EXPECT_EQ(ReadAll(path), damaged) << "written into a damaged file";
    WriteAll(path, whole);
    relay_.Start();
    relay_.Stop();
  }

  TestRelay relay_;
  Person chief_{"chief"};
};

TEST_F(DamageTest, VaultThatWasTruncatedIsNamed) {
  const std::string vault = ReadAll(Vault("vault.db"));
  ExpectCordonSays(Vault("vault.db"), vault.substr(0, vault.size() / 2),
                   "vault.db");
  ExpectCordonSays(Vault("vault.db"), vault.substr(0, 1000), "vault.db");
  ExpectCordonSays(Vault("vault.db"), "", "vault.db");
}

TEST_F(DamageTest, VaultWithOneBitChangedIsNamed) {
  const std::string vault = ReadAll(Vault("vault.db"));
  ExpectCordonSays(Vault("vault.db"), Flipped(vault, 100), "vault.db");
  ExpectCordonSays(Vault("vault.key"), Flipped(ReadAll(Vault("vault.key")), 60),
                   "vault.key");
}

// Every page behind the first, so that whatever is read is met.
TEST_F(DamageTest, VaultDamagedBehindItsFirstPageIsNamed) {
  std::string vault = ReadAll(Vault("vault.db"));
  constexpr size_t kPageBytes = 4096;
  for (size_t at = kPageBytes + 100; at < vault.size(); at += kPageBytes) {
    vault = Flipped(std::move(vault), at);
  }
  ExpectCordonSays(Vault("vault.db"), vault, "vault.db");
}

TEST_F(DamageTest, RelayThatWasTruncatedIsNamed) {
  const std::string db = ReadAll(Data("relay.db"));
  ExpectCordondSays(Data("relay.db"), db.substr(0, db.size() / 2), "relay.db");
  ExpectCordondSays(Data("relay.db"), db.substr(0, 1000), "relay.db");
  ExpectCordondSays(Data("relay.db"), "", "relay.db");
}

TEST_F(DamageTest, RelayWithOneBitChangedIsNamed) {
  const std::string db = ReadAll(Data("relay.db"));
  ExpectCordondSays(Data("relay.db"), Flipped(db, 100), "cordond restore");
  ExpectCordondSays(Data("database.key"),
                    Flipped(ReadAll(Data("database.key")), 5), "database.key");
  ExpectCordondSays(Data("database.key"), "short", "database.key");
}

TEST_F(DamageTest, RelayDamagedBehindItsFirstPageIsNamed) {
  std::string db = ReadAll(Data("relay.db"));
  constexpr size_t kPageBytes = 4096;
  for (size_t at = kPageBytes + 100; at < db.size(); at += kPageBytes) {
    db = Flipped(std::move(db), at);
  }
  ExpectCordondSays(Data("relay.db"), db, "relay.db");
}

}  // namespace
}  // namespace cordon::testing
