#include "client/cli/secret_text.h"

#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"

namespace cordon::cli {

std::string ShownSecret(const SecretBytes& secret) {
  return ToString(secret.ExposeSecret());
}

SecretBytes TakeSecret(std::string& text) {
  const WipeOnExit wipe(text);
  return SecretBytes::Copy(AsBytes(text));
}

}  // namespace cordon::cli
