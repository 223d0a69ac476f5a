#include "storage/vault/invitation_store.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kCountAll = R"sql(
SELECT count(*) FROM invitation
)sql";

constexpr absl::string_view kAdd = R"sql(
INSERT INTO invitation (invitation_id, secret, offer, state, request, made_ms)
VALUES (:invitation_id, :secret, :offer, :state, x'', :made_ms)
)sql";

constexpr absl::string_view kGet = R"sql(
SELECT invitation_id, secret, offer, state, request, made_ms
  FROM invitation
 WHERE invitation_id = :invitation_id
)sql";

constexpr absl::string_view kList = R"sql(
SELECT invitation_id, secret, offer, state, request, made_ms
  FROM invitation
 WHERE invitation_id > :after
 ORDER BY invitation_id
 LIMIT :limit
)sql";

constexpr absl::string_view kSetRequest = R"sql(
UPDATE invitation
   SET state = :state, request = :request
 WHERE invitation_id = :invitation_id
)sql";

constexpr absl::string_view kEnd = R"sql(
UPDATE invitation
   SET state = :state, secret = x''
 WHERE invitation_id = :invitation_id
)sql";

absl::StatusOr<StoredInvitation> ReadInvitation(sqlite::Run& run) {
  StoredInvitation invitation;
  uint8_t state = 0;
  CORDON_RETURN_IF_ERROR(run.Read(invitation.id, invitation.secret,
                                  invitation.offer, state, invitation.request,
                                  invitation.made));
  CORDON_ASSIGN_OR_RETURN(invitation.state,
                          EnumFrom(state, InvitationState::kClosed));
  return invitation;
}

// The table of the header.
bool MayEnd(InvitationState from, InvitationState end) {
  switch (from) {
    case InvitationState::kOpen:
      return end == InvitationState::kClosed;
    case InvitationState::kRequested:
      return true;
    case InvitationState::kApproved:
    case InvitationState::kClosed:
      return false;
  }
  return false;
}

}  // namespace

absl::Status InvitationStore::Add(const StoredInvitation& invitation) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * count, sql_->Get(kCountAll));
  CORDON_ASSIGN_OR_RETURN(const uint64_t known, ReadCount(*count));
  if (known >= kInvitationsMax) {
    return absl::ResourceExhaustedError("vault: kInvitationsMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * add, sql_->Get(kAdd));
  sqlite::Run run = add->Start();
  run.Bind("invitation_id", invitation.id)
      .Bind("secret", invitation.secret)
      .Bind("offer", invitation.offer)
      .Bind("state", static_cast<uint8_t>(InvitationState::kOpen))
      .Bind("made_ms", invitation.made);
  return run.Finish();
}

absl::StatusOr<StoredInvitation> InvitationStore::Get(InvitationId id) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGet));
  sqlite::Run run = get->Start();
  run.Bind("invitation_id", id);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "invitation"));
  return ReadInvitation(run);
}

absl::StatusOr<std::vector<StoredInvitation>> InvitationStore::List(
    InvitationId after) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kList));
  sqlite::Run run = list->Start();
  run.Bind("after", after).Bind("limit", kInvitationsPerPageMax);
  std::vector<StoredInvitation> invitations;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return invitations;
    CORDON_ASSIGN_OR_RETURN(StoredInvitation invitation, ReadInvitation(run));
    invitations.push_back(std::move(invitation));
  }
}

absl::Status InvitationStore::SetRequest(InvitationId id, ByteSpan request) {
  if (request.size() > kRequestBytesMax) {
    return absl::ResourceExhaustedError("vault: kRequestBytesMax");
  }
  CORDON_ASSIGN_OR_RETURN(const StoredInvitation stored, Get(id));
  if (stored.state == InvitationState::kRequested &&
      Equal(stored.request, request)) {
    return absl::OkStatus();
  }
  if (stored.state != InvitationState::kOpen) {
    return absl::FailedPreconditionError("vault: the invitation is not open");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * set, sql_->Get(kSetRequest));
  sqlite::Run run = set->Start();
  run.Bind("invitation_id", id)
      .Bind("state", static_cast<uint8_t>(InvitationState::kRequested))
      .Bind("request", request);
  return run.Finish();
}

absl::Status InvitationStore::Approve(InvitationId id) {
  return End(id, InvitationState::kApproved);
}

absl::Status InvitationStore::Close(InvitationId id) {
  return End(id, InvitationState::kClosed);
}

absl::Status InvitationStore::End(InvitationId id, InvitationState end) {
  CORDON_ASSIGN_OR_RETURN(const StoredInvitation stored, Get(id));
  if (!MayEnd(stored.state, end)) {
    return absl::FailedPreconditionError(
        "vault: the invitation's state does not allow it");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * run_end, sql_->Get(kEnd));
  sqlite::Run run = run_end->Start();
  run.Bind("invitation_id", id).Bind("state", static_cast<uint8_t>(end));
  return run.Finish();
}

}  // namespace cordon::vault
