// The house rules on the tree as it stands. What each rule says, and that it
// catches what it should, is in the other tests of this folder.

#include <iostream>
#include <string>

#include "gtest/gtest.h"

#include "tests/house/allowed.h"
#include "tests/house/bans.h"
#include "tests/house/build_files.h"
#include "tests/house/finding.h"
#include "tests/house/guards.h"
#include "tests/house/layering.h"
#include "tests/house/lengths.h"
#include "tests/house/registration.h"
#include "tests/house/source.h"
#include "tests/house/texts.h"
#include "tests/house/tree.h"

namespace cordon::house {
namespace {

const Tree& TheTree() {
  static const Tree& tree = *new Tree(Tree::Load(Tree::Root()));
  return tree;
}

Findings RunAllRules(const Tree& tree) {
  const BuildFiles build = BuildFiles::Read(tree);
  Findings all;
  for (const Findings& findings :
       {CheckLayers(tree, build), CheckOwners(tree),
        CheckRelayReach(tree, build), CheckBans(tree), CheckMacros(tree),
        CheckNolint(tree), CheckLengths(tree), CheckHeaderComments(tree),
        CheckCryptoTests(tree), CheckTargets(tree, build),
        CheckTestsRun(tree, build), CheckMirror(tree), CheckSwitchedOff(tree),
        CheckGuards(tree), CheckOwnHeaderFirst(tree), CheckLinks(tree),
        CheckTodos(tree)}) {
    all.insert(all.end(), findings.begin(), findings.end());
  }
  return all;
}

TEST(HouseTest, TheTreeWasRead) {
  ASSERT_FALSE(Tree::Root().empty()) << "set CORDON_SOURCE_DIR";
  const BuildFiles build = BuildFiles::Read(TheTree());

  EXPECT_NE(TheTree().Find("crypto/base/secret.h"), nullptr);
  EXPECT_TRUE(build.HasLayer("base"));
  EXPECT_TRUE(build.MayUse("prim", "base"));
  EXPECT_FALSE(build.MayUse("base", "prim"));
  EXPECT_EQ(build.OwnersOf("crypto/base/secret.h").size(), 1U);
  std::cout << Numbers(TheTree());
}

TEST(HouseTest, EveryRuleHoldsOrIsListedInAllowedTxt) {
  const Source* list = TheTree().Find("tests/house/allowed.txt");
  ASSERT_NE(list, nullptr);

  for (const Finding& finding :
       Allowed::Read(*list).Apply(RunAllRules(TheTree()))) {
    ADD_FAILURE() << finding;
  }
}

}  // namespace
}  // namespace cordon::house
