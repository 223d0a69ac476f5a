// first_sync [RECORDS]: a device that has been away reads a room's log of so
// many records, until each is opened, verified and stored. The real client core
// and a real vault on disk; the relay is the tests' one in memory
// (tests/support/fake_relay.h), so neither network nor TLS is in it.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/core/content.h"
#include "client/core/delivery_types.h"
#include "client/core/group_shelf.h"
#include "client/core/model/record.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/lock_checks.h"
#include "crypto/mls/group.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/record_header.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/bench/process_usage.h"
#include "tests/support/client_room.h"
#include "tests/support/fake_rooms.h"

namespace cordon::bench {
namespace {

using testing::ClientRoom;

constexpr uint64_t kRecords = 10'000;
// Of a record's text: with header, signature and chain, 1 to 2 KiB sealed.
constexpr size_t kTextBytes = 200;
constexpr size_t kSender = 0;
constexpr size_t kReader = 1;

template <typename T>
T Must(absl::StatusOr<T> value) {
  CORDON_CHECK(value.ok());
  return *std::move(value);
}

LogSeq CursorOf(ClientRoom& room) {
  return Must(
             room.client(kReader).vault().Read([&](const vault::VaultTxn& txn) {
               return txn.rooms().GetRoom(room.id());
             }))
      .cursor.seq;
}

// Fill appends `records` as the sender would; the bytes of the last one.
size_t Fill(ClientRoom& room, uint64_t records) {
  mls::Group group =
      Must(room.client(kSender).vault().Read([&](const vault::VaultTxn& txn) {
        return client::LoadGroup(txn, room.id());
      }));
  record::RecordHeader header =
      room.Header(kSender, policy::RecordKind::kText, 1);
  const testing::FakeCall call{.caller = room.device_id(kSender),
                               .now = room.clock().Now()};
  size_t sealed_bytes = 0;
  for (uint64_t i = 1; i <= records; ++i) {
    header.id = RecordId::Random(room.pki().random());
    header.counter = record::AuthorCounter{i};
    const Bytes signed_bytes = room.Sign(
        kSender,
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

int Run(uint64_t records) {
  ClientRoom room(policy::RoomKind::kChannel,
                  {"ocu.authority/chief/desk", "fr.customs/alice/laptop"});
  const LogSeq before = CursorOf(room);
  const size_t sealed_bytes = Fill(room, records);
  const LogSeq end{before.value + records};
  const int64_t start = Ticks();
  const double cpu = absl::ToDoubleSeconds(CpuTime(getpid()));
  while (CursorOf(room) < end) room.client(kReader).Step();
  const double seconds = static_cast<double>(Ticks() - start) / 1e9;
  CORDON_CHECK(room.RefusalsAt(kReader).empty());
  const auto all = static_cast<double>(records);
  std::printf(
      "%.0f records of %zu B sealed: %.2f s, %.0f records/s, %.0f us of CPU "
      "each\n",
      all, sealed_bytes, seconds, all / seconds,
      (absl::ToDoubleSeconds(CpuTime(getpid())) - cpu) * 1e6 / all);
  return 0;
}

}  // namespace
}  // namespace cordon::bench

int main(int argc, char** argv) {
  cordon::SkipLockChecks();
  const uint64_t records =
      argc > 1 ? std::strtoull(argv[1], nullptr, 10) : cordon::bench::kRecords;
  return cordon::bench::Run(records);
}
