#include "client/core/admitting.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/event.h"
#include "client/core/task.h"
#include "client/core/trust.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/cert/name.h"
#include "crypto/cert/role.h"
#include "crypto/record/record_header.h"
#include "tests/support/must.h"
#include "tests/support/room_peer.h"
#include "tests/support/status_matchers.h"

namespace cordon::client {
namespace {

using ::cordon::testing::Must;
using ::cordon::testing::RoomPeer;
using ::cordon::testing::RoomTown;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AdmittingTest : public ::testing::Test {
 protected:
  RoomTown town_;
  RoomPeer& chief_ =
      town_.Add("ocu.authority/chief/desk", {cert::Role::kCoordinator});
  RoomPeer& alice_ =
      town_.Add("fr.customs/alice/laptop", {cert::Role::kContactPoint});
  RoomId room_ = chief_.OpenGeneral();
};

TEST_F(AdmittingTest, DeviceWithoutKeyPackageIsLeftOutAndTheOthersComeIn) {
  RoomPeer& bob =
      town_.Add("de.customs/bob/phone", {cert::Role::kContactPoint});
  town_.world().key_packages[bob.device()] = {};

  ASSERT_OK_AND_ASSIGN(const Admitted admitted, chief_.Admit(room_));

  ASSERT_THAT(admitted.devices, SizeIs(1));
  EXPECT_EQ(admitted.devices[0].text(), alice_.name());
  ASSERT_THAT(Sentences(admitted.left_out), SizeIs(1));
  EXPECT_THAT(Sentences(admitted.left_out)[0],
              HasSubstr("de.customs/bob/phone has no key package"));
}

TEST_F(AdmittingTest, RightsHolderNeverComesIntoAnOperationsRoom) {
  RoomPeer& holder =
      town_.Add("acme.rightsholder/eve/desk", {cert::Role::kContactPoint});

  ASSERT_OK_AND_ASSIGN(const Admitted admitted, chief_.Admit(room_));

  EXPECT_THAT(admitted.left_out, SizeIs(1));
  EXPECT_FALSE(
      chief_.group(room_).tree().FindDevice(holder.device()).has_value());
}

TEST_F(AdmittingTest, WithheldListStopsTheAdmission) {
  const auto& issuing =
      town_.pki().Device(alice_.name(), {cert::Role::kContactPoint}).issuing;
  ASSERT_OK(chief_.trust().NoteClaims(
      {{.issuer = cert::IssuerIdOf(issuing.public_key()),
        .number = CrlNumber{5}}}));

  ASSERT_OK_AND_ASSIGN(const Admitted admitted, chief_.Admit(room_));

  EXPECT_THAT(admitted.devices, IsEmpty());
  EXPECT_THAT(admitted.left_out, SizeIs(1));
  EXPECT_EQ(chief_.group(room_).epoch(), Epoch{0});
}

TEST_F(AdmittingTest, ContactPointAdmitsItsOwnAndNobodyElses) {
  ASSERT_OK(chief_.Admit(room_));
  town_.CatchUp();
  RoomPeer& olivia =
      town_.Add("fr.customs/olivia/phone", {cert::Role::kOfficer});
  town_.Add("de.customs/bob/phone", {cert::Role::kContactPoint});

  ASSERT_OK_AND_ASSIGN(const Admitted admitted, alice_.Admit(room_));

  ASSERT_THAT(admitted.devices, SizeIs(1));
  EXPECT_EQ(admitted.devices[0].text(), olivia.name());
  EXPECT_THAT(admitted.left_out, SizeIs(1));
}

TEST_F(AdmittingTest, ByLastResortANewcomerIsAskedToRenewItsKeys) {
  town_.world().key_packages[alice_.device()].fresh.clear();
  ASSERT_OK(chief_.Admit(room_));

  town_.CatchUp();

  const auto unfinished = alice_.moves().TakeUnfinished();
  ASSERT_TRUE(unfinished.has_value());
  EXPECT_EQ(unfinished->room, room_);
}

// A commit takes two of them.
class AdmittingManyTest : public AdmittingTest {
 protected:
  AdmittingManyTest() {
    for (const char* user : {"bob", "carla", "dirk", "emma"}) {
      town_.Add(absl::StrCat("de.customs/", user, "/phone"),
                {cert::Role::kContactPoint});
    }
  }

  Task<absl::StatusOr<Admitted>> AdmitAll() {
    return admitting_.Admit(
        room_, Must(chief_.Run(admitting_.ReadDirectory(""))), /*command=*/7);
  }
  // How many had been asked for when the face was told.
  std::vector<uint64_t> Progressed() {
    std::vector<uint64_t> done;
    for (const Event& event : chief_.told()) {
      const auto* const progress = std::get_if<Progress>(&event);
      if (progress == nullptr) continue;
      EXPECT_EQ(progress->command, 7U);
      EXPECT_EQ(progress->total, 5U);
      done.push_back(progress->done);
    }
    return done;
  }

  Admitting admitting_{chief_.parts(), chief_.tools(), &chief_.commits(),
                       /*adds_max=*/2};
};

TEST_F(AdmittingManyTest, MoreThanACommitTakesComeInBySeveral) {
  ASSERT_OK_AND_ASSIGN(const Admitted admitted, chief_.Run(AdmitAll()));

  EXPECT_THAT(admitted.devices, SizeIs(5));
  EXPECT_THAT(admitted.left_out, IsEmpty());
  EXPECT_EQ(chief_.group(room_).epoch(), Epoch{3});
  EXPECT_THAT(Progressed(), ElementsAre(0, 2, 4));
  town_.CatchUp();
  EXPECT_EQ(alice_.members(room_), 6U);
}

TEST_F(AdmittingManyTest, CommitForNobodyIsNotMadeAndTheOthersComeIn) {
  for (const char* user : {"bob", "carla"}) {
    const std::string name = absl::StrCat("de.customs/", user, "/phone");
    town_.world().key_packages[Must(cert::DeviceName::Parse(name)).id()] = {};
  }

  ASSERT_OK_AND_ASSIGN(const Admitted admitted, chief_.Run(AdmitAll()));

  EXPECT_THAT(admitted.devices, SizeIs(3));
  EXPECT_THAT(admitted.left_out, SizeIs(2));
  EXPECT_EQ(chief_.group(room_).epoch(), Epoch{2});
}

TEST_F(AdmittingManyTest, WhoCameInBeforeAFailureStaysAndTheRestComesLater) {
  chief_.Begin(AdmitAll());
  chief_.Turn();
  ASSERT_THAT(town_.world().rooms.rooms().at(room_).log, SizeIs(2));
  chief_.relay().FailNextAppend(absl::InvalidArgumentError("no"));
  for (int i = 0; i < 3; ++i) chief_.Turn();
  EXPECT_EQ(chief_.members(room_), 5U);

  ASSERT_OK_AND_ASSIGN(const Admitted admitted, chief_.Run(AdmitAll()));

  EXPECT_THAT(admitted.devices, SizeIs(1));
  EXPECT_EQ(chief_.members(room_), 6U);
}

TEST(IsNamedTest, OrganisationUserAndDeviceMeanIt) {
  ASSERT_OK_AND_ASSIGN(const cert::DeviceName device,
                       cert::DeviceName::Parse("fr.customs/alice/laptop"));

  EXPECT_TRUE(IsNamed(device, "fr.customs"));
  EXPECT_TRUE(IsNamed(device, "fr.customs/alice"));
  EXPECT_TRUE(IsNamed(device, "fr.customs/alice/laptop"));
  EXPECT_FALSE(IsNamed(device, "fr"));
  EXPECT_FALSE(IsNamed(device, "de.customs"));
}

}  // namespace
}  // namespace cordon::client
