#include "tests/bench/sync_log.h"

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

#include "client/core/content.h"
#include "client/core/group_shelf.h"
#include "client/core/model/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/mls/group.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/record_header.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault_txn.h"
#include "tests/bench/process_usage.h"
#include "tests/support/client_room.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_rooms.h"
#include "tests/support/must.h"

namespace cordon::bench {
namespace {

using testing::Must;

// Of a record's text: with header, signature and chain, 1 to 2 KiB sealed.
constexpr size_t kTextBytes = 200;

constexpr uint64_t kRecords = 10'000;

}  // namespace

UnreadLog::UnreadLog(uint64_t records, const testing::FakeClock& clock)
    : records_(records),
      room_(policy::RoomKind::kChannel, {testing::kChief, testing::kAlice}, "",
            clock),
      end_{Cursor().value + records} {
  Fill();
}

LogSeq UnreadLog::Cursor() {
  return Must(room_.client(kSyncReader)
                  .vault()
                  .Read([this](const vault::VaultTxn& txn) {
                    return txn.rooms().GetRoom(room_.id());
                  }))
      .cursor.seq;
}

bool UnreadLog::IsRead() {
  return Cursor() >= end_;
}

void UnreadLog::Fill() {
  mls::Group group = Must(room_.client(kSyncSender)
                              .vault()
                              .Read([this](const vault::VaultTxn& txn) {
                                return client::LoadGroup(txn, room_.id());
                              }));
  record::RecordHeader header =
      room_.Header(kSyncSender, policy::RecordKind::kText, 1);
  const testing::FakeCall call{.caller = room_.device_id(kSyncSender),
                               .now = room_.clock().Now()};
  for (uint64_t i = 1; i <= records_; ++i) {
    header.id = RecordId::Random(room_.pki().random());
    header.counter = record::AuthorCounter{i};
    const Bytes signed_bytes = room_.Sign(
        kSyncSender,
        {.header = header,
         .content = client::Text{.body = std::string(kTextBytes, 'x')}});
    mls::SealedMessage sealed =
        Must(group.Seal(signed_bytes, {}, room_.pki().random()));
    sealed_bytes_ = sealed.message.size();
    Must(room_.world().rooms.Append(
        call, {.room = room_.id(),
               .envelope = EnvelopeId::Random(room_.pki().random()),
               .epoch = sealed.epoch,
               .sealed = std::move(sealed.message)}));
  }
}

void UnreadLog::Measure(absl::FunctionRef<void()> read) {
  const Usage usage = UsageOf(getpid(), read);
  CORDON_CHECK(IsRead());
  CORDON_CHECK(room_.RefusalsAt(kSyncReader).empty());
  const auto all = static_cast<double>(records_);
  std::printf(
      "%.0f records of %zu B sealed: %.2f s, %.0f records/s, %.0f us of CPU "
      "each\n",
      all, sealed_bytes_, usage.seconds, all / usage.seconds,
      absl::ToDoubleMicroseconds(usage.cpu) / all);
}

uint64_t RecordsIn(int argc, char** argv) {
  return argc > 1 ? std::strtoull(argv[1], nullptr, 10) : kRecords;
}

}  // namespace cordon::bench
