#ifndef CORDON_TESTS_SUPPORT_GRPC_MATCHERS_H_
#define CORDON_TESTS_SUPPORT_GRPC_MATCHERS_H_

// Matchers for what a call to a relay ended with.
//
//   EXPECT_THAT(client.Append(request, seq), HasCode(grpc::OK));
//   EXPECT_THAT(status, Refuses(grpc::ABORTED, "another epoch"));

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

namespace cordon::testing {

MATCHER_P(HasCode, code, absl::StrCat("has gRPC code ", code)) {
  *result_listener << "whose code is " << arg.error_code() << ": "
                   << arg.error_message();
  return arg.error_code() == code;
}
// The sentence that the caller reads.
MATCHER_P2(Refuses, code, words, absl::StrCat("refuses with: ", words)) {
  *result_listener << "whose code is " << arg.error_code() << ": "
                   << arg.error_message();
  return arg.error_code() == code &&
         arg.error_message().find(words) != std::string::npos;
}

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_GRPC_MATCHERS_H_
