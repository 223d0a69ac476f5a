// A relay that puts a request of its own under somebody's invitation, to be
// certified in the joiner's place. It knows everything about the invitation but
// the secret, and has the database that only it can write.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"

#include "crypto/base/bytes.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/cert/invitation.h"
#include "crypto/cert/join_request.h"
#include "server/data_folder.h"
#include "storage/relay/enrolment_store.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"
#include "tests/e2e/answer.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"
#include "tests/support/status_matchers.h"

namespace cordon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ForgedRequestTest : public ::testing::Test {
 protected:
  // Right in every field; only the signature cannot be made.
  static Bytes RelaysOwnRequest(const cert::Invitation& invitation) {
    const cert::JoinKeys keys =
        cert::JoinKeys::Generate(invitation.offer().kind, SystemRandom());
    Bytes request =
        cert::JoinRequest::Create(invitation, "desk", keys, absl::Now())
            ->bytes();
    request.back() ^= 1;
    return request;
  }

  absl::Status PutIntoRelay(const InvitationId& id, const Bytes& request) {
    const server::DataFolder data{.path = stop3_.relay().data()};
    CORDON_ASSIGN_OR_RETURN(
        const std::unique_ptr<sqlite::Db> db,
        server::OpenDatabase(data, sqlite::OpenMode::kMustExist));
    CORDON_ASSIGN_OR_RETURN(relay::EnrolmentStore store,
                            relay::EnrolmentStore::Create(db.get()));
    CORDON_ASSIGN_OR_RETURN(sqlite::Transaction txn,
                            sqlite::Transaction::Begin(db.get()));
    CORDON_RETURN_IF_ERROR(store.PutRequest(txn, id, request, absl::Now()));
    return txn.Commit();
  }

  TestOperation stop3_;
};

TEST_F(ForgedRequestTest, IsRefusedByTheInviterAndNobodyIsCertified) {
  const std::string text = stop3_.Offer("fr.customs", "alice");
  const auto invitation = cert::Invitation::ParseText(text);
  ASSERT_OK(invitation);
  stop3_.relay().Stop();
  ASSERT_OK(PutIntoRelay(invitation->id(), RelaysOwnRequest(*invitation)));
  stop3_.relay().Start();

  const Ended approved = stop3_.unit().Cordon({"approve", "--all"});

  EXPECT_EQ(approved.exit_code, 1);
  const Json answer = Parsed(approved.out);
  EXPECT_THAT(answer["names"], IsEmpty());
  ASSERT_THAT(answer["refusals"], SizeIs(1)) << answer;
  EXPECT_THAT(answer["refusals"][0].get<std::string>(),
              HasSubstr("fr.customs/alice: "));
  EXPECT_THAT(answer["refusals"][0].get<std::string>(),
              HasSubstr("not signed"));
  const Json devices = Works(stop3_.unit(), {"device", "list"});
  EXPECT_EQ(devices.value("name", ""), "ocu.authority/eva/desk");
  // Who really holds the invitation is told that it was used.
  const Ended joined = stop3_.alice().Cordon({"join", text});
  EXPECT_EQ(joined.exit_code, 1);
  EXPECT_EQ(CodeOf(joined), "already_exists");
  EXPECT_THAT(SentenceOf(joined), HasSubstr("tell who sent it"));
  // Another invitation helps.
  Works(stop3_.unit(),
        {"invite", "revoke", ToHex(invitation->id().span()).substr(0, 12)});
  stop3_.Invite(stop3_.bea(), "fr.customs", "alice");
}

}  // namespace
}  // namespace cordon::testing
