#include "storage/vault/directory_store.h"

#include <cstddef>
#include <cstdint>
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
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/vault/vault.h"
#include "tests/support/ids.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_vault.h"

namespace cordon::vault {
namespace {

using ::cordon::testing::IdOf;
using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TempVault;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

const auto kOperation = IdOf<OperationId>(1);
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

KnownDevice Device(uint32_t id, absl::string_view name) {
  return {.id = IdOf<DeviceId>(id),
          .name = std::string(name),
          .chain = ToBytes("chain"),
          .seen = kNow};
}

Participant Member(absl::string_view organisation) {
  return {.operation = kOperation,
          .organisation = std::string(organisation),
          .profile = ToBytes("profile")};
}

auto NameIs(absl::string_view name) {
  return Field(&KnownDevice::name, std::string(name));
}

class DirectoryStoreTest : public ::testing::Test {
 protected:
  template <typename Fn>
  absl::Status Update(Fn update) {
    return vault_->Update(
        [&](VaultTxn& txn) { return update(txn.directory()); });
  }
  absl::Status Put(const KnownDevice& device) {
    return Update(
        [&](DirectoryStore& store) { return store.PutDevice(device); });
  }
  template <typename Fn>
  auto Stored(Fn read) {
    vault_.Reopen();
    return vault_.Read(
        [&](const VaultTxn& txn) { return read(txn.directory()); });
  }
  absl::StatusOr<KnownDevice> StoredDevice(uint32_t id) {
    return Stored([&](const DirectoryStore& store) {
      return store.GetDevice(IdOf<DeviceId>(id));
    });
  }

  TempVault vault_;
};

TEST_F(DirectoryStoreTest, ADeviceIsKeptAndReplaced) {
  ASSERT_OK(Put(Device(1, "cordon://fr.customs/alice/laptop")));
  KnownDevice renewed = Device(1, "cordon://fr.customs/alice/laptop");
  renewed.chain = ToBytes("new chain");
  renewed.seen = kNow + absl::Hours(1);

  ASSERT_OK(Put(renewed));

  ASSERT_OK_AND_ASSIGN(const KnownDevice stored, StoredDevice(1));
  EXPECT_EQ(stored.id, IdOf<DeviceId>(1));
  EXPECT_EQ(stored.name, renewed.name);
  EXPECT_EQ(stored.chain, renewed.chain);
  EXPECT_EQ(stored.seen, renewed.seen);
  EXPECT_THAT(Stored([&](const DirectoryStore& store) {
                return store.FindDevice(renewed.name);
              }),
              IsOkAndHolds(Field(&KnownDevice::id, renewed.id)));
}

TEST_F(DirectoryStoreTest, AnUnknownDeviceIsNotFound) {
  EXPECT_THAT(StoredDevice(1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Stored([](const DirectoryStore& store) {
                return store.FindDevice("cordon://nobody");
              }),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DirectoryStoreTest, ANameIsOneDevices) {
  ASSERT_OK(Put(Device(1, "cordon://fr.customs/alice/laptop")));

  EXPECT_THAT(Put(Device(2, "cordon://fr.customs/alice/laptop")),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(StoredDevice(2), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DirectoryStoreTest, ListGivesThoseWhoseNameBeginsSo) {
  ASSERT_OK(Put(Device(1, "cordon://fr.customs/bob/laptop")));
  ASSERT_OK(Put(Device(2, "cordon://fr.customs/alice/laptop")));
  ASSERT_OK(Put(Device(3, "cordon://de.customs/carl/laptop")));
  ASSERT_OK(Put(Device(4, "cordon://fr.customs_x/dora/laptop")));
  const auto list = [&](absl::string_view prefix, absl::string_view after) {
    return Stored([&](const DirectoryStore& store) {
      return store.ListDevices(prefix, after);
    });
  };

  EXPECT_THAT(
      list("cordon://fr.customs/", ""),
      IsOkAndHolds(ElementsAre(NameIs("cordon://fr.customs/alice/laptop"),
                               NameIs("cordon://fr.customs/bob/laptop"))));
  EXPECT_THAT(
      list("cordon://fr.customs/", "cordon://fr.customs/alice/laptop"),
      IsOkAndHolds(ElementsAre(NameIs("cordon://fr.customs/bob/laptop"))));
  EXPECT_THAT(list("cordon://xx", ""), IsOkAndHolds(IsEmpty()));
  ASSERT_OK_AND_ASSIGN(const auto all, list("", ""));
  EXPECT_EQ(all.size(), size_t{4});
}

TEST_F(DirectoryStoreTest, AParticipantIsKeptReplacedAndErased) {
  ASSERT_OK(Update([](DirectoryStore& store) {
    return store.PutParticipant(Member("fr.customs"));
  }));
  Participant changed = Member("fr.customs");
  changed.profile = ToBytes("changed");
  ASSERT_OK(Update(
      [&](DirectoryStore& store) { return store.PutParticipant(changed); }));
  const auto get = [&] {
    return Stored([](const DirectoryStore& store) {
      return store.GetParticipant(kOperation, "fr.customs");
    });
  };

  EXPECT_THAT(get(),
              IsOkAndHolds(Field(&Participant::profile, ToBytes("changed"))));
  const auto erase = [](DirectoryStore& store) {
    return store.EraseParticipant(kOperation, "fr.customs");
  };
  ASSERT_OK(Update(erase));
  EXPECT_THAT(get(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Update(erase), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DirectoryStoreTest, ParticipantsAreListedByOrganisation) {
  Participant elsewhere = Member("aa.customs");
  elsewhere.operation = IdOf<OperationId>(2);
  ASSERT_OK(Update([&](DirectoryStore& store) -> absl::Status {
    CORDON_RETURN_IF_ERROR(store.PutParticipant(Member("fr.customs")));
    CORDON_RETURN_IF_ERROR(store.PutParticipant(Member("de.customs")));
    return store.PutParticipant(elsewhere);
  }));

  EXPECT_THAT(Stored([](const DirectoryStore& store) {
                return store.ListParticipants(kOperation);
              }),
              IsOkAndHolds(ElementsAre(
                  Field(&Participant::organisation, "de.customs"),
                  Field(&Participant::organisation, "fr.customs"))));
}

TEST_F(DirectoryStoreTest, ParticipantsBeyondTheLimitsAreRefused) {
  Participant big = Member("fr.customs");
  big.profile.resize(kParticipantBytesMax + 1);
  const auto exhausted = StatusIs(absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(
      Update([&](DirectoryStore& store) { return store.PutParticipant(big); }),
      exhausted);

  ASSERT_OK(Update([](DirectoryStore& store) -> absl::Status {
    for (size_t i = 0; i < kParticipantsMax; ++i) {
      CORDON_RETURN_IF_ERROR(
          store.PutParticipant(Member(absl::StrCat("m", i))));
    }
    return absl::OkStatus();
  }));

  EXPECT_THAT(Update([](DirectoryStore& store) {
                return store.PutParticipant(Member("one more"));
              }),
              exhausted);
  EXPECT_OK(Update([](DirectoryStore& store) {
    return store.PutParticipant(Member("m1"));
  }));
}

TEST_F(DirectoryStoreTest, AVerifiedCertificateIsKeptUntilItExpires) {
  const auto put = [&](uint32_t id, absl::Time expires) {
    return Update([&](DirectoryStore& store) {
      return store.PutVerified({.fingerprint = IdOf<Fingerprint>(id),
                                .crl_number = 3,
                                .expires = expires});
    });
  };
  const auto get = [&](uint32_t id) {
    return Stored([&](const DirectoryStore& store) {
      return store.GetVerified(IdOf<Fingerprint>(id));
    });
  };
  ASSERT_OK(put(1, kNow - absl::Seconds(1)));
  ASSERT_OK(put(2, kNow));

  ASSERT_OK_AND_ASSIGN(const VerifiedCertificate stored, get(1));
  EXPECT_EQ(stored.fingerprint, IdOf<Fingerprint>(1));
  EXPECT_EQ(stored.crl_number, 3U);
  EXPECT_EQ(stored.expires, kNow - absl::Seconds(1));
  ASSERT_OK(Update(
      [](DirectoryStore& store) { return store.EraseVerifiedBefore(kNow); }));
  EXPECT_THAT(get(1), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(get(2));
}

}  // namespace
}  // namespace cordon::vault
