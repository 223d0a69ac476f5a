#include "tests/bench/sync_log.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "client/core/content.h"
#include "client/core/group_shelf.h"
#include "client/core/model/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/mls/group.h"
#include "crypto/policy/record_kind.h"
#include "crypto/record/record_header.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/support/client_room.h"
#include "tests/support/fake_rooms.h"
#include "tests/support/must.h"

namespace cordon::bench {
namespace {

using testing::ClientRoom;
using testing::Must;

// Of a record's text: with header, signature and chain, 1 to 2 KiB sealed.
constexpr size_t kTextBytes = 200;

}  // namespace

LogSeq CursorOf(ClientRoom& room) {
  return Must(room.client(kSyncReader)
                  .vault()
                  .Read([&](const vault::VaultTxn& txn) {
                    return txn.rooms().GetRoom(room.id());
                  }))
      .cursor.seq;
}

size_t FillLog(ClientRoom& room, uint64_t records) {
  mls::Group group = Must(
      room.client(kSyncSender).vault().Read([&](const vault::VaultTxn& txn) {
        return client::LoadGroup(txn, room.id());
      }));
  record::RecordHeader header =
      room.Header(kSyncSender, policy::RecordKind::kText, 1);
  const testing::FakeCall call{.caller = room.device_id(kSyncSender),
                               .now = room.clock().Now()};
  size_t sealed_bytes = 0;
  for (uint64_t i = 1; i <= records; ++i) {
    header.id = RecordId::Random(room.pki().random());
    header.counter = record::AuthorCounter{i};
    const Bytes signed_bytes = room.Sign(
        kSyncSender,
        {.header = header,
         .content = client::Text{.body = std::string(kTextBytes, 'x')}});
    mls::SealedMessage sealed =
        Must(group.Seal(signed_bytes, {}, room.pki().random()));
    sealed_bytes = sealed.message.size();
    Must(room.world().rooms.Append(
        call, {.room = room.id(),
               .envelope = EnvelopeId::Random(room.pki().random()),
               .epoch = sealed.epoch,
               .sealed = std::move(sealed.message)}));
  }
  return sealed_bytes;
}

void PrintSync(const SyncCost& cost) {
  const auto all = static_cast<double>(cost.records);
  std::printf(
      "%.0f records of %zu B sealed: %.2f s, %.0f records/s, %.0f us of CPU "
      "each\n",
      all, cost.sealed_bytes, cost.seconds, all / cost.seconds,
      cost.cpu_seconds * 1e6 / all);
}

}  // namespace cordon::bench
