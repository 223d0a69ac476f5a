#include "server/rpc/reflection.h"

#include <dlfcn.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace cordon::server {

absl::Status LoadReflection() {
  // Never unloaded: the server calls it to its end.
  if (dlopen(CORDON_REFLECTION_LIBRARY, RTLD_NOW | RTLD_LOCAL) != nullptr) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("--reflection needs the library ", CORDON_REFLECTION_LIBRARY,
                   ", which cannot be loaded"));
}

}  // namespace cordon::server
