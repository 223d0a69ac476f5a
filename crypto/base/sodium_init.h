#ifndef CORDON_CRYPTO_BASE_SODIUM_INIT_H_
#define CORDON_CRYPTO_BASE_SODIUM_INIT_H_

namespace cordon {

// InitSodium makes libsodium pick its implementations; cheap after the first
// time, any thread. Wrappers that may be called first of all call it.
void InitSodium();

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_SODIUM_INIT_H_
