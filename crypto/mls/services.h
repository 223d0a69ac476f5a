#ifndef CORDON_CRYPTO_MLS_SERVICES_H_
#define CORDON_CRYPTO_MLS_SERVICES_H_

// What a group asks of the world around it. Borrowed for one call.

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/psk_secret.h"

namespace cordon::mls {

struct Services {
  const CredentialChecker& checker;
  const Clock& clock;
  RandomSource& random;
  // Keys of the application, and of epochs that the group no longer has.
  const PskLookup& psks = NoPsks();

  CheckAt Entering() const {
    return {.instant = clock.Now(), .standing = CheckAt::Standing::kEntering};
  }
  CheckAt Standing() const {
    return {.instant = clock.Now(), .standing = CheckAt::Standing::kStanding};
  }
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_SERVICES_H_
