#include "client/files/file_trouble.h"

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::StatusIs;
using ::testing::HasSubstr;

TEST(FileTroubleTest, WhatTheSystemSaysHasItsCodeAndNamesTheFile) {
  const struct {
    int error;
    absl::StatusCode code;
  } cases[] = {{ENOENT, absl::StatusCode::kNotFound},
               {ENOTDIR, absl::StatusCode::kNotFound},
               {EACCES, absl::StatusCode::kPermissionDenied},
               {EROFS, absl::StatusCode::kPermissionDenied},
               {ENOSPC, absl::StatusCode::kResourceExhausted},
               {EFBIG, absl::StatusCode::kResourceExhausted},
               {ENAMETOOLONG, absl::StatusCode::kInvalidArgument},
               {EIO, absl::StatusCode::kUnavailable}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.error);
    const absl::Status trouble = FileTrouble(one.error, "read", "/a/b.pdf");
    EXPECT_THAT(trouble, StatusIs(one.code));
    EXPECT_THAT(std::string(trouble.message()), HasSubstr("/a/b.pdf"));
  }
}

TEST(FileTroubleTest, FullCacheSaysWhichDiskAndTheRestStaysAsItIs) {
  const absl::Status full =
      CacheTrouble(absl::ResourceExhaustedError("files: write"));
  EXPECT_THAT(full, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(std::string(full.message()), HasSubstr("profile"));

  const absl::Status other = absl::UnavailableError("files: read");
  EXPECT_EQ(CacheTrouble(other), other);
}

}  // namespace
}  // namespace cordon::client
