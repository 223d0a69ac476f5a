#include "storage/vault/identity_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/vault/vault.h"
#include "tests/support/ids.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

OwnDevice Device(absl::string_view name) {
  SeededRandom random(5);
  OwnDevice device;
  device.name = std::string(name);
  device.identity_seed = PrivateKeyBytes::Random(random);
  device.transport_seed = PrivateKeyBytes::Random(random);
  device.inbox_key = PrivateKeyBytes::Random(random);
  return device;
}

class IdentityStoreTest : public ::testing::Test {
 protected:
  template <typename Fn>
  absl::Status Update(Fn update) {
    return vault_->Update(
        [&](VaultTxn& txn) { return update(txn.identity()); });
  }
  template <typename Fn>
  auto Stored(Fn read) {
    vault_.Reopen();
    return vault_.Read(
        [&](const VaultTxn& txn) { return read(txn.identity()); });
  }
  absl::StatusOr<OwnDevice> StoredDevice() {
    return Stored([](const IdentityStore& store) { return store.GetDevice(); });
  }
  absl::Status PutSetting(absl::string_view name, ByteSpan value) {
    return Update(
        [&](IdentityStore& store) { return store.PutSetting(name, value); });
  }
  absl::StatusOr<Bytes> StoredSetting(absl::string_view name) {
    return Stored(
        [&](const IdentityStore& store) { return store.GetSetting(name); });
  }

  TempVault vault_;
};

TEST_F(IdentityStoreTest, TheDeviceIsKeptWithItsKeys) {
  OwnDevice device = Device("cordon://fr.customs/alice/laptop");
  device.issuing_seed = SecretBytes::Copy(AsBytes("issuing"));
  ASSERT_OK(
      Update([&](IdentityStore& store) { return store.PutDevice(device); }));

  ASSERT_OK_AND_ASSIGN(const OwnDevice stored, StoredDevice());

  EXPECT_EQ(stored.name, device.name);
  EXPECT_TRUE(stored.identity_seed.EqualsConstantTime(device.identity_seed));
  EXPECT_TRUE(stored.transport_seed.EqualsConstantTime(device.transport_seed));
  EXPECT_TRUE(stored.inbox_key.EqualsConstantTime(device.inbox_key));
  EXPECT_TRUE(stored.issuing_seed.EqualsConstantTime(device.issuing_seed));
}

TEST_F(IdentityStoreTest, AVaultIsOneDevicesForGood) {
  EXPECT_THAT(StoredDevice(), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(Update(
      [](IdentityStore& store) { return store.PutDevice(Device("one")); }));

  EXPECT_THAT(Update([](IdentityStore& store) {
                return store.PutDevice(Device("other"));
              }),
              StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK_AND_ASSIGN(const OwnDevice stored, StoredDevice());
  EXPECT_EQ(stored.name, "one");
  EXPECT_TRUE(stored.issuing_seed.empty());
}

TEST_F(IdentityStoreTest, CertificatesAreReplacedWholeAndInOrder) {
  const auto put = [&](const OwnCertificates& certificates) {
    return Update([&](IdentityStore& store) {
      return store.PutCertificates(certificates);
    });
  };
  const auto get = [&] {
    return Stored(
        [](const IdentityStore& store) { return store.GetCertificates(); });
  };
  ASSERT_OK_AND_ASSIGN(const OwnCertificates none, get());
  EXPECT_THAT(none.identity_chain, IsEmpty());
  ASSERT_OK(put({.identity_chain = {ToBytes("leaf"), ToBytes("issuer")},
                 .transport_chain = {ToBytes("tls"), ToBytes("issuer")},
                 .issuing_chain = {ToBytes("ca")}}));

  ASSERT_OK(put({.identity_chain = {ToBytes("new leaf"), ToBytes("issuer")},
                 .transport_chain = {ToBytes("new tls")},
                 .issuing_chain = {}}));

  ASSERT_OK_AND_ASSIGN(const OwnCertificates stored, get());
  EXPECT_THAT(stored.identity_chain,
              ElementsAre(ToBytes("new leaf"), ToBytes("issuer")));
  EXPECT_THAT(stored.transport_chain, ElementsAre(ToBytes("new tls")));
  EXPECT_THAT(stored.issuing_chain, IsEmpty());
}

TEST_F(IdentityStoreTest, TheRelayIsReplacedAndTheNextPinMayGo) {
  const auto put = [&](std::optional<RelayPin> next) {
    return Update([&](IdentityStore& store) {
      return store.PutRelay({.address = "relay:7443",
                             .pin = IdOf<RelayPin>(1),
                             .next_pin = next,
                             .root_certificate = ToBytes("root")});
    });
  };
  const auto get = [&] {
    return Stored([](const IdentityStore& store) { return store.GetRelay(); });
  };
  EXPECT_THAT(get(), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(put(IdOf<RelayPin>(2)));

  ASSERT_OK_AND_ASSIGN(const RelayAccess announced, get());
  ASSERT_OK(put(std::nullopt));
  ASSERT_OK_AND_ASSIGN(const RelayAccess after, get());

  EXPECT_EQ(announced.address, "relay:7443");
  EXPECT_EQ(announced.pin, IdOf<RelayPin>(1));
  EXPECT_EQ(announced.next_pin, IdOf<RelayPin>(2));
  EXPECT_EQ(announced.root_certificate, ToBytes("root"));
  EXPECT_EQ(after.next_pin, std::nullopt);
}

TEST_F(IdentityStoreTest, AnEnrolmentInProgressIsKeptAndNotReplaced) {
  const auto put = [&](absl::string_view request) {
    return Update([&](IdentityStore& store) {
      return store.PutEnrolment(
          {.invitation = SecretBytes::Copy(AsBytes("cordon+join:")),
           .keys = SecretBytes::Copy(AsBytes("keys")),
           .request = ToBytes(request),
           .made = kNow});
    });
  };
  const auto get = [&] {
    return Stored(
        [](const IdentityStore& store) { return store.GetEnrolment(); });
  };
  EXPECT_THAT(get(), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(put("request"));

  EXPECT_THAT(put("another"), StatusIs(absl::StatusCode::kAlreadyExists));

  ASSERT_OK_AND_ASSIGN(const Enrolment stored, get());
  EXPECT_EQ(ToString(stored.invitation.ExposeSecret()), "cordon+join:");
  EXPECT_EQ(ToString(stored.keys.ExposeSecret()), "keys");
  EXPECT_EQ(stored.request, ToBytes("request"));
  EXPECT_EQ(stored.made, kNow);
  ASSERT_OK(
      Update([](IdentityStore& store) { return store.EraseEnrolment(); }));
  EXPECT_THAT(get(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(put("another"));
}

TEST_F(IdentityStoreTest, SettingsAreKeptReplacedListedAndErased) {
  ASSERT_OK(PutSetting("zone", AsBytes("Europe/Paris")));
  ASSERT_OK(PutSetting("colour", AsBytes("no")));
  ASSERT_OK(PutSetting("zone", AsBytes("UTC")));

  EXPECT_THAT(StoredSetting("zone"), IsOkAndHolds(ToBytes("UTC")));
  ASSERT_OK_AND_ASSIGN(
      const auto settings,
      Stored([](const IdentityStore& store) { return store.ListSettings(); }));
  ASSERT_THAT(settings, SizeIs(2));
  EXPECT_EQ(settings[0].name, "colour");
  EXPECT_EQ(settings[1].value, ToBytes("UTC"));
  ASSERT_OK(
      Update([](IdentityStore& store) { return store.EraseSetting("zone"); }));
  EXPECT_THAT(StoredSetting("zone"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(
      Update([](IdentityStore& store) { return store.EraseSetting("zone"); }));
}

TEST_F(IdentityStoreTest, SettingsBeyondTheLimitsAreRefused) {
  const auto exhausted = StatusIs(absl::StatusCode::kResourceExhausted);
  const auto invalid = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(PutSetting("", {}), invalid);
  EXPECT_THAT(PutSetting(std::string(kSettingNameBytesMax + 1, 'n'), {}),
              invalid);
  EXPECT_THAT(PutSetting("big", Bytes(kSettingBytesMax + 1)), exhausted);
  ASSERT_OK(Update([](IdentityStore& store) -> absl::Status {
    for (size_t i = 0; i < kSettingsMax; ++i) {
      CORDON_RETURN_IF_ERROR(store.PutSetting(absl::StrCat("n", i), {}));
    }
    return absl::OkStatus();
  }));

  EXPECT_THAT(PutSetting("one more", {}), exhausted);
  EXPECT_OK(PutSetting("n1", AsBytes("changed")));
}

}  // namespace
}  // namespace cordon::vault
