#include "client/core/invitations.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "client/core/command.h"
#include "client/core/delivery_types.h"
#include "client/core/event.h"
#include "client/core/offer_note.h"
#include "client/core/outcome.h"
#include "client/core/own_device.h"
#include "client/core/parts.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/issuer.h"
#include "crypto/cert/join_answer.h"
#include "crypto/cert/join_request.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/cert/root_key_file.h"
#include "crypto/prim/sign_ed25519.h"
#include "storage/vault/invitation_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// An invitation of ours with what it offers.
struct Ours {
  vault::StoredInvitation stored;
  OfferNote note;
};

absl::StatusOr<std::vector<Ours>> ReadAll(vault::Vault& vault) {
  std::vector<Ours> all;
  const absl::Status read = vault.Read([&all](const vault::VaultTxn& txn)
                                           -> absl::Status {
    InvitationId after;
    while (true) {
      CORDON_ASSIGN_OR_RETURN(std::vector<vault::StoredInvitation> page,
                              txn.invitations().List(after));
      if (page.empty()) return absl::OkStatus();
      after = page.back().id;
      for (vault::StoredInvitation& stored : page) {
        CORDON_ASSIGN_OR_RETURN(OfferNote note, ParseOfferNote(stored.offer));
        all.push_back({.stored = std::move(stored), .note = std::move(note)});
      }
    }
  });
  CORDON_RETURN_IF_ERROR(read);
  return all;
}

InvitationStage StageOf(const Ours& one, absl::Time now) {
  switch (one.stored.state) {
    case vault::InvitationState::kOpen:
      return now >= one.note.expires ? InvitationStage::kExpired
                                     : InvitationStage::kOpen;
    case vault::InvitationState::kRequested:
      return InvitationStage::kRequested;
    case vault::InvitationState::kApproved:
      return InvitationStage::kApproved;
    case vault::InvitationState::kClosed:
      return InvitationStage::kClosed;
  }
  return InvitationStage::kClosed;
}

InvitationView ViewOf(const Ours& one, absl::Time now) {
  InvitationView view{
      .id = one.stored.id,
      .offered = one.note.user.text(),
      .for_organisation = one.note.kind == cert::InvitationKind::kOrganisation,
      .stage = StageOf(one, now),
      .expires = one.note.expires};
  for (const cert::Role role : one.note.roles.List()) {
    view.roles.emplace_back(cert::RoleName(role));
  }
  return view;
}

bool HasAsked(const Ours& one) {
  return one.stored.state == vault::InvitationState::kRequested;
}

bool Means(const Ours& one, const std::string& wanted) {
  return one.note.user.text() == wanted ||
         absl::StartsWith(ToHex(one.stored.id.span()), wanted);
}

// The invitations that `wanted` means, among those not over: one at least.
absl::StatusOr<std::vector<Ours>> FindMeant(vault::Vault& vault,
                                            const std::string& wanted) {
  CORDON_ASSIGN_OR_RETURN(std::vector<Ours> all, ReadAll(vault));
  std::erase_if(all, [&wanted](const Ours& one) {
    return one.stored.state == vault::InvitationState::kApproved ||
           one.stored.state == vault::InvitationState::kClosed ||
           !Means(one, wanted);
  });
  if (all.empty()) {
    return absl::NotFoundError(
        absl::StrCat("no open invitation of yours is for \"", wanted,
                     "\"; `cordon invite list` shows them"));
  }
  return all;
}

absl::StatusOr<Ours> OnlyOne(std::vector<Ours> all, const std::string& wanted) {
  if (all.size() > 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", wanted, "\" means ", all.size(),
        " invitations; give more of the id shown by `cordon invite list`"));
  }
  return std::move(all.front());
}

absl::StatusOr<OfferNote> NoteFor(const InviteOrganisation& wanted,
                                  const OwnDevice& own, absl::Time now) {
  if (!own.roles().Has(cert::Role::kCoordinator)) {
    return absl::PermissionDeniedError(
        "only a coordinator invites organisations");
  }
  CORDON_ASSIGN_OR_RETURN(const cert::OrgName org,
                          cert::OrgName::Parse(wanted.organisation));
  CORDON_RETURN_IF_ERROR(Validate(wanted.info, org.kind()));
  CORDON_ASSIGN_OR_RETURN(cert::UserName user,
                          cert::UserName::Create(org, wanted.contact));
  return OfferNote{.kind = cert::InvitationKind::kOrganisation,
                   .user = std::move(user),
                   .roles = {cert::Role::kContactPoint},
                   .expires = now + wanted.lifetime,
                   .person = wanted.contact_name,
                   .info = wanted.info};
}

absl::StatusOr<OfferNote> NoteFor(const InviteUser& wanted,
                                  const OwnDevice& own, absl::Time now) {
  if (!own.issuer().has_value()) {
    return absl::PermissionDeniedError(
        "only a contact point's device invites users of its organisation");
  }
  if (absl::StrContains(wanted.user, '/')) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", wanted.user, "\" names an organisation: give the user's short ",
        "name alone; users come into ", own.name().org().text()));
  }
  CORDON_ASSIGN_OR_RETURN(const cert::Role role, cert::ParseRole(wanted.role));
  CORDON_ASSIGN_OR_RETURN(
      cert::UserName user,
      cert::UserName::Create(own.name().org(), wanted.user));
  return OfferNote{.kind = cert::InvitationKind::kDevice,
                   .user = std::move(user),
                   .roles = {role},
                   .expires = now + wanted.lifetime,
                   .person = wanted.user_name};
}

// Stores a request for an open invitation of ours; the event, if it is new. One
// that is not of this vault, over, or there already: what is stored here
// stands, whatever the relay says now.
absl::StatusOr<std::optional<JoinRequested>> Store(
    vault::VaultTxn& txn, const JoinRequestItem& item) {
  const absl::StatusOr<vault::StoredInvitation> stored =
      txn.invitations().Get(item.invitation);
  if (absl::IsNotFound(stored.status())) return std::nullopt;
  CORDON_RETURN_IF_ERROR(stored.status());
  if (stored->state != vault::InvitationState::kOpen) return std::nullopt;
  CORDON_ASSIGN_OR_RETURN(const OfferNote note, ParseOfferNote(stored->offer));
  CORDON_RETURN_IF_ERROR(
      txn.invitations().SetRequest(item.invitation, item.request));
  return JoinRequested{.invitation = item.invitation,
                       .offered = note.user.text()};
}

absl::Status Note(const Parts& parts,
                  const std::vector<JoinRequestItem>& requests) {
  std::vector<JoinRequested> fresh;
  CORDON_RETURN_IF_ERROR(
      parts.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
        for (const JoinRequestItem& item : requests) {
          CORDON_ASSIGN_OR_RETURN(std::optional<JoinRequested> event,
                                  Store(txn, item));
          if (event.has_value()) fresh.push_back(*std::move(event));
        }
        return absl::OkStatus();
      }));
  for (JoinRequested& event : fresh) parts.events->Emit(std::move(event));
  return absl::OkStatus();
}

std::vector<JoinRequestItem> RequestsOf(const InvitationPage& page) {
  std::vector<JoinRequestItem> requests;
  for (const InvitationRow& row : page.invitations) {
    if (row.request.empty()) continue;
    requests.push_back({.invitation = row.invitation, .request = row.request});
  }
  return requests;
}

Task<absl::Status> FetchRequests(const Parts& parts) {
  InvitationId after;
  while (true) {
    const absl::StatusOr<InvitationPage> page =
        co_await Ask<InvitationPage>([&](Done<InvitationPage> done) {
          parts.relay->ListInvitations(after, std::move(done));
        });
    if (!page.ok()) co_return page.status();
    const absl::Status taken = Note(parts, RequestsOf(*page));
    if (!taken.ok()) co_return taken;
    // A page that brings nothing new would be asked for again for ever.
    if (!page->more || page->invitations.empty() ||
        page->invitations.back().invitation <= after) {
      co_return absl::OkStatus();
    }
    after = page->invitations.back().invitation;
  }
}

// Who signs: the root for organisations, our issuing key for our own.
class Certifier {
 public:
  Certifier(const Parts& parts, const OwnDevice& own,
            const SecretBytes& root_passphrase)
      : parts_(parts), own_(own), root_passphrase_(root_passphrase) {}

  // Prepare opens the root key file if an organisation is among those waiting:
  // a wrong passphrase ends everything before anything is certified.
  absl::Status Prepare(const std::vector<Ours>& waiting) {
    const bool needed =
        std::any_of(waiting.begin(), waiting.end(), [](const Ours& one) {
          return one.note.kind == cert::InvitationKind::kOrganisation;
        });
    if (!needed) return absl::OkStatus();
    const absl::StatusOr<Bytes> file = parts_.root_key->Read();
    if (absl::IsNotFound(file.status())) {
      return absl::PermissionDeniedError(
          "this profile does not hold the root key; organisations are approved "
          "where the authority was created");
    }
    CORDON_RETURN_IF_ERROR(file.status());
    CORDON_ASSIGN_OR_RETURN(root_,
                            cert::OpenRootKeyFile(*file, root_passphrase_));
    return absl::OkStatus();
  }

  // AnswerTo needs Prepare to have seen this one.
  absl::StatusOr<Bytes> AnswerTo(const Ours& one) {
    CORDON_ASSIGN_OR_RETURN(
        const cert::Invitation invitation,
        cert::Invitation::ParseSecretText(one.stored.secret));
    CORDON_ASSIGN_OR_RETURN(const cert::JoinRequest request,
                            cert::JoinRequest::Parse(one.stored.request));
    const cert::Making making{.now = parts_.clock->Now(),
                              .random = *parts_.random};
    if (one.note.kind == cert::InvitationKind::kDevice) {
      if (!own_.issuer().has_value()) {
        return absl::PermissionDeniedError(
            "this device issues no certificates");
      }
      CORDON_ASSIGN_OR_RETURN(
          const cert::JoinAnswer answer,
          cert::AnswerDevice(request, invitation, own_.root(), *own_.issuer(),
                             making));
      const absl::Status noted = NoteTransport(answer.device()->transport);
      CORDON_RETURN_IF_ERROR(noted);
      return answer.ToBytes();
    }
    CORDON_ASSIGN_OR_RETURN(
        const cert::JoinAnswer answer,
        cert::AnswerOrganisation(request, invitation, *root_, making));
    return answer.ToBytes();
  }

 private:
  // The directory shows identities only; whoever revokes needs both.
  absl::Status NoteTransport(const cert::Certificate& transport) const {
    return parts_.vault->Update([&transport](vault::VaultTxn& txn) {
      return txn.identity().PutSetting(
          TransportSetting(transport.device()->id()),
          transport.serial().span());
    });
  }

  const Parts& parts_;
  const OwnDevice& own_;
  const SecretBytes& root_passphrase_;
  std::optional<cert::RootIssuer> root_;
};

absl::Status MarkApproved(vault::Vault& vault, InvitationId id) {
  return vault.Update(
      [id](vault::VaultTxn& txn) { return txn.invitations().Approve(id); });
}

// Those that wait, all or the one meant.
absl::StatusOr<std::vector<Ours>> Waiting(vault::Vault& vault,
                                          const std::string& wanted) {
  std::vector<Ours> waiting;
  if (!wanted.empty()) {
    CORDON_ASSIGN_OR_RETURN(std::vector<Ours> meant, FindMeant(vault, wanted));
    // Who was invited twice waits after one of the two.
    if (std::any_of(meant.begin(), meant.end(), HasAsked)) {
      std::erase_if(meant, [](const Ours& one) { return !HasAsked(one); });
    }
    CORDON_ASSIGN_OR_RETURN(Ours one, OnlyOne(std::move(meant), wanted));
    if (!HasAsked(one)) {
      return absl::FailedPreconditionError(absl::StrCat(
          one.note.user.text(), " has not used the invitation yet"));
    }
    waiting.push_back(std::move(one));
    return waiting;
  }
  CORDON_ASSIGN_OR_RETURN(waiting, ReadAll(vault));
  std::erase_if(waiting, [](const Ours& one) { return !HasAsked(one); });
  return waiting;
}

}  // namespace

absl::Status Invitations::NoteRequest(JoinRequestItem item) {
  return Note(parts_, {std::move(item)});
}

Task<absl::StatusOr<InvitationMade>> Invitations::Offer(OfferNote note) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  const absl::Time now = parts_.clock->Now();
  const absl::StatusOr<cert::Invitation> invitation =
      cert::Invitation::Create(cert::Offer{.kind = note.kind,
                                           .relay = own->relay_address(),
                                           .pin = own->pin(),
                                           .root = own->root().fingerprint(),
                                           .user = note.user,
                                           .roles = note.roles,
                                           .expires = note.expires},
                               now, *parts_.random);
  if (!invitation.ok()) co_return invitation.status();

  const vault::StoredInvitation stored{.id = invitation->id(),
                                       .secret = invitation->ToText(),
                                       .offer = Serialize(note),
                                       .made = now};
  const absl::Status added =
      parts_.vault->Update([&stored](vault::VaultTxn& txn) {
        return txn.invitations().Add(stored);
      });
  if (!added.ok()) co_return added;
  const Ed25519PublicKey key = invitation->Key().public_key();
  InviteCall call{
      .invitation = invitation->id(),
      .public_key = ToBytes(ByteSpan(key)),
      .expires = note.expires,
      .for_organisation = note.kind == cert::InvitationKind::kOrganisation};
  const absl::StatusOr<Unit> registered =
      co_await Ask<Unit>([this, &call](Done<Unit> done) {
        parts_.relay->Invite(std::move(call), std::move(done));
      });
  if (!registered.ok()) {
    // The text was shown to nobody: an invitation the relay may know of is of
    // no use without it.
    const InvitationId id = invitation->id();
    const absl::Status closed = parts_.vault->Update(
        [id](vault::VaultTxn& txn) { return txn.invitations().Close(id); });
    co_return closed.ok() ? registered.status() : closed;
  }
  co_return InvitationMade{.id = invitation->id(),
                           .text = invitation->ToText(),
                           .offered = note.user.text(),
                           .expires = note.expires};
}

Task<absl::StatusOr<InvitationMade>> Invitations::Invite(
    InviteOrganisation wanted) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  absl::StatusOr<OfferNote> note = NoteFor(wanted, *own, parts_.clock->Now());
  if (!note.ok()) co_return note.status();
  co_return co_await Offer(*std::move(note));
}

Task<absl::StatusOr<InvitationMade>> Invitations::Invite(InviteUser wanted) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  absl::StatusOr<OfferNote> note = NoteFor(wanted, *own, parts_.clock->Now());
  if (!note.ok()) co_return note.status();
  co_return co_await Offer(*std::move(note));
}

Task<absl::StatusOr<InvitationsView>> Invitations::List() {
  const absl::Status fetched = co_await FetchRequests(parts_);
  if (!fetched.ok() && IsRefusal(fetched)) co_return fetched;
  const absl::StatusOr<std::vector<Ours>> all = ReadAll(*parts_.vault);
  if (!all.ok()) co_return all.status();
  InvitationsView view;
  const absl::Time now = parts_.clock->Now();
  for (const Ours& one : *all) view.invitations.push_back(ViewOf(one, now));
  co_return view;
}

Task<absl::Status> Invitations::Revoke(RevokeInvitation wanted) {
  absl::StatusOr<std::vector<Ours>> meant =
      FindMeant(*parts_.vault, wanted.invitation);
  if (!meant.ok()) co_return meant.status();
  const absl::StatusOr<Ours> one =
      OnlyOne(*std::move(meant), wanted.invitation);
  if (!one.ok()) co_return one.status();
  const InvitationId id = one->stored.id;
  const absl::StatusOr<Unit> revoked =
      co_await Ask<Unit>([this, id](Done<Unit> done) {
        parts_.relay->RevokeInvitation(id, std::move(done));
      });
  if (!revoked.ok() && !absl::IsNotFound(revoked.status())) {
    co_return revoked.status();
  }
  co_return parts_.vault->Update(
      [id](vault::VaultTxn& txn) { return txn.invitations().Close(id); });
}

Task<absl::StatusOr<Approved>> Invitations::Approve(client::Approve wanted,
                                                    uint64_t command) {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  Progress progress{.command = command, .stage = Stage::kAskingRelay};
  parts_.events->Emit(progress);
  const absl::Status fetched = co_await FetchRequests(parts_);
  if (!fetched.ok()) co_return fetched;
  const absl::StatusOr<std::vector<Ours>> waiting =
      Waiting(*parts_.vault, wanted.invitation);
  if (!waiting.ok()) co_return waiting.status();

  Certifier certifier(parts_, *own, wanted.root_passphrase);
  const absl::Status prepared = certifier.Prepare(*waiting);
  if (!prepared.ok()) co_return prepared;
  Approved approved;
  progress.total = waiting->size();
  for (const Ours& one : *waiting) {
    parts_.events->Emit(progress);
    ++progress.done;
    const std::string name = one.note.user.text();
    absl::StatusOr<Bytes> answer = certifier.AnswerTo(one);
    if (!answer.ok()) {
      approved.refusals.push_back(
          absl::StrCat(name, ": ", answer.status().message(),
                       absl::IsUnauthenticated(answer.status())
                           ? "; somebody else than the invited has made it, so "
                             "revoke this invitation and make another one"
                           : ""));
      continue;
    }
    const InvitationId id = one.stored.id;
    const absl::StatusOr<Unit> posted =
        co_await Ask<Unit>([&](Done<Unit> done) {
          parts_.relay->AnswerRequest(id, *std::move(answer), std::move(done));
        });
    if (!posted.ok()) co_return posted.status();
    const absl::Status marked = MarkApproved(*parts_.vault, id);
    if (!marked.ok()) co_return marked;
    approved.names.push_back(name);
  }
  co_return approved;
}

}  // namespace cordon::client
