#include "client/net/grpc_log.h"

#include <grpc/support/log.h>

namespace cordon::client {

void QuietGrpc() {
  gpr_set_log_function([](gpr_log_func_args* /*line*/) {});
}

}  // namespace cordon::client
