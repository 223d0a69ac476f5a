#include "client/core/awaited.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

std::string AwaitedSetting(RoomId room) {
  return absl::StrCat("awaited/", ToHex(room.span()));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> AwaitedIn(const vault::VaultTxn& txn,
                                                   RoomId room) {
  const absl::StatusOr<Bytes> setting =
      txn.identity().GetSetting(AwaitedSetting(room));
  if (absl::IsNotFound(setting.status())) return std::vector<std::string>();
  CORDON_RETURN_IF_ERROR(setting.status());
  std::vector<std::string> names =
      absl::StrSplit(AsText(*setting), '\n', absl::SkipEmpty());
  return names;
}

absl::Status SetAwaited(vault::VaultTxn& txn, RoomId room,
                        const std::vector<std::string>& organisations) {
  if (!organisations.empty()) {
    return txn.identity().PutSetting(
        AwaitedSetting(room), AsBytes(absl::StrJoin(organisations, "\n")));
  }
  return txn.identity().EraseSetting(AwaitedSetting(room));
}

}  // namespace cordon::client
