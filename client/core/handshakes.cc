#include "client/core/handshakes.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/content.h"
#include "client/core/delivery_types.h"
#include "client/core/departures.h"
#include "client/core/event.h"
#include "client/core/group_shelf.h"
#include "client/core/model/operation.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/record_reader.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "crypto/cert/x509_credential.h"
#include "crypto/codec/reader.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/epoch_change.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/group.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal_rules.h"
#include "crypto/mls/ratchet_tree.h"
#include "crypto/mls/services.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/welcome.h"
#include "crypto/policy/extension_types.h"
#include "crypto/policy/room_change.h"
#include "crypto/policy/room_extensions.h"
#include "crypto/policy/room_policy.h"
#include "storage/vault/group_store.h"
#include "storage/vault/identity_store.h"
#include "storage/vault/record_store.h"
#include "storage/vault/room_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// The moment at which the relay took an entry, as far as it can be believed.
class EntryClock final : public Clock {
 public:
  EntryClock(absl::Time received, absl::Time now)
      : at_(std::min(received, now)) {}
  absl::Time Now() const override { return at_; }

 private:
  const absl::Time at_;
};

vault::LogPlace PlaceOf(const LogEntry& entry, vault::PlaceKind kind) {
  return {.room = entry.room,
          .seq = entry.seq,
          .kind = kind,
          .author = entry.author,
          .epoch = entry.epoch,
          .envelope = entry.envelope,
          .received = entry.received};
}

// The name of a device in the room, or a word for the relay and strangers.
std::string NameOf(const mls::Group& group, const DeviceId& device) {
  if (device.is_zero()) return "the relay";
  const std::optional<mls::LeafIndex> leaf = group.tree().FindDevice(device);
  if (!leaf.has_value()) return "a device that is not in the room";
  const absl::StatusOr<cert::DeviceName> name =
      cert::NameIn(group.tree().Member(*leaf)->leaf.credential);
  return name.ok() ? name->text() : "a device without a name";
}

// Whose a handshake is that MLS has proven to be nobody's.
constexpr absl::string_view kNobody =
    "somebody unknown (the relay's word for the author proves nothing)";

absl::StatusOr<std::string> RoomLabel(const vault::VaultTxn& txn,
                                      const vault::Room& room) {
  CORDON_ASSIGN_OR_RETURN(const vault::Operation operation,
                          txn.rooms().GetOperation(room.operation));
  return RoomText(operation, room);
}

}  // namespace

struct Handshakes::Step {
  const LogEntry& entry;
  const RoomHead& after;
  vault::Room room;
  std::string label;
  std::optional<vault::PendingCommit> pending;
  mls::Group* group = nullptr;
  EntryClock clock;

  mls::Services services(const Trust& trust, const Parts& parts) const {
    return {
        .checker = trust.checker(), .clock = clock, .random = *parts.random};
  }
  policy::ChangeChecks checks(const Trust& trust) const {
    return {.verifier = trust.verifier(), .instant = clock.Now()};
  }
  policy::RoomEpoch epoch() const {
    return {.tree = group->tree(), .extensions = group->context().extensions};
  }
  absl::Status Note(vault::VaultTxn& txn, vault::PlaceKind kind) const {
    CORDON_RETURN_IF_ERROR(txn.records().AddPlace(PlaceOf(entry, kind)));
    return Advance(txn);
  }
  absl::Status Advance(vault::VaultTxn& txn) const {
    return txn.rooms().AdvanceCursor(entry.room,
                                     {.seq = after.seq, .hash = after.hash});
  }
  // Another commit than ours was first.
  absl::Status EndPending(vault::VaultTxn& txn) const {
    return pending.has_value() ? txn.groups().DropPending(entry.room)
                               : absl::OkStatus();
  }
};

absl::StatusOr<TakenHandshake> Handshakes::Take(const LogEntry& entry,
                                                const RoomHead& after) {
  CORDON_RETURN_IF_ERROR(trust_->Load());
  Step step{.entry = entry,
            .after = after,
            .room = {},
            .label = {},
            .pending = {},
            .clock = EntryClock(entry.received, parts_.clock->Now())};
  const absl::Status read =
      parts_.vault->Read([&step](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(step.room,
                                txn.rooms().GetRoom(step.entry.room));
        CORDON_ASSIGN_OR_RETURN(step.label, RoomLabel(txn, step.room));
        absl::StatusOr<vault::PendingCommit> pending =
            txn.groups().GetPending(step.entry.room);
        if (absl::IsNotFound(pending.status())) return absl::OkStatus();
        CORDON_RETURN_IF_ERROR(pending.status());
        step.pending = *std::move(pending);
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(read);
  CORDON_ASSIGN_OR_RETURN(step.group, shelf_->Find(entry.room));
  if (entry.kind == EntryKind::kProposal) return TakeProposal(step);
  const bool ours = step.pending.has_value() &&
                    step.pending->envelope == entry.envelope &&
                    step.pending->commit == entry.sealed;
  absl::StatusOr<TakenHandshake> taken =
      ours ? TakeOwn(step) : TakeCommit(step);
  moves_->Ring(entry.room);
  return taken;
}

absl::StatusOr<TakenHandshake> Handshakes::TakeProposal(const Step& step) {
  absl::StatusOr<mls::Processed> processed =
      step.group->Process(step.entry.sealed, step.services(*trust_, parts_));
  if (!processed.ok()) return Refuse(step, kNobody, processed.status());
  const auto* const kept = std::get_if<mls::KeptProposal>(&*processed);
  if (kept == nullptr) {
    return Refuse(step, kNobody,
                  absl::InvalidArgumentError("it is no proposal"));
  }
  mls::ListedProposal listed{.proposal = kept->proposal, .by_reference = true};
  DeviceId sender;
  if (const auto* const member =
          std::get_if<mls::MemberSender>(&kept->sender)) {
    listed.author = member->leaf;
    sender = step.group->tree().Member(member->leaf)->device;
  }
  // Kept even where the policy forbids it, so that the commit of somebody who
  // takes it up can be judged; we do not.
  const absl::Status allowed =
      policy::CheckProposal(listed, step.epoch(), step.checks(*trust_));
  mls::StateChanges changes = step.group->TakeChanges();
  const absl::Status stored = parts_.vault->Update(
      [&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_RETURN_IF_ERROR(
            StoreChanges(txn, step.entry.room, std::move(changes)));
        return step.Note(txn, vault::PlaceKind::kProposal);
      },
      sqlite::Durability::kNormal);
  if (!stored.ok()) {
    shelf_->Forget(step.entry.room);
    return stored;
  }
  TakenHandshake taken;
  if (allowed.ok()) {
    moves_->NoteUnfinished(step.entry.room, parts_.clock->Now());
  } else {
    taken.finding =
        absl::StrCat(NameOf(*step.group, sender),
                     " proposed what it may not: ", allowed.message());
  }
  // It counts all the same: MLS says whose it is.
  if (sender != step.entry.author) {
    taken.finding =
        absl::StrCat("the relay names another author of a proposal of ",
                     NameOf(*step.group, sender), " than it has");
  }
  return taken;
}

absl::StatusOr<TakenHandshake> Handshakes::TakeCommit(const Step& step) {
  absl::StatusOr<mls::Processed> processed =
      step.group->Process(step.entry.sealed, step.services(*trust_, parts_));
  if (!processed.ok()) return Refuse(step, kNobody, processed.status());
  if (const auto* out = std::get_if<mls::RemovedByCommit>(&*processed)) {
    return TakeRemoval(step, out->change);
  }
  auto* const next = std::get_if<mls::NextEpoch>(&*processed);
  if (next == nullptr) {
    return Refuse(step, kNobody, absl::InvalidArgumentError("it is no commit"));
  }
  const Verdict verdict =
      Judge(step, next->change(),
            {.tree = next->tree(), .extensions = next->context().extensions});
  if (!verdict.allowed.ok()) return Refuse(step, verdict.who, verdict.allowed);
  return Enter(step, std::move(*next));
}

Handshakes::Verdict Handshakes::Judge(const Step& step,
                                      const mls::EpochChange& change,
                                      const policy::RoomEpoch& after) const {
  const DeviceId committer = after.tree.Member(change.committer)->device;
  std::string who = NameOf(*step.group, committer);
  if (committer != step.entry.author) {
    return {.who = std::move(who),
            .allowed = absl::InvalidArgumentError(
                "the relay names another author than it has")};
  }
  return {.who = std::move(who),
          .allowed = policy::CheckCommit({.before = step.epoch(),
                                          .after = after,
                                          .committer = change.committer,
                                          .external = change.external,
                                          .proposals = change.proposals},
                                         step.checks(*trust_))};
}

absl::StatusOr<TakenHandshake> Handshakes::TakeRemoval(
    const Step& step, const mls::EpochChange& change) {
  // Whoever is out has no tree of the next epoch, and so cannot see who came in
  // by an external commit.
  if (change.external) {
    return Refuse(step, kNobody,
                  absl::PermissionDeniedError(
                      "an external commit took this device's place"));
  }
  const Verdict verdict = Judge(step, change, step.epoch());
  if (!verdict.allowed.ok()) return Refuse(step, verdict.who, verdict.allowed);
  return Leave(step, verdict.who);
}

absl::StatusOr<TakenHandshake> Handshakes::Enter(const Step& step,
                                                 mls::NextEpoch next) {
  const RoomId room = step.entry.room;
  const std::vector<DeviceId> before = DevicesIn(step.group->tree());
  CORDON_RETURN_IF_ERROR(step.group->Adopt(std::move(next)));
  mls::StateChanges changes = step.group->TakeChanges();
  const mls::Extension* const rules = mls::FindExtension(
      step.group->context().extensions, policy::kRoomPolicyExtension);
  const absl::Status stored = parts_.vault->Update(
      [&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_RETURN_IF_ERROR(step.EndPending(txn));
        CORDON_RETURN_IF_ERROR(StoreChanges(txn, room, std::move(changes)));
        CORDON_RETURN_IF_ERROR(txn.rooms().SetEpoch(room, step.group->epoch()));
        if (rules != nullptr && rules->data != step.room.policy) {
          CORDON_RETURN_IF_ERROR(txn.rooms().SetPolicy(room, rules->data));
        }
        CORDON_RETURN_IF_ERROR(
            NoteDepartures(txn, room, before, step.group->tree()));
        return step.Note(txn, vault::PlaceKind::kCommit);
      },
      sqlite::Durability::kNormal);
  if (!stored.ok()) {
    shelf_->Forget(room);
    return stored;
  }
  return TakenHandshake{};
}

absl::StatusOr<TakenHandshake> Handshakes::TakeOwn(const Step& step) {
  const RoomId room = step.entry.room;
  const std::vector<DeviceId> before = DevicesIn(step.group->tree());
  std::optional<mls::NextEpoch> next =
      shelf_->TakeNext(room, step.entry.envelope);
  const bool at_hand =
      next.has_value() && step.group->Adopt(*std::move(next)).ok();
  std::optional<mls::Group> loaded;
  const absl::Status stored =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_RETURN_IF_ERROR(txn.groups().AdoptPending(room));
        if (!at_hand) {
          CORDON_ASSIGN_OR_RETURN(loaded, LoadGroup(txn, room));
        }
        mls::Group& group = at_hand ? *step.group : *loaded;
        CORDON_RETURN_IF_ERROR(StoreChanges(txn, room, group.TakeChanges()));
        CORDON_RETURN_IF_ERROR(txn.rooms().SetEpoch(room, group.epoch()));
        CORDON_RETURN_IF_ERROR(NoteDepartures(txn, room, before, group.tree()));
        return step.Note(txn, vault::PlaceKind::kCommit);
      });
  if (!stored.ok()) {
    shelf_->Forget(room);
    return stored;
  }
  if (loaded.has_value()) shelf_->Put(room, *std::move(loaded));
  moves_->NoteAdopted(step.entry.envelope);
  return TakenHandshake{};
}

absl::StatusOr<TakenHandshake> Handshakes::Leave(const Step& step,
                                                 absl::string_view who) {
  const RoomId room = step.entry.room;
  const std::string reason = absl::StrCat("taken out by ", who);
  const absl::Status stored =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        // A pending commit goes with the group.
        CORDON_RETURN_IF_ERROR(txn.groups().EraseGroup(room));
        CORDON_RETURN_IF_ERROR(
            txn.rooms().SetState(room, vault::RoomState::kLeft, reason));
        return step.Note(txn, vault::PlaceKind::kCommit);
      });
  CORDON_RETURN_IF_ERROR(stored);
  shelf_->Forget(room);
  parts_.events->Emit(RoomLeft{.room_id = room, .room = step.label});
  return TakenHandshake{};
}

absl::StatusOr<TakenHandshake> Handshakes::Refuse(const Step& step,
                                                  absl::string_view who,
                                                  const absl::Status& why) {
  const bool commit = step.entry.kind == EntryKind::kCommit;
  std::string finding =
      absl::StrCat(commit ? "a commit of " : "a proposal of ", who,
                   commit ? " cannot be followed, so the room is stopped here: "
                          : " is refused: ",
                   why.message());
  const absl::Status stored =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_RETURN_IF_ERROR(txn.records().AddQuarantined(
            {.place = PlaceOf(step.entry, vault::PlaceKind::kQuarantined),
             .reason = static_cast<uint32_t>(Refusal::kHandshake),
             .bytes = step.entry.sealed}));
        if (commit) {
          CORDON_RETURN_IF_ERROR(step.EndPending(txn));
          CORDON_RETURN_IF_ERROR(txn.rooms().SetState(
              step.entry.room, vault::RoomState::kStopped, finding));
        }
        return step.Advance(txn);
      });
  CORDON_RETURN_IF_ERROR(stored);
  // Whatever Process may have changed is not what is stored.
  shelf_->Forget(step.entry.room);
  return TakenHandshake{.finding = std::move(finding)};
}

// ---- coming in -------------------------------------------------------------

namespace {

// What a Welcome led to, before anything of it is stored.
struct Arrival {
  mls::Group group;
  mls::LeafIndex welcomed_by;
  policy::RoomPolicy policy;
  RoomProfile profile;
};

absl::StatusOr<Arrival> Open(const InboxItem& item, const SharedWelcome& shared,
                             const vault::KeyPackageSecrets& secrets,
                             const mls::Services& services) {
  CORDON_ASSIGN_OR_RETURN(
      const mls::Welcome welcome,
      mls::Assemble(item.secrets, shared.encrypted_group_info));
  CORDON_ASSIGN_OR_RETURN(const mls::OwnKeyPackage own,
                          mls::OwnKeyPackage::Parse(secrets.secrets));
  CORDON_ASSIGN_OR_RETURN(
      mls::Group::Joined joined,
      mls::Group::Join(welcome, own, {.tree = shared.ratchet_tree}, services));
  const mls::GroupContext& context = joined.group.context();
  if (!Equal(context.group_id, item.room.span()) ||
      context.epoch != item.epoch) {
    return absl::InvalidArgumentError(
        "the Welcome is not for the room that the relay says");
  }
  CORDON_RETURN_IF_ERROR(policy::CheckRoomExtensions(context.extensions));
  CORDON_ASSIGN_OR_RETURN(policy::RoomPolicy rules,
                          policy::PolicyOf(context.extensions));
  const mls::Extension* const titles =
      mls::FindExtension(joined.extensions, policy::kTitlesExtension);
  if (titles == nullptr) {
    return absl::InvalidArgumentError("the Welcome does not name the room");
  }
  CORDON_ASSIGN_OR_RETURN(RoomProfile profile, ParseRoomProfile(titles->data));
  if (profile.kind != static_cast<uint32_t>(rules.kind)) {
    return absl::InvalidArgumentError(
        "the Welcome names another kind of room than the room's policy");
  }
  return Arrival{.group = std::move(joined.group),
                 .welcomed_by = joined.welcomed_by,
                 .policy = std::move(rules),
                 .profile = std::move(profile)};
}

absl::Status CheckAdmitted(const Arrival& arrival, const OwnDevice& own,
                           const policy::ChangeChecks& checks) {
  const mls::Group& group = arrival.group;
  const absl::Status may = policy::CheckWelcome(
      arrival.welcomed_by, own.name(),
      {.tree = group.tree(), .extensions = group.context().extensions}, checks);
  if (may.ok()) return may;
  CORDON_ASSIGN_OR_RETURN(
      const cert::DeviceName author,
      cert::NameIn(group.tree().Member(arrival.welcomed_by)->leaf.credential));
  return absl::Status(may.code(), absl::StrCat("a Welcome of ", author.text(),
                                               " is refused: ", may.message()));
}

// The relay may know two operations of one name; the second one seen is told
// apart by its id.
absl::Status StoreOperation(vault::VaultTxn& txn, const Arrival& arrival) {
  const OperationId id = arrival.policy.operation;
  const absl::Status known = txn.rooms().GetOperation(id).status();
  if (!absl::IsNotFound(known)) return known;
  const OperationProfile& profile = arrival.profile.operation;
  vault::Operation operation{.id = id,
                             .name = profile.name,
                             .title = profile.title,
                             .profile = SerializeProfile(profile)};
  if (txn.rooms().FindOperation(operation.name).ok()) {
    absl::StrAppend(&operation.name, "-", ToHex(id.span()).substr(0, 4));
  }
  return txn.rooms().PutOperation(operation);
}

absl::Status StoreRoom(vault::VaultTxn& txn, const InboxItem& item,
                       const Arrival& arrival) {
  const vault::RoomCursor begins{.seq = item.head.seq, .hash = item.head.hash};
  const Bytes rules = policy::Serialize(arrival.policy);
  const absl::StatusOr<vault::Room> before = txn.rooms().GetRoom(item.room);
  if (absl::IsNotFound(before.status())) {
    return txn.rooms().AddRoom({.id = item.room,
                                .operation = arrival.policy.operation,
                                .kind = arrival.profile.kind,
                                .name = arrival.profile.name,
                                .title = arrival.profile.title,
                                .policy = rules,
                                .epoch = item.epoch,
                                .cursor = begins});
  }
  CORDON_RETURN_IF_ERROR(before.status());
  // Back in a room that it had left.
  CORDON_RETURN_IF_ERROR(txn.groups().EraseGroup(item.room));
  // What others have said meanwhile is no gap in what they say from now on.
  CORDON_RETURN_IF_ERROR(txn.peers().Forget(item.room));
  CORDON_RETURN_IF_ERROR(
      txn.rooms().SetState(item.room, vault::RoomState::kJoined, ""));
  CORDON_RETURN_IF_ERROR(txn.rooms().SetNames(item.room, arrival.profile.name,
                                              arrival.profile.title));
  CORDON_RETURN_IF_ERROR(txn.rooms().SetPolicy(item.room, rules));
  CORDON_RETURN_IF_ERROR(txn.rooms().SetEpoch(item.room, item.epoch));
  if (begins.seq <= before->cursor.seq) return absl::OkStatus();
  return txn.rooms().AdvanceCursor(item.room, begins);
}

// A Welcome that came before: the room is at its epoch, or beyond.
absl::StatusOr<bool> IsJoined(vault::Vault& vault, const InboxItem& item) {
  bool joined = false;
  const absl::Status read =
      vault.Read([&joined, &item](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                txn.rooms().GetRoom(item.room));
        joined =
            room.state == vault::RoomState::kJoined && room.epoch >= item.epoch;
        return absl::OkStatus();
      });
  if (!absl::IsNotFound(read)) CORDON_RETURN_IF_ERROR(read);
  return joined;
}

}  // namespace

absl::Status Handshakes::Join(const InboxItem& item,
                              const SharedWelcome& shared) {
  CORDON_ASSIGN_OR_RETURN(const OwnDevice own, OwnDevice::Load(*parts_.vault));
  CORDON_ASSIGN_OR_RETURN(const auto secrets,
                          codec::ParseWhole<mls::EncryptedGroupSecrets>(
                              item.secrets, mls::ReadEncryptedGroupSecrets));
  CORDON_ASSIGN_OR_RETURN(const vault::KeyPackageRef ref,
                          vault::KeyPackageRef::Parse(secrets.new_member));
  std::optional<Arrival> arrival;
  std::string label;
  bool last_resort = false;
  const absl::Status stored =
      parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const vault::KeyPackageSecrets package,
                                txn.groups().TakeKeyPackage(ref));
        last_resort = package.last_resort;
        CORDON_ASSIGN_OR_RETURN(
            arrival, Open(item, shared, package, trust_->services()));
        CORDON_RETURN_IF_ERROR(CheckAdmitted(
            *arrival, own,
            {.verifier = trust_->verifier(), .instant = parts_.clock->Now()}));
        CORDON_RETURN_IF_ERROR(StoreOperation(txn, *arrival));
        CORDON_RETURN_IF_ERROR(StoreRoom(txn, item, *arrival));
        if (last_resort) CORDON_RETURN_IF_ERROR(AskToRenew(txn, item.room));
        CORDON_RETURN_IF_ERROR(
            StoreChanges(txn, item.room, arrival->group.TakeChanges()));
        CORDON_ASSIGN_OR_RETURN(const vault::Room room,
                                txn.rooms().GetRoom(item.room));
        CORDON_ASSIGN_OR_RETURN(label, RoomLabel(txn, room));
        return absl::OkStatus();
      });
  CORDON_RETURN_IF_ERROR(stored);
  shelf_->Put(item.room, std::move(arrival->group));
  parts_.events->Emit(RoomJoined{.room_id = item.room, .room = label});
  if (last_resort) moves_->NoteUnfinished(item.room, parts_.clock->Now());
  moves_->Ring(item.room);
  return absl::OkStatus();
}

Task<absl::StatusOr<RoomId>> Handshakes::TakeInbox(InboxItem item) {
  const absl::Status loaded = trust_->Load();
  if (!loaded.ok()) co_return loaded;
  const absl::StatusOr<bool> joined = IsJoined(*parts_.vault, item);
  if (!joined.ok()) co_return joined.status();
  if (*joined) co_return item.room;
  const absl::StatusOr<SharedWelcome> shared =
      co_await Ask<SharedWelcome>([this, &item](Done<SharedWelcome> done) {
        parts_.relay->FetchWelcome(item.welcome_id, std::move(done));
      });
  if (absl::IsResourceExhausted(shared.status())) {
    // It has too much to do: nothing against this Welcome.
    co_return absl::UnavailableError(shared.status().message());
  }
  if (!shared.ok()) co_return shared.status();
  const absl::Status entered = Join(item, *shared);
  if (!entered.ok()) co_return entered;
  co_return item.room;
}

// ---- keys to renew ---------------------------------------------------------

namespace {

constexpr absl::string_view kRenewPrefix = "renew-keys/";

}  // namespace

absl::Status AskToRenew(vault::VaultTxn& txn, RoomId room) {
  return txn.identity().PutSetting(
      absl::StrCat(kRenewPrefix, ToHex(room.span())), room.span());
}

absl::StatusOr<bool> MustRenew(const vault::VaultTxn& txn, RoomId room) {
  const absl::Status found =
      txn.identity()
          .GetSetting(absl::StrCat(kRenewPrefix, ToHex(room.span())))
          .status();
  if (absl::IsNotFound(found)) return false;
  CORDON_RETURN_IF_ERROR(found);
  return true;
}

absl::Status EndRenewing(vault::VaultTxn& txn, RoomId room) {
  return txn.identity().EraseSetting(
      absl::StrCat(kRenewPrefix, ToHex(room.span())));
}

}  // namespace cordon::client
