#include "storage/relay/directory_store.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "storage/sqlite/transaction.h"
#include "tests/support/ids.h"
#include "tests/support/relay_on_disk.h"
#include "tests/support/status_matchers.h"

namespace cordon::relay {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::RelayOnDisk;
using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1700000000);
constexpr absl::string_view kHost = "fr.customs";

Device DeviceOf(uint32_t n, absl::string_view host = kHost) {
  return {.id = IdOf<DeviceId>(n),
          .host = std::string(host),
          .name = absl::StrCat("cordon://", host, "/user", n, "/laptop"),
          .identity_chain = ToBytes("identity"),
          .transport_chain = ToBytes("transport"),
          .since = kNow};
}

class DirectoryStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(PutOrganisation(kHost, kNow)); }

  absl::Status PutOrganisation(absl::string_view host, absl::Time since) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->directory.PutOrganisation(
          txn, {.host = std::string(host), .since = since});
    });
  }
  absl::Status PutIssuing(uint32_t n, absl::string_view host) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->directory.PutIssuingCertificate(
          txn, {.fingerprint = IdOf<Fingerprint>(n),
                .host = std::string(host),
                .certificate = ToBytes("certificate")});
    });
  }
  absl::Status PutDevice(const Device& device, uint32_t transport) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->directory.PutDevice(txn, device,
                                         IdOf<Fingerprint>(transport));
    });
  }
  absl::Status PutCrl(uint64_t number, absl::string_view crl) {
    return relay_.Write([&](const sqlite::Transaction& txn) {
      return relay_->directory.PutCrl(
          txn, {.issuer = IdOf<Fingerprint>(1),
                .number = CrlNumber{number},
                .crl = ToBytes(crl),
                .issuing_certificate = ToBytes("issuer")});
    });
  }
  absl::Status FindByTransport(uint32_t transport) {
    return relay_->directory.FindDeviceByTransport(IdOf<Fingerprint>(transport))
        .status();
  }

  RelayOnDisk relay_;
};

TEST_F(DirectoryStoreTest, OrganisationIsThereAfterRestart) {
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(relay_->directory.FindOrganisation(kHost),
              IsOkAndHolds(Field(&Organisation::since, kNow)));
  EXPECT_THAT(relay_->directory.FindOrganisation("de.customs"),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DirectoryStoreTest, OrganisationKeepsItsFirstDate) {
  ASSERT_OK(PutOrganisation(kHost, kNow + absl::Hours(9)));

  EXPECT_THAT(relay_->directory.FindOrganisation(kHost),
              IsOkAndHolds(Field(&Organisation::since, kNow)));
}

TEST_F(DirectoryStoreTest, OrganisationsAreListedInPages) {
  ASSERT_OK(PutOrganisation("de.customs", kNow));
  ASSERT_OK(PutOrganisation("jp.customs", kNow));

  EXPECT_THAT(relay_->directory.ListOrganisations("", 2),
              IsOkAndHolds(ElementsAre(Field(&Organisation::host, "de.customs"),
                                       Field(&Organisation::host, kHost))));
  EXPECT_THAT(
      relay_->directory.ListOrganisations(kHost, 2),
      IsOkAndHolds(ElementsAre(Field(&Organisation::host, "jp.customs"))));
}

TEST_F(DirectoryStoreTest, IssuingCertificatesAreThereAfterRestart) {
  ASSERT_OK(PutIssuing(2, kHost));
  ASSERT_OK(PutIssuing(1, kHost));
  ASSERT_OK(PutIssuing(1, kHost));
  ASSERT_OK(relay_.Restart());

  EXPECT_THAT(
      relay_->directory.IssuingCertificatesOf(kHost),
      IsOkAndHolds(ElementsAre(
          Field(&IssuingCertificate::fingerprint, IdOf<Fingerprint>(1)),
          Field(&IssuingCertificate::fingerprint, IdOf<Fingerprint>(2)))));
  EXPECT_THAT(relay_->directory.IssuingCertificatesOf("de.customs"),
              IsOkAndHolds(IsEmpty()));
}

TEST_F(DirectoryStoreTest, UnknownOrganisationHasNoCertificatesOrDevices) {
  EXPECT_THAT(PutIssuing(1, "de.customs"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(PutDevice(DeviceOf(1, "de.customs"), 1),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(relay_->directory.ListDevices(DeviceId(), 10),
              IsOkAndHolds(IsEmpty()));
}

TEST_F(DirectoryStoreTest, DeviceIsThereAfterRestart) {
  ASSERT_OK(PutDevice(DeviceOf(1), 11));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Device device,
                       relay_->directory.FindDevice(IdOf<DeviceId>(1)));

  EXPECT_EQ(device.host, kHost);
  EXPECT_EQ(device.name, "cordon://fr.customs/user1/laptop");
  EXPECT_EQ(device.identity_chain, ToBytes("identity"));
  EXPECT_EQ(device.transport_chain, ToBytes("transport"));
  EXPECT_EQ(device.since, kNow);
  EXPECT_THAT(relay_->directory.FindDeviceByTransport(IdOf<Fingerprint>(11)),
              IsOkAndHolds(Field(&Device::id, IdOf<DeviceId>(1))));
}

TEST_F(DirectoryStoreTest, UnknownDeviceIsNotFound) {
  EXPECT_THAT(relay_->directory.FindDevice(IdOf<DeviceId>(1)),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(FindByTransport(1), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DirectoryStoreTest, RenewalReplacesTheChainsAndKeepsTheDate) {
  ASSERT_OK(PutDevice(DeviceOf(1), 11));
  Device renewed = DeviceOf(1);
  renewed.transport_chain = ToBytes("renewed");
  renewed.since = kNow + absl::Hours(9);

  ASSERT_OK(PutDevice(renewed, 12));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Device device,
                       relay_->directory.FindDevice(IdOf<DeviceId>(1)));
  EXPECT_EQ(device.transport_chain, ToBytes("renewed"));
  EXPECT_EQ(device.since, kNow);
}

// The answer to a renewal may be lost: the old certificate still opens.
TEST_F(DirectoryStoreTest, DeviceIsKnownByItsNewestTwoTransportCertificates) {
  ASSERT_OK(PutDevice(DeviceOf(1), 11));
  ASSERT_OK(PutDevice(DeviceOf(1), 12));
  EXPECT_OK(FindByTransport(11));

  ASSERT_OK(PutDevice(DeviceOf(1), 13));

  EXPECT_THAT(FindByTransport(11), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(FindByTransport(12));
  EXPECT_OK(FindByTransport(13));
}

TEST_F(DirectoryStoreTest, SameDeviceAgainChangesNothing) {
  ASSERT_OK(PutDevice(DeviceOf(1), 11));
  ASSERT_OK(PutDevice(DeviceOf(1), 12));

  ASSERT_OK(PutDevice(DeviceOf(1), 12));

  EXPECT_OK(FindByTransport(11));
}

TEST_F(DirectoryStoreTest, FingerprintOrNameOfAnotherDeviceIsRefused) {
  ASSERT_OK(PutDevice(DeviceOf(1), 11));

  EXPECT_THAT(PutDevice(DeviceOf(2), 11),
              StatusIs(absl::StatusCode::kAlreadyExists));
  Device impostor = DeviceOf(2);
  impostor.name = DeviceOf(1).name;
  EXPECT_THAT(PutDevice(impostor, 12),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(relay_->directory.ListDevices(DeviceId(), 10),
              IsOkAndHolds(SizeIs(1)));
}

TEST_F(DirectoryStoreTest, DevicesAreListedInPagesOfAllOrOfOneOrganisation) {
  ASSERT_OK(PutOrganisation("de.customs", kNow));
  ASSERT_OK(PutDevice(DeviceOf(1), 11));
  ASSERT_OK(PutDevice(DeviceOf(2, "de.customs"), 12));
  ASSERT_OK(PutDevice(DeviceOf(3), 13));

  EXPECT_THAT(relay_->directory.ListDevices(DeviceId(), 2),
              IsOkAndHolds(SizeIs(2)));
  EXPECT_THAT(relay_->directory.ListDevices(IdOf<DeviceId>(2), 2),
              IsOkAndHolds(ElementsAre(Field(&Device::id, IdOf<DeviceId>(3)))));
  EXPECT_THAT(relay_->directory.ListDevicesOf(kHost, IdOf<DeviceId>(1), 10),
              IsOkAndHolds(ElementsAre(Field(&Device::id, IdOf<DeviceId>(3)))));
}

TEST_F(DirectoryStoreTest, CrlIsThereAfterRestart) {
  ASSERT_OK(PutCrl(4, "four"));
  ASSERT_OK(relay_.Restart());

  ASSERT_OK_AND_ASSIGN(const Crl crl,
                       relay_->directory.FindCrl(IdOf<Fingerprint>(1)));
  EXPECT_EQ(crl.number, CrlNumber{4});
  EXPECT_EQ(crl.crl, ToBytes("four"));
  EXPECT_EQ(crl.issuing_certificate, ToBytes("issuer"));
  EXPECT_THAT(relay_->directory.FindCrl(IdOf<Fingerprint>(2)),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DirectoryStoreTest, NewerCrlReplacesAnOlderOneNever) {
  ASSERT_OK(PutCrl(4, "four"));

  EXPECT_THAT(PutCrl(3, "three"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_OK(PutCrl(4, "four"));
  EXPECT_THAT(PutCrl(4, "another four"),
              StatusIs(absl::StatusCode::kAlreadyExists));
  ASSERT_OK(PutCrl(7, "seven"));

  EXPECT_THAT(relay_->directory.ListCrls(Fingerprint(), 10),
              IsOkAndHolds(ElementsAre(Field(&Crl::crl, ToBytes("seven")))));
  EXPECT_THAT(relay_->directory.ListCrls(IdOf<Fingerprint>(1), 10),
              IsOkAndHolds(IsEmpty()));
}

TEST_F(DirectoryStoreTest, FullDiskLeavesTheDirectoryAsItWas) {
  ASSERT_OK(PutCrl(4, "four"));
  relay_.disk().FillAfter(0);

  EXPECT_THAT(PutDevice(DeviceOf(1), 11),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(PutCrl(5, "five"),
              StatusIs(absl::StatusCode::kResourceExhausted));

  relay_.disk().FreeUp();
  EXPECT_THAT(FindByTransport(11), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(relay_->directory.FindCrl(IdOf<Fingerprint>(1)),
              IsOkAndHolds(Field(&Crl::number, CrlNumber{4})));
}

}  // namespace
}  // namespace cordon::relay
