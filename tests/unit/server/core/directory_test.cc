#include "server/core/directory.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/cert/name.h"
#include "server/core/caller.h"
#include "server/core/stored_chain.h"
#include "storage/relay/directory_store.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::server {
namespace {

using ::cordon::testing::FakeClock;
using ::cordon::testing::IdOf;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kMember[] = "fr.customs";
constexpr char kOffice[] = "west.rilo";
constexpr char kOwner[] = "acme.rightsholder";
constexpr char kOtherOwner[] = "zeta.rightsholder";

class DirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(relay_.Write([this](const sqlite::Transaction& txn) {
      uint32_t id = 0;
      for (const char* const org : {kMember, kOffice, kOwner, kOtherOwner}) {
        CORDON_RETURN_IF_ERROR(Put(txn, org, ++id));
      }
      return absl::OkStatus();
    }));
  }
  absl::Status Put(const sqlite::Transaction& txn, const std::string& org,
                   uint32_t id) {
    CORDON_RETURN_IF_ERROR(relay_->directory.PutOrganisation(
        txn, {.host = org, .since = clock_.Now()}));
    return relay_->directory.PutDevice(
        txn,
        {.id = IdOf<DeviceId>(id),
         .host = org,
         .name = absl::StrCat("cordon://", org, "/alice/desk"),
         .identity_chain = WriteStoredChain({}),
         .transport_chain = WriteStoredChain({}),
         .since = clock_.Now()},
        IdOf<Fingerprint>(id));
  }
  absl::StatusOr<std::vector<DeviceId>> List(const std::string& by,
                                             const std::string& organisation) {
    const Caller caller = {
        .device = IdOf<DeviceId>(9),
        .name = *cert::DeviceName::Parse(absl::StrCat(by, "/bob/desk")),
        .roles = {},
        .transport = {}};
    CORDON_ASSIGN_OR_RETURN(const DirectoryPage page,
                            directory_.List(caller, organisation, DeviceId()));
    std::vector<DeviceId> devices;
    for (const DirectoryRow& row : page.rows) devices.push_back(row.device);
    return devices;
  }

  FakeClock clock_;
  RelayOnDisk relay_;
  Directory directory_{{.stores = &*relay_, .clock = &clock_}};
};

TEST_F(DirectoryTest, MemberSeesEverybodyOrOneOrganisation) {
  ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> all, List(kMember, ""));
  EXPECT_THAT(all, ElementsAre(IdOf<DeviceId>(1), IdOf<DeviceId>(2),
                               IdOf<DeviceId>(3), IdOf<DeviceId>(4)));
  ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> one, List(kMember, kOwner));
  EXPECT_THAT(one, ElementsAre(IdOf<DeviceId>(3)));
  ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> none,
                       List(kMember, "de.customs"));
  EXPECT_THAT(none, IsEmpty());
}

TEST_F(DirectoryTest, RightsHolderSeesItsOwnOrganisation) {
  for (const char* const asked : {"", kOwner}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<DeviceId> own, List(kOwner, asked));
    EXPECT_THAT(own, ElementsAre(IdOf<DeviceId>(3))) << asked;
  }
}

TEST_F(DirectoryTest, RightsHolderIsRefusedAnyOther) {
  for (const char* const asked : {kMember, kOtherOwner, "no.customs"}) {
    EXPECT_THAT(List(kOwner, asked),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << asked;
  }
}

}  // namespace
}  // namespace cordon::server
