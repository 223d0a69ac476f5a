#include "server/core/counters.h"

namespace cordon::server {

Counters& ProcessCounters() {
  static Counters& counters = *new Counters;
  return counters;
}

}  // namespace cordon::server
