#include "tests/support/temp_vault.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"
#include "storage/vault/vault.h"
#include "tests/support/seeded_random.h"

namespace cordon::testing {
namespace {

constexpr absl::string_view kPassphrase = "passphrase";

}  // namespace

SecretBytes Passphrase(absl::string_view text) {
  return SecretBytes::Copy(AsBytes(text));
}

TempVault::TempVault(std::string file_layer)
    : file_layer_(std::move(file_layer)) {
  SeededRandom random(1);
  auto created =
      vault::Vault::Create(options(), Passphrase(kPassphrase), random);
  CORDON_CHECK(created.ok());
  vault_ = *std::move(created);
}

void TempVault::Reopen() {
  Close();
  auto opened = vault::Vault::Open(options(), Passphrase(kPassphrase));
  CORDON_CHECK(opened.ok());
  vault_ = *std::move(opened);
}

}  // namespace cordon::testing
