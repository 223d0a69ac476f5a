#include "storage/relay/inbox_store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/relay/read_limits.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {
namespace {

constexpr absl::string_view kPutShared = R"sql(
INSERT INTO shared_payload (payload) VALUES (:payload) RETURNING shared_id
)sql";

constexpr absl::string_view kReadShared = R"sql(
SELECT payload FROM shared_payload WHERE shared_id = :shared_id
)sql";

constexpr absl::string_view kPut = R"sql(
INSERT INTO inbox_item (device_id, kind, payload)
VALUES (:device_id, :kind, :payload)
RETURNING item_id
)sql";

constexpr absl::string_view kRefer = R"sql(
INSERT INTO inbox_shared (item_id, shared_id) VALUES (:item_id, :shared_id)
)sql";

// Shared payloads are numbered from 1; 0 stands for none.
constexpr absl::string_view kTakeAfter = R"sql(
SELECT i.item_id, i.kind, i.payload, ifnull(s.shared_id, 0)
  FROM inbox_item AS i
  LEFT JOIN inbox_shared AS s ON s.item_id = i.item_id
 WHERE i.device_id = :device_id
   AND i.item_id > :after
 ORDER BY i.item_id
 LIMIT :entries_max
)sql";

constexpr absl::string_view kAck = R"sql(
DELETE FROM inbox_item WHERE device_id = :device_id AND item_id <= :through
)sql";

constexpr absl::string_view kForgetShared = R"sql(
DELETE FROM shared_payload
 WHERE NOT EXISTS (SELECT 1 FROM inbox_shared AS s
                    WHERE s.shared_id = shared_payload.shared_id)
)sql";

constexpr absl::string_view kCount = R"sql(
SELECT count(*) FROM inbox_item WHERE device_id = :device_id
)sql";

}  // namespace

struct InboxStore::Statements {
  sqlite::Statement put_shared;
  sqlite::Statement read_shared;
  sqlite::Statement put;
  sqlite::Statement refer;
  sqlite::Statement take_after;
  sqlite::Statement ack;
  sqlite::Statement forget_shared;
  sqlite::Statement count;
};

absl::StatusOr<InboxStore> InboxStore::Create(sqlite::Db* db) {
  sqlite::Preparer prepare(db);
  auto sql = absl::WrapUnique(new Statements{
      .put_shared = prepare(kPutShared),
      .read_shared = prepare(kReadShared),
      .put = prepare(kPut),
      .refer = prepare(kRefer),
      .take_after = prepare(kTakeAfter),
      .ack = prepare(kAck),
      .forget_shared = prepare(kForgetShared),
      .count = prepare(kCount),
  });
  CORDON_RETURN_IF_ERROR(prepare.status());
  return InboxStore(std::move(sql));
}

InboxStore::InboxStore(std::unique_ptr<Statements> sql)
    : sql_(std::move(sql)) {}
InboxStore::InboxStore(InboxStore&&) noexcept = default;
InboxStore& InboxStore::operator=(InboxStore&&) noexcept = default;
InboxStore::~InboxStore() = default;

absl::StatusOr<SharedPayloadId> InboxStore::PutShared(
    const sqlite::Transaction& /*txn*/, ByteSpan payload) {
  sqlite::Run run = sql_->put_shared.Start();
  run.Bind("payload", payload);
  SharedPayloadId shared;
  CORDON_RETURN_IF_ERROR(run.Next(shared).status());
  return shared;
}

absl::StatusOr<Bytes> InboxStore::ReadShared(SharedPayloadId shared) {
  sqlite::Run run = sql_->read_shared.Start();
  run.Bind("shared_id", shared);
  Bytes payload;
  CORDON_ASSIGN_OR_RETURN(const bool row, run.Next(payload));
  if (!row) return absl::NotFoundError("inbox: no such shared payload");
  return payload;
}

absl::StatusOr<InboxItemId> InboxStore::Put(const sqlite::Transaction& /*txn*/,
                                            const NewInboxItem& item) {
  InboxItemId id;
  {
    sqlite::Run run = sql_->put.Start();
    run.Bind("device_id", item.device)
        .Bind("kind", item.kind)
        .Bind("payload", item.payload);
    CORDON_RETURN_IF_ERROR(run.Next(id).status());
  }
  if (item.shared.has_value()) {
    CORDON_RETURN_IF_ERROR(sql_->refer.Start()
                               .Bind("item_id", id)
                               .Bind("shared_id", *item.shared)
                               .Finish());
  }
  return id;
}

absl::StatusOr<std::vector<InboxItem>> InboxStore::TakeAfter(
    DeviceId device, InboxItemId after, const ReadLimits& limits) {
  sqlite::Run run = sql_->take_after.Start();
  run.Bind("device_id", device)
      .Bind("after", after)
      .Bind("entries_max", limits.entries_max);
  std::vector<InboxItem> items;
  size_t bytes = 0;
  while (true) {
    InboxItem item;
    SharedPayloadId shared;
    CORDON_ASSIGN_OR_RETURN(const bool row,
                            run.Next(item.id, item.kind, item.payload, shared));
    if (!row) return items;
    if (shared.value != 0) item.shared = shared;
    bytes += item.payload.size();
    if (bytes > limits.bytes_max && !items.empty()) return items;
    items.push_back(std::move(item));
  }
}

absl::Status InboxStore::Ack(const sqlite::Transaction& /*txn*/,
                             DeviceId device, InboxItemId through) {
  sqlite::Run run = sql_->ack.Start();
  CORDON_RETURN_IF_ERROR(
      run.Bind("device_id", device).Bind("through", through).Finish());
  if (run.Changes() == 0) return absl::OkStatus();
  return sql_->forget_shared.Start().Finish();
}

absl::StatusOr<uint64_t> InboxStore::Count(DeviceId device) {
  sqlite::Run run = sql_->count.Start();
  run.Bind("device_id", device);
  uint64_t count = 0;
  CORDON_RETURN_IF_ERROR(run.Next(count).status());
  return count;
}

}  // namespace cordon::relay
