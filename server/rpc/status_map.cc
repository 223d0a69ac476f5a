#include "server/rpc/status_map.h"

#include <grpcpp/support/status.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"

#include "server/core/counters.h"

namespace cordon::server {

namespace {

grpc::Status Convert(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return grpc::Status::OK;
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      // What is wrong inside is the operator's to know; the log has it.
      return {static_cast<grpc::StatusCode>(status.code()),
              "the relay has a fault; tell its operator"};
    default:
      return {static_cast<grpc::StatusCode>(status.code()),
              std::string(status.message())};
  }
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  grpc::Status answer = Convert(status);
  ++ProcessCounters().calls_ended.at(static_cast<size_t>(answer.error_code()));
  return answer;
}

}  // namespace cordon::server
