#ifndef CORDON_TESTS_SUPPORT_TEMP_VAULT_H_
#define CORDON_TESTS_SUPPORT_TEMP_VAULT_H_

// A real vault in a folder of its own, quick to make: the passphrase costs next
// to nothing.
//
//   TempVault vault;
//   ASSERT_OK(vault->Update(…));
//   vault.Reopen();                      // what a crash would have left
//   EXPECT_THAT(vault.Read([](const VaultTxn& txn) {
//                 return txn.rooms().GetRoom(kRoom);
//               }), IsOkAndHolds(…));

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "crypto/base/secret.h"
#include "crypto/prim/pwhash.h"
#include "storage/vault/vault.h"
#include "tests/support/temp_folder.h"

namespace cordon::testing {

inline constexpr PwhashCost kCheapCost{.passes = 1,
                                       .memory_bytes = uint64_t{8} * 1024};

SecretBytes Passphrase(absl::string_view text);

class TempVault {
 public:
  // `file_layer` as in VaultOptions: a disk that fails (faulty_vfs.h).
  explicit TempVault(std::string file_layer = "");

  vault::Vault* operator->() { return vault_.get(); }
  vault::Vault& operator*() { return *vault_; }

  vault::VaultOptions options() const {
    return {.folder = folder_.path(),
            .cost = kCheapCost,
            .file_layer = file_layer_};
  }
  std::string File(absl::string_view name) const { return folder_.File(name); }

  void Close() { vault_ = nullptr; }
  void Reopen();

  // Read gives what `read`(const VaultTxn&) gives: a StatusOr.
  template <typename Fn>
  auto Read(Fn read) {
    decltype(read(std::declval<const vault::VaultTxn&>())) result =
        absl::UnknownError("not read");
    vault_
        ->Read([&](const vault::VaultTxn& txn) {
          result = read(txn);
          return absl::OkStatus();
        })
        .IgnoreError();
    return result;
  }

 private:
  const std::string file_layer_;
  TempFolder folder_;
  std::unique_ptr<vault::Vault> vault_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_TEMP_VAULT_H_
