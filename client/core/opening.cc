#include "client/core/opening.h"

#include <algorithm>
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

#include "client/core/alert_rules.h"
#include "client/core/content.h"
#include "client/core/delivery_types.h"
#include "client/core/findings.h"
#include "client/core/guide_rules.h"
#include "client/core/instruction_rules.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/guide.h"
#include "client/core/model/instruction.h"
#include "client/core/model/record.h"
#include "client/core/room_log.h"
#include "client/core/vault_numbers.h"
#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/revocation.h"
#include "crypto/log/chain_hash.h"
#include "crypto/mls/group.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"
#include "crypto/record/head_check.h"
#include "crypto/record/record_header.h"
#include "crypto/record/signed_record.h"
#include "storage/vault/outbox.h"

namespace cordon::client {
namespace {

// | the group says        | an honest relay shows us                   |
// | kAborted, epoch past  | something later than kPastEpochsMax epochs |
// | kAborted, epoch ahead | never: the commit comes first              |
// | kFailedPrecondition   | never: a ciphertext once                   |
// | kDataLoss             | the fault is ours                          |
// | anything else         | what a member broke, or the relay did      |
absl::StatusOr<Refusal> WhyClosed(const absl::Status& status, Epoch entry,
                                  Epoch current) {
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kInternal:
      return status;
    case absl::StatusCode::kAborted:
      if (entry > current) return Refusal::kEpochUnknown;
      return entry < current ? Refusal::kEpochTooOld : Refusal::kDoesNotOpen;
    case absl::StatusCode::kFailedPrecondition:
      return Refusal::kKeyUsedBefore;
    default:
      return Refusal::kDoesNotOpen;
  }
}

// The name in a leaf that MLS has proven.
std::string NameIn(const mls::LeafNode& leaf) {
  const absl::StatusOr<std::vector<ByteSpan>> chain = leaf.credential.Chain();
  if (!chain.ok() || chain->empty()) return "";
  const absl::StatusOr<cert::Certificate> parsed =
      cert::Certificate::Parse(chain->front());
  return parsed.ok() && parsed->device().has_value() ? parsed->device()->text()
                                                     : "";
}

std::vector<ByteSpan> SpansOf(const std::vector<Bytes>& chain) {
  return {chain.begin(), chain.end()};
}

// What is wrong with a chain that was not verified: kPermissionDenied means
// revoked only if the rest of it holds.
Refusal WhyUnproven(const absl::Status& status,
                    const cert::ChainVerifier& verifier,
                    const std::vector<ByteSpan>& chain) {
  if (!absl::IsPermissionDenied(status)) return Refusal::kNotProven;
  const absl::StatusOr<cert::VerifiedChain> proven =
      cert::VerifiedChain::Prove(verifier.root(), chain);
  return proven.ok() && proven->CheckUsage(cert::Usage::kIdentity).ok()
             ? Refusal::kRevoked
             : Refusal::kNotProven;
}

// What the rules of its kind find.
ContentFindings FindingsOf(const RecordBody& body,
                           const std::string& organisation) {
  const absl::Time sent = body.header.sent;
  if (const auto* alert = std::get_if<Alert>(&body.content)) {
    const bool photo =
        std::any_of(body.attachments.begin(), body.attachments.end(),
                    [](const Attachment& one) {
                      return one.role == AttachmentRole::kGoods;
                    });
    return CheckAlert(*alert, {.sent = sent, .has_goods_photo = photo});
  }
  if (const auto* instruction = std::get_if<Instruction>(&body.content)) {
    return CheckInstruction(*instruction, sent);
  }
  if (const auto* guide = std::get_if<Guide>(&body.content)) {
    return CheckGuide(*guide,
                      {.sent = sent, .author_organisation = organisation});
  }
  return {};
}

// The first fault, or nothing.
std::string FaultIn(const RecordBody& body, const std::string& organisation) {
  const bool changes = body.msg_type == MsgType::kUpdate ||
                       std::holds_alternative<Cancel>(body.content);
  if (changes && body.refs.empty()) return "refs: is missing";
  if (std::holds_alternative<Cancel>(body.content) !=
      (body.msg_type == MsgType::kCancel)) {
    return "msg_type: does not fit what is said";
  }
  const ContentFindings findings = FindingsOf(body, organisation);
  if (findings.faults.empty()) return "";
  return absl::StrCat(findings.faults.front().field, ": ",
                      findings.faults.front().what);
}

// Under these names and keys, in this order.
bool AreSameFiles(const std::vector<Attachment>& a,
                  const std::vector<Attachment>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const Attachment& x, const Attachment& y) {
        return x.name == y.name && x.media_type == y.media_type &&
               x.role == y.role && x.caption == y.caption &&
               x.taken_at == y.taken_at &&
               x.blob.Serialize().EqualsConstantTime(y.blob.Serialize());
      });
}

// What an approval passes on: a guide of one of ours that keeps the rules,
// signed by it, with its files and no others. That its author was put out later
// does not undo what it said.
absl::Status CheckOriginal(const RecordBody& body,
                           const cert::ChainVerifier& verifier, absl::Time at) {
  const auto* approval = std::get_if<Approval>(&body.content);
  if (approval == nullptr) return absl::OkStatus();
  CORDON_ASSIGN_OR_RETURN(const record::SignedRecord original,
                          record::SignedRecord::Parse(approval->original));
  const std::vector<ByteSpan> spans = SpansOf(original.chain());
  CORDON_ASSIGN_OR_RETURN(
      const cert::VerifiedChain chain,
      verifier.Verify(
          spans,
          {.usage = cert::Usage::kIdentity, .at = at, .ignore_dates = true}));
  CORDON_RETURN_IF_ERROR(original.VerifySignature(chain.signature_key()));
  CORDON_ASSIGN_OR_RETURN(const RecordBody inner,
                          ParseRecord(original.record()));
  if (inner.header.author != chain.device().id()) {
    return absl::PermissionDeniedError("its original is not by its author");
  }
  // A newer guide is one that this build cannot judge, nor show.
  if (!std::holds_alternative<Guide>(inner.content) &&
      !std::holds_alternative<NeedsNewerClient>(inner.content)) {
    return absl::InvalidArgumentError("what it passes on is not a guide");
  }
  const std::string fault = FaultIn(inner, chain.org().text());
  if (!fault.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("what it passes on breaks the rules: ", fault));
  }
  if (!AreSameFiles(body.attachments, inner.attachments)) {
    return absl::InvalidArgumentError(
        "its files are not those of what it passes on");
  }
  return absl::OkStatus();
}

RefusedEntry Refuse(Refusal why, std::string by, std::string about = "") {
  return {.why = why, .by = std::move(by), .about = std::move(about)};
}

// Whose record it is: steps 3 of the header's list.
struct Proven {
  record::SignedRecord signed_record;
  cert::VerifiedChain chain;
};

// The name in `leaf` is read only for a refusal: parsing a certificate costs as
// much as all the rest.
std::variant<RefusedEntry, Proven> Prove(ByteSpan data,
                                         const cert::ChainVerifier& verifier,
                                         absl::Time at,
                                         const mls::LeafNode& leaf) {
  absl::StatusOr<record::SignedRecord> parsed =
      record::SignedRecord::Parse(data);
  if (!parsed.ok()) return Refuse(Refusal::kMalformed, NameIn(leaf));
  const std::vector<ByteSpan> spans = SpansOf(parsed->chain());
  absl::StatusOr<cert::VerifiedChain> chain =
      verifier.Verify(spans, {.usage = cert::Usage::kIdentity, .at = at});
  if (!chain.ok()) {
    return Refuse(WhyUnproven(chain.status(), verifier, spans), NameIn(leaf));
  }
  if (!parsed->VerifySignature(chain->signature_key()).ok()) {
    return Refuse(Refusal::kBadSignature, NameIn(leaf));
  }
  return Proven{.signed_record = *std::move(parsed),
                .chain = *std::move(chain)};
}

}  // namespace

absl::StatusOr<OpenedEntry> Opening::Open(LogEntry entry, const RoomHead& after,
                                          RoomLog& log) {
  CORDON_ASSIGN_OR_RETURN(mls::Group * group, shelf_->Find(entry.room));
  CORDON_RETURN_IF_ERROR(log.NoteEpoch(*group));
  OpenedEntry out{.after = after};
  absl::StatusOr<mls::OpenedMessage> message = group->Open(entry.sealed);
  if (!message.ok()) {
    CORDON_ASSIGN_OR_RETURN(
        const Refusal why,
        WhyClosed(message.status(), entry.epoch, group->epoch()));
    out.outcome = Refuse(why, "");
    out.entry = std::move(entry);
    return out;
  }
  out.key = {.room = entry.room,
             .epoch = message->epoch,
             .leaf = message->sender.value,
             .generation = message->generation};
  if (message->sender == group->self()) out.origin = Origin::kOwnUnknown;
  CORDON_ASSIGN_OR_RETURN(out.outcome, Judge(entry, *message, log, *group));
  out.data = std::move(message->data);
  out.entry = std::move(entry);
  return out;
}

absl::StatusOr<Opening::Outcome> Opening::Judge(
    const LogEntry& entry, const mls::OpenedMessage& message, RoomLog& log,
    const mls::Group& group) {
  if (message.device != entry.author || message.epoch != entry.epoch) {
    return Refuse(Refusal::kNotByItsAuthor, NameIn(message.leaf));
  }
  // Keys of past epochs still open what was sealed with them, also by whoever
  // was taken out since.
  if (message.epoch < group.epoch() &&
      !group.tree().FindDevice(message.device).has_value()) {
    return Refuse(Refusal::kAuthorGone, NameIn(message.leaf));
  }
  // The relay's clock may lie; it may not go back to before a revocation.
  const absl::Time at = std::max(entry.received, log.received());
  const cert::ChainVerifier& verifier = trust_->verifier();
  std::variant<RefusedEntry, Proven> proof =
      Prove(message.data, verifier, at, message.leaf);
  if (auto* refused = std::get_if<RefusedEntry>(&proof)) {
    return std::move(*refused);
  }
  auto& [signed_record, chain] = std::get<Proven>(proof);
  const std::string by = chain.device().text();

  absl::StatusOr<RecordBody> body = ParseRecord(signed_record.record());
  if (!body.ok()) return Refuse(Refusal::kMalformed, by);
  CORDON_ASSIGN_OR_RETURN(const policy::RoomPolicy* policy,
                          log.PolicyOf(group));
  const record::RecordPlace place{.room = entry.room,
                                  .operation = policy->operation,
                                  .author = entry.author};
  if (chain.device().id() != entry.author ||
      !record::ValidateAt(body->header, place).ok()) {
    return Refuse(Refusal::kMeantElsewhere, by);
  }
  if (!policy::MayPost(*policy, chain.roles(), body->header.kind)) {
    return Refuse(
        Refusal::kNotAllowed, by,
        absl::StrCat("kind ", policy::RecordKindName(body->header.kind)));
  }
  std::string fault = FaultIn(*body, chain.org().text());
  if (!fault.empty()) {
    return Refuse(Refusal::kBadContent, by, std::move(fault));
  }
  const absl::Status original = CheckOriginal(*body, verifier, at);
  if (!original.ok()) {
    return Refuse(Refusal::kBadContent, by,
                  absl::IsInvalidArgument(original)
                      ? std::string(original.message())
                      : "what it passes on is not proven to be its author's");
  }
  CORDON_ASSIGN_OR_RETURN(const bool crl_withheld,
                          NoteClaims(body->header.known_crls));
  const record::OurView ours{
      .lies_at = entry.seq,
      .hash_at_head = log.HashAt(body->header.head.seq),
      .authenticator = log.AuthenticatorOf(body->header.epoch)};
  return OpenedRecord{.signed_record = std::move(signed_record),
                      .body = *std::move(body),
                      .author = chain.device(),
                      .roles = chain.roles(),
                      .ours = ours,
                      .crl_withheld = crl_withheld};
}

absl::StatusOr<OpenedEntry> Opening::OpenOwn(LogEntry entry,
                                             const RoomHead& after,
                                             const vault::OutboxRow& row) {
  OpenedEntry out{.after = after, .origin = Origin::kOwn};
  const bool as_sent = row.envelope.has_value() &&
                       row.envelope->epoch == entry.epoch &&
                       row.envelope->sealed == entry.sealed;
  CORDON_ASSIGN_OR_RETURN(record::SignedRecord parsed,
                          record::SignedRecord::Parse(row.signed_bytes));
  CORDON_ASSIGN_OR_RETURN(RecordBody body, ParseRecord(parsed.record()));
  CORDON_ASSIGN_OR_RETURN(const cert::Certificate leaf,
                          cert::Certificate::Parse(parsed.chain().front()));
  if (!leaf.device().has_value()) {
    return absl::DataLossError("outbox: a record that no device has signed");
  }
  if (as_sent) {
    const LogSeq seq = entry.seq;
    out.outcome = OpenedRecord{.signed_record = std::move(parsed),
                               .body = std::move(body),
                               .author = *leaf.device(),
                               .roles = leaf.roles(),
                               .ours = {.lies_at = seq}};
  } else {
    out.outcome = Refuse(Refusal::kNotAsSent, leaf.device()->text());
  }
  out.entry = std::move(entry);
  return out;
}

absl::StatusOr<bool> Opening::NoteClaims(
    const std::vector<record::KnownCrl>& claims) {
  if (claims != last_claims_) {
    CORDON_ASSIGN_OR_RETURN(const bool all_known, trust_->NoteClaims(claims));
    if (all_known) last_claims_ = claims;
  }
  if (claims.empty()) return false;
  const std::vector<cert::CrlReference> withheld =
      trust_->verifier().WithheldCrls();
  if (withheld.empty()) return false;
  return std::any_of(
      claims.begin(), claims.end(), [&withheld](const record::KnownCrl& one) {
        return std::any_of(withheld.begin(), withheld.end(),
                           [&one](const cert::CrlReference& missing) {
                             return missing.issuer == one.issuer &&
                                    missing.number <= one.number;
                           });
      });
}

}  // namespace cordon::client
