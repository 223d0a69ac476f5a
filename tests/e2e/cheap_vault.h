#ifndef CORDON_TESTS_E2E_CHEAP_VAULT_H_
#define CORDON_TESTS_E2E_CHEAP_VAULT_H_

// Vaults that open at once, so that a test may kill and start programs by the
// hundred.

#include "tests/e2e/programs.h"

namespace cordon::testing {

// MakeCheap wraps the key of a person's vault anew, at next to no cost; what is
// in the vault stays as it is. No program may have it open.
void MakeCheap(const Person& person);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_CHEAP_VAULT_H_
