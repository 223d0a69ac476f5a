#include "storage/relay/group_store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {
namespace {

constexpr absl::string_view kForgetInfos = R"sql(
DELETE FROM group_info
 WHERE room_id = :room_id
   AND EXISTS (SELECT 1 FROM group_state AS g
                WHERE g.room_id = :room_id AND g.epoch <> :epoch)
)sql";

constexpr absl::string_view kPut = R"sql(
INSERT INTO group_state (room_id, epoch, state, tree)
VALUES (:room_id, :epoch, :state, :tree)
    ON CONFLICT (room_id) DO UPDATE
   SET epoch = excluded.epoch,
       state = excluded.state,
       tree = excluded.tree
)sql";

constexpr absl::string_view kFind = R"sql(
SELECT epoch, state, tree FROM group_state WHERE room_id = :room_id
)sql";

constexpr absl::string_view kEpochOf = R"sql(
SELECT epoch FROM group_state WHERE room_id = :room_id
)sql";

// A replaced GroupInfo becomes the newest.
constexpr absl::string_view kPutInfo = R"sql(
INSERT OR REPLACE INTO group_info (room_id, signer, info)
VALUES (:room_id, :signer, :info)
)sql";

constexpr absl::string_view kTrimInfos = R"sql(
DELETE FROM group_info
 WHERE room_id = :room_id
   AND info_id NOT IN (SELECT info_id FROM group_info
                        WHERE room_id = :room_id
                        ORDER BY info_id DESC
                        LIMIT :infos_max)
)sql";

constexpr absl::string_view kInfos = R"sql(
SELECT signer, info
  FROM group_info
 WHERE room_id = :room_id
 ORDER BY info_id DESC
)sql";

constexpr absl::string_view kAddMember = R"sql(
INSERT INTO room_member (room_id, leaf, device_id, since_seq)
VALUES (:room_id, :leaf, :device_id, :since_seq)
)sql";

constexpr absl::string_view kRemoveMember = R"sql(
DELETE FROM room_member WHERE room_id = :room_id AND leaf = :leaf
)sql";

constexpr absl::string_view kMembers = R"sql(
SELECT leaf, device_id, since_seq
  FROM room_member
 WHERE room_id = :room_id
 ORDER BY leaf
)sql";

constexpr absl::string_view kFindMember = R"sql(
SELECT leaf, device_id, since_seq
  FROM room_member
 WHERE room_id = :room_id
   AND device_id = :device_id
)sql";

constexpr absl::string_view kRoomsOf = R"sql(
SELECT room_id, leaf, since_seq
  FROM room_member
 WHERE device_id = :device_id
 ORDER BY room_id
)sql";

absl::Status NoGroup() {
  return absl::NotFoundError("groups: the room has no group");
}

}  // namespace

struct GroupStore::Statements {
  sqlite::Statement forget_infos;
  sqlite::Statement put;
  sqlite::Statement find;
  sqlite::Statement epoch_of;
  sqlite::Statement put_info;
  sqlite::Statement trim_infos;
  sqlite::Statement infos;
  sqlite::Statement add_member;
  sqlite::Statement remove_member;
  sqlite::Statement members;
  sqlite::Statement find_member;
  sqlite::Statement rooms_of;
};

absl::StatusOr<GroupStore> GroupStore::Create(sqlite::Db* db) {
  sqlite::Preparer prepare(db);
  auto sql = absl::WrapUnique(new Statements{
      .forget_infos = prepare(kForgetInfos),
      .put = prepare(kPut),
      .find = prepare(kFind),
      .epoch_of = prepare(kEpochOf),
      .put_info = prepare(kPutInfo),
      .trim_infos = prepare(kTrimInfos),
      .infos = prepare(kInfos),
      .add_member = prepare(kAddMember),
      .remove_member = prepare(kRemoveMember),
      .members = prepare(kMembers),
      .find_member = prepare(kFindMember),
      .rooms_of = prepare(kRoomsOf),
  });
  CORDON_RETURN_IF_ERROR(prepare.status());
  return GroupStore(std::move(sql));
}

GroupStore::GroupStore(std::unique_ptr<Statements> sql)
    : sql_(std::move(sql)) {}
GroupStore::GroupStore(GroupStore&&) noexcept = default;
GroupStore& GroupStore::operator=(GroupStore&&) noexcept = default;
GroupStore::~GroupStore() = default;

absl::Status GroupStore::Put(const sqlite::Transaction& /*txn*/, RoomId room,
                             const GroupState& group) {
  CORDON_RETURN_IF_ERROR(sql_->forget_infos.Start()
                             .Bind("room_id", room)
                             .Bind("epoch", group.epoch)
                             .Finish());
  return sql_->put.Start()
      .Bind("room_id", room)
      .Bind("epoch", group.epoch)
      .Bind("state", group.state)
      .Bind("tree", group.tree)
      .Finish();
}

absl::StatusOr<GroupState> GroupStore::Find(RoomId room) {
  sqlite::Run run = sql_->find.Start();
  run.Bind("room_id", room);
  GroupState group;
  CORDON_ASSIGN_OR_RETURN(const bool row,
                          run.Next(group.epoch, group.state, group.tree));
  if (!row) return NoGroup();
  return group;
}

absl::Status GroupStore::PutInfo(const sqlite::Transaction& /*txn*/,
                                 RoomId room, Epoch epoch,
                                 const StoredGroupInfo& info) {
  Epoch current;
  {
    sqlite::Run run = sql_->epoch_of.Start();
    run.Bind("room_id", room);
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Next(current));
    if (!row) return NoGroup();
  }
  if (epoch != current) {
    return absl::AbortedError("groups: a GroupInfo of another epoch");
  }
  CORDON_RETURN_IF_ERROR(sql_->put_info.Start()
                             .Bind("room_id", room)
                             .Bind("signer", info.signer)
                             .Bind("info", info.info)
                             .Finish());
  return sql_->trim_infos.Start()
      .Bind("room_id", room)
      .Bind("infos_max", kGroupInfosMax)
      .Finish();
}

absl::StatusOr<std::vector<StoredGroupInfo>> GroupStore::Infos(RoomId room) {
  sqlite::Run run = sql_->infos.Start();
  run.Bind("room_id", room);
  std::vector<StoredGroupInfo> infos;
  while (true) {
    StoredGroupInfo info;
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Next(info.signer, info.info));
    if (!row) return infos;
    infos.push_back(std::move(info));
  }
}

absl::Status GroupStore::AddMember(const sqlite::Transaction& /*txn*/,
                                   RoomId room, const Member& member) {
  return sql_->add_member.Start()
      .Bind("room_id", room)
      .Bind("leaf", member.leaf)
      .Bind("device_id", member.device)
      .Bind("since_seq", member.since)
      .Finish();
}

absl::Status GroupStore::RemoveMember(const sqlite::Transaction& /*txn*/,
                                      RoomId room, uint32_t leaf) {
  sqlite::Run run = sql_->remove_member.Start();
  CORDON_RETURN_IF_ERROR(run.Bind("room_id", room).Bind("leaf", leaf).Finish());
  if (run.Changes() == 0) {
    return absl::NotFoundError("groups: nobody has that leaf");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Member>> GroupStore::Members(RoomId room) {
  sqlite::Run run = sql_->members.Start();
  run.Bind("room_id", room);
  std::vector<Member> members;
  while (true) {
    Member member;
    CORDON_ASSIGN_OR_RETURN(const bool row,
                            run.Next(member.leaf, member.device, member.since));
    if (!row) return members;
    members.push_back(member);
  }
}

absl::StatusOr<std::optional<Member>> GroupStore::FindMember(RoomId room,
                                                             DeviceId device) {
  sqlite::Run run = sql_->find_member.Start();
  run.Bind("room_id", room).Bind("device_id", device);
  Member member;
  CORDON_ASSIGN_OR_RETURN(const bool row,
                          run.Next(member.leaf, member.device, member.since));
  if (!row) return std::nullopt;
  return member;
}

absl::StatusOr<std::vector<Membership>> GroupStore::RoomsOf(DeviceId device) {
  sqlite::Run run = sql_->rooms_of.Start();
  run.Bind("device_id", device);
  std::vector<Membership> rooms;
  while (true) {
    Membership membership;
    CORDON_ASSIGN_OR_RETURN(
        const bool row,
        run.Next(membership.room, membership.leaf, membership.since));
    if (!row) return rooms;
    rooms.push_back(membership);
  }
}

}  // namespace cordon::relay
