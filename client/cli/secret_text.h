#ifndef CORDON_CLIENT_CLI_SECRET_TEXT_H_
#define CORDON_CLIENT_CLI_SECRET_TEXT_H_

// The one place of this program where a secret becomes text or text a secret:
// an invitation is made to be handed on, and comes back as words.
// Threads: pure functions.

#include <string>

#include "crypto/base/secret.h"

namespace cordon::cli {

// ShownSecret is for the person or program that asked for an invitation; the
// copy on its way to the screen is not wiped.
std::string ShownSecret(const SecretBytes& secret);

// TakeSecret moves the text into a secret and wipes it where it stood.
SecretBytes TakeSecret(std::string& text);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_SECRET_TEXT_H_
