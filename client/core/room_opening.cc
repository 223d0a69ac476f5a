#include "client/core/room_opening.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "client/core/commits.h"
#include "client/core/delivery_types.h"
#include "client/core/group_shelf.h"
#include "client/core/outcome.h"
#include "client/core/own_device.h"
#include "client/core/own_identity.h"
#include "client/core/parts.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/policy/room_defaults.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

constexpr size_t kShortNameBytesMax = 64;

// The room that is being opened under a name: 16 bytes.
std::string OpeningSetting(const NewRoom& wanted) {
  return absl::StrCat("opening/", ToHex(wanted.operation.span()), "/",
                      wanted.name);
}

bool IsWanted(const vault::Room& room, const NewRoom& wanted) {
  const absl::StatusOr<policy::RoomPolicy> rules =
      policy::ParseRoomPolicy(room.policy);
  return rules.ok() && rules->kind == wanted.kind &&
         rules->guest == wanted.guest;
}

// The room as it is known: opened, being opened, or neither.
struct Known {
  std::optional<RoomId> opened;
  std::optional<RoomId> opening;
};

absl::StatusOr<Known> FindKnown(vault::Vault& vault, const NewRoom& wanted) {
  Known known;
  const absl::Status read =
      vault.Read([&known, &wanted](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(
            const std::vector<vault::Room> rooms,
            txn.rooms().FindRooms(wanted.operation, wanted.name));
        for (const vault::Room& room : rooms) {
          if (room.state != vault::RoomState::kJoined) continue;
          if (!IsWanted(room, wanted)) {
            return absl::FailedPreconditionError(
                absl::StrCat("the operation has another room called \"",
                             wanted.name, "\" already"));
          }
          known.opened = room.id;
          return absl::OkStatus();
        }
        const absl::StatusOr<Bytes> opening =
            txn.identity().GetSetting(OpeningSetting(wanted));
        if (absl::IsNotFound(opening.status())) return absl::OkStatus();
        CORDON_RETURN_IF_ERROR(opening.status());
        CORDON_ASSIGN_OR_RETURN(known.opening, RoomId::Parse(*opening));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  return known;
}

// Makes the group and has it on disk.
absl::StatusOr<RoomId> Make(const Parts& parts, const RoomTools& tools,
                            const NewRoom& wanted, const RelayFacts& relay) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts.vault));
  CORDON_ASSIGN_OR_RETURN(const mls::Identity identity,
                          LoadIdentity(*parts.vault, own));
  const policy::RoomPolicy rules =
      policy::PolicyFor(wanted.kind, wanted.operation, wanted.guest);
  CORDON_RETURN_IF_ERROR(policy::Validate(rules));
  const RoomId room = RoomId::Random(*parts.random);
  CORDON_ASSIGN_OR_RETURN(
      mls::Group group,
      mls::Group::Create(
          mls::OwnKeyPackage::Create(
              identity, KeyPackageLifetime(own, parts.clock->Now()),
              *parts.random),
          {.group_id = ToBytes(room.span()),
           .extensions = policy::RoomExtensions(rules, relay.mls_public_key)},
          tools.trust->services()));
  const std::string setting = OpeningSetting(wanted);
  const absl::Status stored =
      parts.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_RETURN_IF_ERROR(StoreChanges(txn, room, group.TakeChanges()));
        return txn.identity().PutSetting(setting, room.span());
      });
  CORDON_RETURN_IF_ERROR(stored);
  tools.shelf->Put(room, std::move(group));
  return room;
}

absl::Status Enter(const Parts& parts, const NewRoom& wanted, RoomId room,
                   const mls::Group& group) {
  CORDON_ASSIGN_OR_RETURN(const policy::RoomPolicy rules,
                          policy::PolicyOf(group.context().extensions));
  const RoomHead begin = ChainStart(room);
  return parts.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_RETURN_IF_ERROR(txn.rooms().AddRoom(
        {.id = room,
         .operation = wanted.operation,
         .kind = static_cast<uint32_t>(wanted.kind),
         .name = wanted.name,
         .title = wanted.title,
         .policy = policy::Serialize(rules),
         .epoch = group.epoch(),
         .cursor = {.seq = begin.seq, .hash = begin.hash}}));
    return txn.identity().EraseSetting(OpeningSetting(wanted));
  });
}

absl::Status Forget(const Parts& parts, const RoomTools& tools,
                    const NewRoom& wanted, RoomId room) {
  tools.shelf->Forget(room);
  return parts.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
    CORDON_RETURN_IF_ERROR(txn.groups().EraseGroup(room));
    return txn.identity().EraseSetting(OpeningSetting(wanted));
  });
}

Task<absl::StatusOr<RoomId>> MakeNew(Parts parts, RoomTools tools,
                                     NewRoom wanted) {
  const absl::StatusOr<RelayFacts> relay =
      co_await Ask<RelayFacts>([&parts](Done<RelayFacts> done) {
        parts.relay->Describe(std::move(done));
      });
  if (!relay.ok()) co_return relay.status();
  co_return Make(parts, tools, wanted, *relay);
}

}  // namespace

absl::Status CheckShortName(absl::string_view what, absl::string_view name) {
  const bool plain =
      !name.empty() && name.size() <= kShortNameBytesMax &&
      name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_islower(static_cast<unsigned char>(c)) ||
               absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
      });
  if (plain) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("\"", name, "\" is no name for ", what,
                   "; use a-z, 0-9 and dashes, at most ", kShortNameBytesMax));
}

Task<absl::StatusOr<RoomId>> OpenRoom(Parts parts, RoomTools tools,
                                      NewRoom wanted) {
  const absl::Status named = CheckShortName("a room", wanted.name);
  if (!named.ok()) co_return named;
  const absl::Status loaded = tools.trust->Load();
  if (!loaded.ok()) co_return loaded;
  const absl::StatusOr<Known> known = FindKnown(*parts.vault, wanted);
  if (!known.ok()) co_return known.status();
  if (known->opened.has_value()) co_return *known->opened;
  RoomId room;
  if (known->opening.has_value()) {
    room = *known->opening;
  } else {
    const absl::StatusOr<RoomId> made = co_await MakeNew(parts, tools, wanted);
    if (!made.ok()) co_return made.status();
    room = *made;
  }
  const absl::StatusOr<mls::Group*> group = tools.shelf->Find(room);
  if (!group.ok()) co_return group.status();
  Bytes info = codec::Serialize(mls::MlsMessage(
      (*group)->ExportGroupInfo({.tree = mls::TreePlace::kInside})));
  const absl::StatusOr<Unit> opened = co_await Ask<Unit>([&](Done<Unit> done) {
    parts.relay->CreateRoom(room, std::move(info), std::move(done));
  });
  if (IsRefusal(opened.status())) {
    const absl::Status forgotten = Forget(parts, tools, wanted, room);
    co_return forgotten.ok() ? opened.status() : forgotten;
  }
  if (!opened.ok()) co_return opened.status();
  const absl::Status entered = Enter(parts, wanted, room, **group);
  if (!entered.ok()) co_return entered;
  co_return room;
}

}  // namespace cordon::client
