#include "storage/relay/enrolment_store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/statement.h"
#include "storage/sqlite/transaction.h"

namespace cordon::relay {
namespace {

constexpr absl::string_view kBeginSetup = R"sql(
INSERT INTO setup (only_row, code_verifier, used, root_certificate)
VALUES (1, :code_verifier, 0, x'')
)sql";

constexpr absl::string_view kFindSetup = R"sql(
SELECT code_verifier, used, root_certificate FROM setup
)sql";

constexpr absl::string_view kFinishSetup = R"sql(
UPDATE setup SET used = 1, root_certificate = :root_certificate
)sql";

constexpr absl::string_view kAdd = R"sql(
INSERT INTO invitation (invitation_id, public_key, inviter, kind, expires_ms,
                        state)
VALUES (:invitation_id, :public_key, :inviter, :kind, :expires_ms, 1)
)sql";

constexpr absl::string_view kFind = R"sql(
SELECT invitation_id, public_key, inviter, kind, expires_ms, state
  FROM invitation
 WHERE invitation_id = :invitation_id
)sql";

constexpr absl::string_view kListBy = R"sql(
SELECT invitation_id, public_key, inviter, kind, expires_ms, state
  FROM invitation
 WHERE inviter = :inviter
   AND invitation_id > :after
 ORDER BY invitation_id
 LIMIT :entries_max
)sql";

constexpr absl::string_view kSetState = R"sql(
UPDATE invitation SET state = :state WHERE invitation_id = :invitation_id
)sql";

constexpr absl::string_view kCountBy = R"sql(
SELECT count(*) FROM invitation WHERE inviter = :inviter
)sql";

constexpr absl::string_view kPutRequest = R"sql(
INSERT INTO join_request (invitation_id, request)
VALUES (:invitation_id, :request)
)sql";

constexpr absl::string_view kFindRequest = R"sql(
SELECT request FROM join_request WHERE invitation_id = :invitation_id
)sql";

constexpr absl::string_view kWaiting = R"sql(
SELECT r.invitation_id, r.request
  FROM invitation AS i
  JOIN join_request AS r ON r.invitation_id = i.invitation_id
 WHERE i.inviter = :inviter
   AND i.state = 2
 ORDER BY r.invitation_id
 LIMIT :entries_max
)sql";

constexpr absl::string_view kPutAnswer = R"sql(
INSERT INTO join_answer (invitation_id, answer)
VALUES (:invitation_id, :answer)
)sql";

constexpr absl::string_view kFindAnswer = R"sql(
SELECT answer FROM join_answer WHERE invitation_id = :invitation_id
)sql";

constexpr absl::string_view kDeleteExpired = R"sql(
DELETE FROM invitation WHERE expires_ms < :before_ms
)sql";

absl::StatusOr<bool> NextInvitation(sqlite::Run& run, Invitation& invitation) {
  uint8_t kind = 0;
  uint8_t state = 0;
  CORDON_ASSIGN_OR_RETURN(
      const bool row,
      run.Next(invitation.id, invitation.public_key, invitation.inviter, kind,
               invitation.expires, state));
  if (!row) return false;
  if (kind < 1 || kind > 3 || state < 1 || state > 4) {
    return absl::DataLossError("enrolment: an invitation that does not parse");
  }
  invitation.kind = static_cast<InvitationKind>(kind);
  invitation.state = static_cast<InvitationState>(state);
  return true;
}

absl::StatusOr<Bytes> FindBytes(sqlite::Statement& statement, InvitationId id) {
  sqlite::Run run = statement.Start();
  run.Bind("invitation_id", id);
  Bytes bytes;
  CORDON_ASSIGN_OR_RETURN(const bool row, run.Next(bytes));
  if (!row) return absl::NotFoundError("enrolment: not there yet");
  return bytes;
}

// A step that was done before is repeated without effect, or is another one.
absl::Status SameAgain(const absl::StatusOr<Bytes>& before, ByteSpan again) {
  if (!before.ok()) return before.status();
  if (Equal(*before, again)) return absl::OkStatus();
  return absl::AlreadyExistsError("enrolment: there is another one already");
}

bool SameInvitation(const Invitation& a, const NewInvitation& b) {
  return a.public_key == b.public_key && a.inviter == b.inviter &&
         a.kind == b.kind;
}

absl::Status Revoked() {
  return absl::FailedPreconditionError("enrolment: the invitation is revoked");
}

}  // namespace

struct EnrolmentStore::Statements {
  sqlite::Statement begin_setup;
  sqlite::Statement find_setup;
  sqlite::Statement finish_setup;
  sqlite::Statement add;
  sqlite::Statement find;
  sqlite::Statement list_by;
  sqlite::Statement set_state;
  sqlite::Statement count_by;
  sqlite::Statement put_request;
  sqlite::Statement find_request;
  sqlite::Statement waiting;
  sqlite::Statement put_answer;
  sqlite::Statement find_answer;
  sqlite::Statement delete_expired;
};

absl::StatusOr<EnrolmentStore> EnrolmentStore::Create(sqlite::Db* db) {
  sqlite::Preparer prepare(db);
  auto sql = absl::WrapUnique(new Statements{
      .begin_setup = prepare(kBeginSetup),
      .find_setup = prepare(kFindSetup),
      .finish_setup = prepare(kFinishSetup),
      .add = prepare(kAdd),
      .find = prepare(kFind),
      .list_by = prepare(kListBy),
      .set_state = prepare(kSetState),
      .count_by = prepare(kCountBy),
      .put_request = prepare(kPutRequest),
      .find_request = prepare(kFindRequest),
      .waiting = prepare(kWaiting),
      .put_answer = prepare(kPutAnswer),
      .find_answer = prepare(kFindAnswer),
      .delete_expired = prepare(kDeleteExpired),
  });
  CORDON_RETURN_IF_ERROR(prepare.status());
  return EnrolmentStore(std::move(sql));
}

EnrolmentStore::EnrolmentStore(std::unique_ptr<Statements> sql)
    : sql_(std::move(sql)) {}
EnrolmentStore::EnrolmentStore(EnrolmentStore&&) noexcept = default;
EnrolmentStore& EnrolmentStore::operator=(EnrolmentStore&&) noexcept = default;
EnrolmentStore::~EnrolmentStore() = default;

absl::Status EnrolmentStore::BeginSetup(const sqlite::Transaction& /*txn*/,
                                        ByteSpan code_verifier) {
  return sql_->begin_setup.Start()
      .Bind("code_verifier", code_verifier)
      .Finish();
}

absl::StatusOr<RelaySetup> EnrolmentStore::FindSetup() {
  sqlite::Run run = sql_->find_setup.Start();
  RelaySetup setup;
  CORDON_ASSIGN_OR_RETURN(
      const bool row,
      run.Next(setup.code_verifier, setup.used, setup.root_certificate));
  if (!row) return absl::NotFoundError("enrolment: no set-up was begun");
  return setup;
}

absl::Status EnrolmentStore::FinishSetup(const sqlite::Transaction& /*txn*/,
                                         ByteSpan root_certificate) {
  CORDON_ASSIGN_OR_RETURN(const RelaySetup setup, FindSetup());
  if (setup.used) {
    if (Equal(setup.root_certificate, root_certificate)) {
      return absl::OkStatus();
    }
    return absl::FailedPreconditionError(
        "enrolment: this relay was set up with another root");
  }
  return sql_->finish_setup.Start()
      .Bind("root_certificate", root_certificate)
      .Finish();
}

absl::Status EnrolmentStore::Add(const sqlite::Transaction& /*txn*/,
                                 const NewInvitation& invitation) {
  const absl::StatusOr<Invitation> before = Find(invitation.id);
  if (before.ok()) {
    if (SameInvitation(*before, invitation)) return absl::OkStatus();
    return absl::AlreadyExistsError("enrolment: an invitation id in use");
  }
  if (!absl::IsNotFound(before.status())) return before.status();
  return sql_->add.Start()
      .Bind("invitation_id", invitation.id)
      .Bind("public_key", invitation.public_key)
      .Bind("inviter", invitation.inviter)
      .Bind("kind", static_cast<uint8_t>(invitation.kind))
      .Bind("expires_ms", invitation.expires)
      .Finish();
}

absl::StatusOr<Invitation> EnrolmentStore::Find(InvitationId id) {
  sqlite::Run run = sql_->find.Start();
  run.Bind("invitation_id", id);
  Invitation invitation;
  CORDON_ASSIGN_OR_RETURN(const bool row, NextInvitation(run, invitation));
  if (!row) return absl::NotFoundError("enrolment: no such invitation");
  return invitation;
}

absl::StatusOr<std::vector<Invitation>> EnrolmentStore::ListBy(
    DeviceId inviter, InvitationId after, size_t entries_max) {
  sqlite::Run run = sql_->list_by.Start();
  run.Bind("inviter", inviter)
      .Bind("after", after)
      .Bind("entries_max", entries_max);
  std::vector<Invitation> invitations;
  while (true) {
    Invitation invitation;
    CORDON_ASSIGN_OR_RETURN(const bool row, NextInvitation(run, invitation));
    if (!row) return invitations;
    invitations.push_back(invitation);
  }
}

absl::StatusOr<uint64_t> EnrolmentStore::CountBy(DeviceId inviter) {
  sqlite::Run run = sql_->count_by.Start();
  run.Bind("inviter", inviter);
  uint64_t count = 0;
  CORDON_RETURN_IF_ERROR(run.Next(count).status());
  return count;
}

absl::Status EnrolmentStore::SetState(InvitationId id, InvitationState state) {
  return sql_->set_state.Start()
      .Bind("invitation_id", id)
      .Bind("state", static_cast<uint8_t>(state))
      .Finish();
}

absl::Status EnrolmentStore::Revoke(const sqlite::Transaction& /*txn*/,
                                    InvitationId id) {
  CORDON_ASSIGN_OR_RETURN(const Invitation invitation, Find(id));
  switch (invitation.state) {
    case InvitationState::kOpen:
    case InvitationState::kRequested:
      return SetState(id, InvitationState::kRevoked);
    case InvitationState::kAnswered:
      return absl::FailedPreconditionError(
          "enrolment: the invitation was answered; revoke the certificate");
    case InvitationState::kRevoked:
      return absl::OkStatus();
  }
  return absl::InternalError("enrolment: unknown state");
}

absl::Status EnrolmentStore::PutRequest(const sqlite::Transaction& /*txn*/,
                                        InvitationId id, ByteSpan request,
                                        absl::Time now) {
  CORDON_ASSIGN_OR_RETURN(const Invitation invitation, Find(id));
  switch (invitation.state) {
    case InvitationState::kOpen:
      break;
    case InvitationState::kRequested:
    case InvitationState::kAnswered:
      return SameAgain(FindRequest(id), request);
    case InvitationState::kRevoked:
      return Revoked();
  }
  if (now >= invitation.expires) {
    return absl::FailedPreconditionError(
        "enrolment: the invitation has expired");
  }
  CORDON_RETURN_IF_ERROR(sql_->put_request.Start()
                             .Bind("invitation_id", id)
                             .Bind("request", request)
                             .Finish());
  return SetState(id, InvitationState::kRequested);
}

absl::StatusOr<Bytes> EnrolmentStore::FindRequest(InvitationId id) {
  return FindBytes(sql_->find_request, id);
}

absl::StatusOr<std::vector<JoinRequest>> EnrolmentStore::Waiting(
    DeviceId inviter, size_t entries_max) {
  sqlite::Run run = sql_->waiting.Start();
  run.Bind("inviter", inviter).Bind("entries_max", entries_max);
  std::vector<JoinRequest> requests;
  while (true) {
    JoinRequest request;
    CORDON_ASSIGN_OR_RETURN(const bool row,
                            run.Next(request.invitation, request.request));
    if (!row) return requests;
    requests.push_back(std::move(request));
  }
}

absl::Status EnrolmentStore::PutAnswer(const sqlite::Transaction& /*txn*/,
                                       InvitationId id, ByteSpan answer) {
  CORDON_ASSIGN_OR_RETURN(const Invitation invitation, Find(id));
  switch (invitation.state) {
    case InvitationState::kOpen:
      return absl::FailedPreconditionError(
          "enrolment: nobody has asked with this invitation");
    case InvitationState::kRequested:
      break;
    case InvitationState::kAnswered:
      return SameAgain(FindAnswer(id), answer);
    case InvitationState::kRevoked:
      return Revoked();
  }
  CORDON_RETURN_IF_ERROR(sql_->put_answer.Start()
                             .Bind("invitation_id", id)
                             .Bind("answer", answer)
                             .Finish());
  return SetState(id, InvitationState::kAnswered);
}

absl::StatusOr<Bytes> EnrolmentStore::FindAnswer(InvitationId id) {
  return FindBytes(sql_->find_answer, id);
}

absl::Status EnrolmentStore::DeleteExpired(const sqlite::Transaction& /*txn*/,
                                           absl::Time before) {
  return sql_->delete_expired.Start().Bind("before_ms", before).Finish();
}

}  // namespace cordon::relay
