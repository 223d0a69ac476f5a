#include "client/net/grpc_log.h"

#include <grpc/support/log.h>

#include <cstdlib>

namespace cordon::client {

void QuietGrpc() {
  if (std::getenv("GRPC_VERBOSITY") != nullptr) return;
  gpr_set_log_function([](gpr_log_func_args* /*line*/) {});
}

}  // namespace cordon::client
