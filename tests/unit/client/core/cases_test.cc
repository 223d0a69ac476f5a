#include "client/core/cases.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "client/core/model/common.h"
#include "client/core/model/record.h"
#include "crypto/base/id.h"
#include "tests/support/ids.h"

namespace cordon::client {
namespace {

using ::cordon::testing::IdOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CasesTest : public ::testing::Test {
 protected:
  // Ids count from 1, as the records do.
  void Open(std::string organisation) {
    Add(std::move(organisation), std::nullopt, Alert());
  }
  void Update(std::string organisation, uint8_t version) {
    Add(std::move(organisation), IdOf<RecordId>(version), Alert());
  }
  void Withdraw(std::string organisation, uint8_t version) {
    Add(std::move(organisation), IdOf<RecordId>(version), std::nullopt);
  }
  std::vector<Case> Resolve() { return ResolveCases(records_); }

  std::vector<CaseRecord> records_;

 private:
  void Add(std::string organisation, std::optional<RecordId> replaces,
           std::optional<Alert> alert) {
    const auto id = static_cast<uint8_t>(records_.size() + 1);
    records_.push_back({.id = IdOf<RecordId>(id),
                        .organisation = std::move(organisation),
                        .replaces = replaces,
                        .alert = std::move(alert)});
  }
};

TEST_F(CasesTest, NoRecordsAreNoCases) {
  EXPECT_THAT(Resolve(), IsEmpty());
}

TEST_F(CasesTest, EachAlertOpensACaseAndTheLastChangeStands) {
  Open("fr.customs");
  Open("fr.customs");
  Update("fr.customs", 1);
  Update("fr.customs", 3);

  const std::vector<Case> cases = Resolve();

  ASSERT_THAT(cases, SizeIs(2));
  EXPECT_THAT(cases[0].versions, ElementsAre(0, 2, 3));
  EXPECT_EQ(cases[0].alert, 3U);
  EXPECT_FALSE(cases[0].cancelled);
  EXPECT_THAT(cases[1].versions, ElementsAre(1));
}

TEST_F(CasesTest, ChangeOfAnUnknownVersionIsNoCase) {
  Update("fr.customs", 9);
  Withdraw("fr.customs", 9);

  EXPECT_THAT(Resolve(), IsEmpty());
}

TEST_F(CasesTest, AnotherOrganisationChangesNothing) {
  Open("fr.customs");
  Update("de.customs", 1);
  Withdraw("de.customs", 1);
  // Nor does what goes on from it.
  Update("fr.customs", 2);

  const std::vector<Case> cases = Resolve();

  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_THAT(cases[0].versions, ElementsAre(0));
  EXPECT_FALSE(cases[0].cancelled);
}

TEST_F(CasesTest, CancelledCaseStaysCancelled) {
  Open("fr.customs");
  Withdraw("fr.customs", 1);
  Update("fr.customs", 1);
  Update("fr.customs", 2);

  const std::vector<Case> cases = Resolve();

  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_TRUE(cases[0].cancelled);
  EXPECT_THAT(cases[0].versions, ElementsAre(0, 1));
  EXPECT_EQ(cases[0].alert, 0U);
}

TEST_F(CasesTest, RecordThatStandsTwiceCountsOnce) {
  Open("fr.customs");
  records_.push_back(records_.back());

  EXPECT_THAT(Resolve(), SizeIs(1));
}

TEST(ChangedByTest, UpdatesAndCancellationsChangeTheirFirstReference) {
  const Reference first{.record = IdOf<RecordId>(1), .revision = 1};
  const Reference link{.record = IdOf<RecordId>(2), .revision = 1};
  const RecordBody update{
      .msg_type = MsgType::kUpdate, .refs = {first, link}, .content = Alert()};
  const RecordBody cancel{.msg_type = MsgType::kCancel,
                          .refs = {first},
                          .content = Cancel{.reason = "sent twice"}};

  EXPECT_EQ(ChangedBy(update)->record, first.record);
  EXPECT_EQ(ChangedBy(cancel)->record, first.record);
}

TEST(ChangedByTest, LinkOfANewAlertChangesNothing) {
  const RecordBody linked{.msg_type = MsgType::kAlert,
                          .refs = {{.record = IdOf<RecordId>(1)}},
                          .content = Alert()};
  const RecordBody update{.msg_type = MsgType::kUpdate, .content = Alert()};

  EXPECT_EQ(ChangedBy(linked), std::nullopt);
  EXPECT_EQ(ChangedBy(update), std::nullopt);
}

}  // namespace
}  // namespace cordon::client
