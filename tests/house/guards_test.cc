#include "tests/house/guards.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/rule_matchers.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(GuardsTest, TheGuardIsThePath) {
  EXPECT_EQ(GuardOf("crypto/mls/group.h"), "CORDON_CRYPTO_MLS_GROUP_H_");
}

TEST(GuardsTest, AGuardOfThePathIsAccepted) {
  EXPECT_THAT(CheckGuards(Tree::Of({{"crypto/a.h",
                                     "#ifndef CORDON_CRYPTO_A_H_\n"
                                     "#define CORDON_CRYPTO_A_H_\n"
                                     "\n"
                                     "#endif  // CORDON_CRYPTO_A_H_\n"}})),
              IsEmpty());
}

TEST(GuardsTest, AnotherPathsGuardAndNoneAreFound) {
  EXPECT_THAT(Where(CheckGuards(Tree::Of({
                  {"crypto/b.h",
                   "#ifndef CORDON_CRYPTO_A_H_\n"
                   "#define CORDON_CRYPTO_A_H_\n"
                   "#endif  // CORDON_CRYPTO_A_H_\n"},
                  {"crypto/c.h", "#pragma once\n"},
              }))),
              ElementsAre("guard crypto/b.h:1", "guard crypto/c.h:1"));
}

TEST(OwnHeaderTest, FirstIsAccepted) {
  EXPECT_THAT(CheckOwnHeaderFirst(Tree::Of({
                  {"crypto/a.h", ""},
                  {"crypto/a.cc", "#include \"crypto/a.h\"\n#include <b>\n"},
                  {"crypto/alone.cc", "#include <b>\n"},
              })),
              IsEmpty());
}

TEST(OwnHeaderTest, LaterOrMissingIsFound) {
  EXPECT_THAT(
      Where(CheckOwnHeaderFirst(Tree::Of({
          {"crypto/a.h", ""},
          {"crypto/a.cc", "#include <b>\n#include \"crypto/a.h\"\n"},
          {"crypto/c.h", ""},
          {"crypto/c.cc", "int c;\n"},
      }))),
      ElementsAre("own-header crypto/a.cc:1", "own-header crypto/c.cc:1"));
}

}  // namespace
}  // namespace cordon::house
