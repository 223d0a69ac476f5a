#include "tests/house/texts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/rule_matchers.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LinksTest, LinksThatLeadSomewhereAreAccepted) {
  EXPECT_THAT(CheckLinks(Tree::Of({
                  {"README.md",
                   "# Where to start, and how\n"
                   "[a](crypto/README.md) [b](crypto) [c](crypto/)\n"
                   "[d](#where-to-start-and-how) [e](https://example.org/x)\n"
                   "```\n"
                   "[an example](nowhere.md)\n"
                   "```\n"},
                  {"crypto/README.md", "[up](../README.md) [here](.)\n"},
              })),
              IsEmpty());
}

TEST(LinksTest, MissingFilesAndHeadingsAreFound) {
  EXPECT_THAT(Where(CheckLinks(Tree::Of({
                  {"README.md",
                   "# Title\n"
                   "[a](gone.md)\n"
                   "[b](#no-such-heading)\n"
                   "[c](crypto/README.md#gone)\n"},
                  {"crypto/README.md", "[up](README2.md)\n"},
              }))),
              ElementsAre("link README.md:2", "link README.md:3",
                          "link README.md:4", "link crypto/README.md:1"));
}

TEST(TodosTest, OneWithAnIssueIsAccepted) {
  EXPECT_THAT(CheckTodos(Tree::Of({
                  {"crypto/a.cc", "// TODO(#12): faster\nf(\"TODO\");\n"},
              })),
              IsEmpty());
}

TEST(TodosTest, OneWithoutIsFoundInCodeScriptsAndTexts) {
  EXPECT_THAT(Where(CheckTodos(Tree::Of({
                  {"README.md", "\nFIXME\n"},
                  {"crypto/a.cc", "int a;  // TODO: faster\n"},
                  {"script/test", "# TODO(me): faster\n"},
              }))),
              ElementsAre("todo README.md:2", "todo crypto/a.cc:1",
                          "todo script/test:1"));
}

}  // namespace
}  // namespace cordon::house
