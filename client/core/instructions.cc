#include "client/core/instructions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "client/core/command.h"
#include "client/core/composer.h"
#include "client/core/event.h"
#include "client/core/findings.h"
#include "client/core/group_shelf.h"
#include "client/core/instruction_rules.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/instruction.h"
#include "client/core/model/record.h"
#include "client/core/operation_rows.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/room_members.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/mls/group.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/prim/hash.h"
#include "storage/vault/outbox.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr auto kInstructionKind =
    static_cast<uint32_t>(policy::RecordKind::kInstruction);
constexpr auto kAckKind = static_cast<uint32_t>(policy::RecordKind::kAck);
constexpr char kInstructionsRoom[] = "instructions";

bool IsKind(const vault::Room& room, policy::RoomKind kind) {
  return room.kind == static_cast<uint32_t>(kind);
}

bool IsJoined(const vault::Room& room) {
  return room.state == vault::RoomState::kJoined;
}

absl::StatusOr<vault::Room> FindTarget(const vault::VaultTxn& txn,
                                       const std::string& target) {
  const std::string name = absl::StrContains(target, '/')
                               ? target
                               : absl::StrCat(target, "/", kInstructionsRoom);
  CORDON_ASSIGN_OR_RETURN(vault::Room room, FindRoom(txn, name));
  if (IsKind(room, policy::RoomKind::kBroadcast)) return room;
  return absl::InvalidArgumentError(absl::StrCat(
      name, " is not a broadcast room; instructions go into one, as in ",
      "OPERATION/instructions"));
}

// The rooms of an operation that instructions may lie in, `first` first.
absl::StatusOr<std::vector<vault::Room>> RoomsLike(const vault::VaultTxn& txn,
                                                   const vault::Room& first) {
  std::vector<vault::Room> rooms = {first};
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> all,
                          txn.rooms().ListRooms(first.operation));
  for (const vault::Room& room : all) {
    if (room.id == first.id || !IsJoined(room)) continue;
    if (IsKind(room, policy::RoomKind::kIntake)) rooms.push_back(room);
  }
  return rooms;
}

// One more than the highest number, sent or waiting.
absl::StatusOr<uint32_t> NextNumber(const vault::VaultTxn& txn, RoomId room) {
  uint32_t highest = 0;
  const auto see = [&highest](const Content& content) {
    const auto* const one = std::get_if<Instruction>(&content);
    if (one != nullptr) highest = std::max(highest, one->number);
  };
  CORDON_ASSIGN_OR_RETURN(
      const std::vector<vault::StoredRecord> sent,
      ReadAll(txn, {.room = room, .kind = kInstructionKind}));
  for (const vault::StoredRecord& stored : sent) {
    CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseStored(stored));
    see(body.content);
  }
  CORDON_ASSIGN_OR_RETURN(const std::vector<vault::OutboxRow> waiting,
                          WaitingIn(txn, room, kInstructionKind));
  for (const vault::OutboxRow& row : waiting) {
    CORDON_ASSIGN_OR_RETURN(const RecordView view, ViewOf(txn, row));
    see(view.content);
  }
  return highest + 1;
}

// An instruction as it stands in one room.
struct FoundInstruction {
  vault::Room room;
  vault::StoredRecord stored;
  Instruction content;
};

absl::StatusOr<FoundInstruction> FindInstruction(const vault::VaultTxn& txn,
                                                 const std::string& name) {
  CORDON_ASSIGN_OR_RETURN(const vault::RecordName found, FindRecord(txn, name));
  FoundInstruction one;
  absl::StatusOr<vault::StoredRecord> stored = txn.records().GetRecord(found);
  if (absl::IsNotFound(stored.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, " has not reached the relay yet"));
  }
  CORDON_RETURN_IF_ERROR(stored.status());
  one.stored = *std::move(stored);
  CORDON_ASSIGN_OR_RETURN(one.room, txn.rooms().GetRoom(found.room));
  CORDON_ASSIGN_OR_RETURN(RecordBody body, ParseStored(one.stored));
  auto* const content = std::get_if<Instruction>(&body.content);
  if (content == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat(name,
                     " is not an instruction; there is nothing to "
                     "acknowledge"));
  }
  one.content = std::move(*content);
  return one;
}

// The same instruction as it stands in this room, if it is there. Numbers and
// titles of different instructions may agree: each broadcast room counts anew.
absl::StatusOr<std::optional<vault::StoredRecord>> FindTwin(
    const vault::VaultTxn& txn, const vault::Room& room,
    const FoundInstruction& original) {
  if (room.id == original.room.id) return original.stored;
  CORDON_ASSIGN_OR_RETURN(
      std::vector<vault::StoredRecord> all,
      ReadAll(txn, {.room = room.id, .kind = kInstructionKind}));
  for (vault::StoredRecord& stored : all) {
    if (stored.place.author != original.stored.place.author) continue;
    CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseStored(stored));
    const auto* const content = std::get_if<Instruction>(&body.content);
    if (content != nullptr && *content == original.content) {
      return std::move(stored);
    }
  }
  return std::nullopt;
}

// Who has acknowledged, by user: the highest level counts.
using AcksByUser = std::map<std::string, AckView>;

absl::Status CollectAcks(const vault::VaultTxn& txn,
                         const vault::StoredRecord& instruction,
                         AcksByUser& acks) {
  LogSeq after;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(
        const std::vector<vault::StoredRecord> page,
        txn.records().ReadReferring(instruction.place.room, instruction.id,
                                    std::nullopt, after));
    if (page.empty()) return absl::OkStatus();
    after = page.back().place.seq;
    for (const vault::StoredRecord& stored : page) {
      if (stored.kind != kAckKind) continue;
      CORDON_ASSIGN_OR_RETURN(const RecordBody body, ParseStored(stored));
      const auto* const ack = std::get_if<Ack>(&body.content);
      // One that names no level says nothing.
      if (ack == nullptr || ack->level == AckLevel::kNone) continue;
      CORDON_ASSIGN_OR_RETURN(const AuthorView author, AuthorOf(stored));
      AckView& known =
          acks[absl::StrCat(author.organisation, "/", author.user)];
      if (known.level >= ack->level) continue;
      known = {.organisation = author.organisation,
               .user = author.user,
               .level = ack->level,
               .note = ack->note,
               .received = stored.place.received};
    }
  }
}

}  // namespace

absl::StatusOr<AnswerBody> Instructions::Send(SendInstruction wanted) {
  std::vector<vault::Room> rooms;
  std::vector<std::string> names;
  Instruction& instruction = wanted.instruction;
  CORDON_RETURN_IF_ERROR(parts_.vault->Read([&](const vault::VaultTxn& txn)
                                                -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const vault::Room target,
                            FindTarget(txn, wanted.target));
    rooms = {target};
    if (wanted.to_rightsholders) {
      CORDON_ASSIGN_OR_RETURN(rooms, RoomsLike(txn, target));
    }
    if (instruction.number == 0) {
      CORDON_ASSIGN_OR_RETURN(instruction.number, NextNumber(txn, target.id));
    }
    for (const vault::Room& room : rooms) {
      CORDON_ASSIGN_OR_RETURN(names.emplace_back(), RoomTextOf(txn, room.id));
    }
    return absl::OkStatus();
  }));
  FillInstruction(instruction, parts_.clock->Now());
  ContentFindings findings = CheckInstruction(instruction, parts_.clock->Now());
  if (!findings.faults.empty()) {
    return AnswerBody(ContentRefused{.faults = std::move(findings.faults)});
  }
  Composed composed{.warnings = std::move(findings.warnings)};
  std::vector<Draft> drafts;
  drafts.reserve(rooms.size());
  for (const vault::Room& room : rooms) {
    drafts.push_back({.room = room.id,
                      .kind = policy::RecordKind::kInstruction,
                      .content = instruction});
  }
  CORDON_ASSIGN_OR_RETURN(const std::vector<RecordId> ids,
                          composer_->ComposeAll(std::move(drafts)));
  for (size_t i = 0; i < rooms.size(); ++i) {
    composed.records.push_back({.id = ids[i], .room = names[i]});
  }
  return AnswerBody(std::move(composed));
}

absl::StatusOr<Composed> Instructions::Acknowledge(
    const client::Acknowledge& wanted) {
  if (wanted.ack.level == AckLevel::kNone) {
    return absl::InvalidArgumentError(
        "say how far it was taken: received, understood or actioned");
  }
  Draft draft{.kind = policy::RecordKind::kAck,
              .content = wanted.ack,
              .msg_type = MsgType::kAck};
  Composed composed;
  CORDON_RETURN_IF_ERROR(
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const FoundInstruction found,
                                FindInstruction(txn, wanted.record));
        if (found.content.ack == AckLevel::kNone) {
          return absl::FailedPreconditionError(
              absl::StrCat(wanted.record, " asks for no acknowledgement"));
        }
        draft.room = found.room.id;
        draft.refs.push_back(
            Reference{.record = found.stored.id,
                      .revision = 1,
                      .hash = Sha256(found.stored.signed_bytes)});
        CORDON_ASSIGN_OR_RETURN(composed.records.emplace_back().room,
                                RoomTextOf(txn, draft.room));
        return absl::OkStatus();
      }));
  CORDON_ASSIGN_OR_RETURN(composed.records.front().id,
                          composer_->Compose(std::move(draft)));
  return composed;
}

absl::StatusOr<AcksView> Instructions::Acks(const ShowAcks& wanted) {
  AcksView view;
  AcksByUser acks;
  std::vector<RoomId> asked;  // rooms that have the instruction
  std::string author;
  const absl::Status read =
      parts_.vault->Read([&](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const FoundInstruction found,
                                FindInstruction(txn, wanted.record));
        view.record = found.stored.id;
        CORDON_ASSIGN_OR_RETURN(const AuthorView by, AuthorOf(found.stored));
        author = by.organisation;
        CORDON_ASSIGN_OR_RETURN(const std::vector<vault::Room> rooms,
                                txn.rooms().ListRooms(found.room.operation));
        for (const vault::Room& room : rooms) {
          if (!IsJoined(room)) continue;
          CORDON_ASSIGN_OR_RETURN(const std::optional<vault::StoredRecord> twin,
                                  FindTwin(txn, room, found));
          if (!twin.has_value()) continue;
          asked.push_back(room.id);
          CORDON_RETURN_IF_ERROR(CollectAcks(txn, *twin, acks));
        }
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);

  std::set<std::string> missing;
  for (const RoomId& room : asked) {
    CORDON_ASSIGN_OR_RETURN(const mls::Group* group, groups_->Find(room));
    CORDON_ASSIGN_OR_RETURN(const std::set<std::string> organisations,
                            OrganisationsIn(*group));
    missing.insert(organisations.begin(), organisations.end());
  }
  missing.erase(author);
  for (auto& [user, ack] : acks) {
    missing.erase(ack.organisation);
    view.acknowledged.push_back(std::move(ack));
  }
  view.missing.assign(missing.begin(), missing.end());
  return view;
}

}  // namespace cordon::client
