#include "tests/house/build_files.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/house/tree.h"

namespace cordon::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

BuildFiles Example() {
  return BuildFiles::Read(Tree::Of({
      {"CMakeLists.txt",
       "set(CORDON_MAY_USE_base \"\")\n"
       "set(CORDON_MAY_USE_prim base)  # a comment (with parentheses)\n"
       "function(cordon_library name)\n"
       "  add_library(${name} STATIC ${ARG_SRCS})\n"
       "endfunction()\n"},
      {"crypto/prim/CMakeLists.txt",
       "set(MORE hash.cc hash.h)\n"
       "cordon_library(cordon_prim LAYER prim\n"
       "  SRCS aead.cc ${MORE}\n"
       "  DEPS cordon_base absl::status)\n"
       "target_sources(cordon_prim PRIVATE late.cc)\n"},
      {"proto/CMakeLists.txt",
       "cordon_proto(cordon_wire LAYER wire GRPC PROTOS a/b.proto)\n"},
      {"tests/CMakeLists.txt",
       "cordon_test(prim_test KIND unit THREADED\n"
       "  SRCS ${CMAKE_SOURCE_DIR}/tests/x_test.cc DEPS cordon_prim)\n"},
  }));
}

TEST(BuildFilesTest, LayersComeFromTheTable) {
  const BuildFiles build = Example();

  EXPECT_TRUE(build.HasLayer("base"));
  EXPECT_FALSE(build.HasLayer("mls"));
  EXPECT_TRUE(build.MayUse("prim", "base"));
  EXPECT_TRUE(build.MayUse("prim", "prim"));
  EXPECT_FALSE(build.MayUse("base", "prim"));
}

TEST(BuildFilesTest, SourcesAreFoundThroughVariablesAndLateAdditions) {
  const BuildFiles build = Example();

  EXPECT_THAT(build.targets().at("cordon_prim").sources,
              ElementsAre("crypto/prim/aead.cc", "crypto/prim/hash.cc",
                          "crypto/prim/hash.h"));
  EXPECT_THAT(build.OwnersOf("crypto/prim/late.cc"), SizeIs(1));
  EXPECT_THAT(build.OwnersOf("tests/x_test.cc"), SizeIs(1));
  EXPECT_THAT(build.OwnersOf("crypto/prim/other.cc"), IsEmpty());
}

TEST(BuildFilesTest, GeneratedHeadersBelongToTheirProtoTarget) {
  const BuildFiles build = Example();

  ASSERT_THAT(build.OwnersOf("a/b.pb.h"), SizeIs(1));
  EXPECT_EQ(build.OwnersOf("a/b.grpc.pb.h")[0]->layer, "wire");
}

TEST(BuildFilesTest, LinkClosureFollowsOurTargetsOnly) {
  EXPECT_THAT(Example().LinkClosure("prim_test"),
              ElementsAre("cordon_prim", "prim_test"));
}

TEST(BuildFilesTest, CommandsThatDefineOtherCommandsMakeNoTargets) {
  EXPECT_THAT(Example().targets(), SizeIs(3));
}

}  // namespace
}  // namespace cordon::house
