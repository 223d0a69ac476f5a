// Whether a stranger may ask a real cordond what it can be asked.

#include <grpcpp/support/status.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/raw_call.h"
#include "tests/support/relay_process.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kMethod[] =
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
// ServerReflectionRequest { list_services = "*" }.
constexpr char kListServices[] = "\x3a\x01*";

TEST(ReflectionTest, NobodyIsToldWithoutTheFlag) {
  RelayProcess relay;
  relay.Start();

  RawCall call(relay, kMethod, kListServices);

  EXPECT_THAT(call.Read(), IsEmpty());
  EXPECT_EQ(call.Finish().error_code(), grpc::UNIMPLEMENTED);
}

TEST(ReflectionTest, ServicesAreToldWithTheFlag) {
  RelayProcess relay;
  relay.Start({"--reflection"});

  RawCall call(relay, kMethod, kListServices);

  EXPECT_THAT(call.Read(), HasSubstr("cordon.wire.v1.Delivery"));
  EXPECT_EQ(call.Finish().error_code(), grpc::OK);
}

}  // namespace
}  // namespace cordon::testing
