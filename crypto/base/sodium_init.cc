#include "crypto/base/sodium_init.h"

#include <sodium.h>

#include "crypto/base/check.h"

namespace cordon {

void InitSodium() {
  static const int result = sodium_init();
  CORDON_CHECK(result >= 0);
}

}  // namespace cordon
