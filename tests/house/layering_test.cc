#include "tests/house/layering.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/build_files.h"
#include "tests/house/rule_matchers.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A product of five small libraries; `more` are the files under test.
Tree TreeWith(const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::pair<std::string, std::string>> files = {
      {"CMakeLists.txt",
       "set(CORDON_MAY_USE_base \"\")\n"
       "set(CORDON_MAY_USE_codec base)\n"
       "set(CORDON_MAY_USE_mls base)\n"
       "set(CORDON_MAY_USE_mls_public base)\n"
       "set(CORDON_MAY_USE_relay_core base mls_public)\n"},
      {"crypto/CMakeLists.txt",
       "cordon_library(b LAYER base SRCS b.h)\n"
       "cordon_library(c LAYER codec SRCS c.h DEPS b)\n"
       "cordon_library(group LAYER mls SRCS group.h DEPS b)\n"
       "cordon_library(pub LAYER mls_public SRCS pub.h DEPS b)\n"},
      {"server/CMakeLists.txt",
       "cordon_library(relay LAYER relay_core SRCS r.cc DEPS pub)\n"},
      {"crypto/b.h", ""},
      {"crypto/group.h", ""},
      {"tests/t.cc", "#include \"crypto/group.h\"\n#include <sodium.h>\n"},
  };
  files.insert(files.end(), more.begin(), more.end());
  return Tree::Of(files);
}

std::vector<std::string> LayerFindings(const Tree& tree) {
  return Where(CheckLayers(tree, BuildFiles::Read(tree)));
}

std::vector<std::string> ReachFindings(const Tree& tree) {
  return Where(CheckRelayReach(tree, BuildFiles::Read(tree)));
}

TEST(LayeringTest, DownwardIncludeIsAccepted) {
  EXPECT_THAT(
      LayerFindings(TreeWith({{"crypto/c.h", "#include \"crypto/b.h\"\n"}})),
      IsEmpty());
}

TEST(LayeringTest, UpwardIncludeIsFound) {
  EXPECT_THAT(LayerFindings(TreeWith(
                  {{"crypto/c.h", "\n#include \"crypto/group.h\"\n"}})),
              ElementsAre("layer crypto/c.h:2"));
}

TEST(LayeringTest, HeaderOfATargetNotLinkedIsFound) {
  const Tree tree =
      TreeWith({{"server/core/CMakeLists.txt",
                 "cordon_library(x LAYER relay_core SRCS x.cc)\n"},
                {"server/core/x.cc", "#include \"crypto/b.h\"\n"}});

  EXPECT_THAT(LayerFindings(tree), ElementsAre("deps server/core/x.cc:1"));
}

TEST(LayeringTest, HeaderThroughALinkedTargetIsAccepted) {
  EXPECT_THAT(
      LayerFindings(TreeWith({{"server/r.cc", "#include \"crypto/b.h\"\n"}})),
      IsEmpty());
}

TEST(LayeringTest, OutsideHeaderInItsOwnersFolderIsAccepted) {
  EXPECT_THAT(Where(CheckOwners(TreeWith(
                  {{"crypto/prim/a.cc", "#include <sodium.h>\n"},
                   {"storage/sqlite/a.cc", "#include <sqlcipher/sqlite3.h>\n"},
                   {"server/rpc/a.cc", "#include <grpcpp/grpcpp.h>\n"},
                   {"client/core/content.cc",
                    "#include \"cordon/sealed/v1/record.pb.h\"\n"}}))),
              IsEmpty());
}

TEST(LayeringTest, OutsideHeaderElsewhereIsFound) {
  EXPECT_THAT(
      Where(CheckOwners(TreeWith(
          {{"crypto/mls/a.cc", "#include <sodium.h>\n"},
           {"storage/vault/a.cc", "#include <sqlcipher/sqlite3.h>\n"},
           {"storage/sqlite/a.cc", "#include <sqlite3.h>\n"},
           {"server/core/a.cc", "#include <grpcpp/grpcpp.h>\n"},
           {"server/core/b.cc", "#include <openssl/x509.h>\n"},
           {"client/core/a.cc", "#include \"cordon/sealed/v1/r.pb.h\"\n"},
           {"client/core/b.cc", "#include <google/protobuf/message.h>\n"},
           {"server/core/c.cc", "#include \"cordon/wire/v1/t.pb.h\"\n"}}))),
      ElementsAre("owner client/core/a.cc:1", "owner client/core/b.cc:1",
                  "owner crypto/mls/a.cc:1", "owner server/core/a.cc:1",
                  "owner server/core/b.cc:1", "owner server/core/c.cc:1",
                  "owner storage/sqlite/a.cc:1", "owner storage/vault/a.cc:1"));
}

TEST(LayeringTest, RelayReachingTheGroupThroughAnotherHeaderIsFound) {
  const Tree tree =
      TreeWith({{"server/r.cc", "#include \"crypto/pub.h\"\n"},
                {"crypto/pub.h", "#include \"crypto/group.h\"\n"}});

  EXPECT_THAT(ReachFindings(tree), ElementsAre("reach server/r.cc:0"));
}

TEST(LayeringTest, RelayOnThePublicHalfIsAccepted) {
  const Tree tree = TreeWith({{"server/r.cc", "#include \"crypto/pub.h\"\n"},
                              {"crypto/pub.h", "#include \"crypto/b.h\"\n"}});

  EXPECT_THAT(ReachFindings(tree), IsEmpty());
}

TEST(LayeringTest, RelayLinkingTheGroupThroughAnotherTargetIsFound) {
  const Tree tree = TreeWith({{"crypto/more/CMakeLists.txt",
                               "cordon_library(between LAYER base SRCS m.h "
                               "DEPS group)\n"},
                              {"server/rpc/CMakeLists.txt",
                               "\ncordon_library(y LAYER relay_core SRCS y.cc "
                               "DEPS between)\n"}});

  EXPECT_THAT(ReachFindings(tree),
              Contains("reach server/rpc/CMakeLists.txt:2"));
}

}  // namespace
}  // namespace cordon::house
