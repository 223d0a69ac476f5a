#include "storage/vault/blob_store.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/vault/record_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"
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
using ::testing::SizeIs;

const auto kBlob = IdOf<BlobId>(1);
const auto kRoom = IdOf<RoomId>(1);
const RecordName kRecord{.room = kRoom, .id = IdOf<RecordId>(1)};
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Blob MakeBlob(uint32_t id, BlobState state) {
  return {.id = IdOf<BlobId>(id),
          .size_bytes = 1000,
          .state = state,
          .offset_bytes = 10,
          .attempts = 0,
          .next_try = kNow};
}

BlobReference Reference(const RecordName& record, uint32_t blob) {
  BlobReference reference;
  reference.record = record;
  reference.blob = IdOf<BlobId>(blob);
  reference.name = "guide.pdf";
  reference.size_bytes = 900;
  reference.key_ref = SecretBytes::Copy(AsBytes("key"));
  return reference;
}

class BlobStoreTest : public ::testing::Test {
 protected:
  template <typename Fn>
  absl::Status Update(Fn update) {
    return vault_->Update([&](VaultTxn& txn) { return update(txn.blobs()); });
  }
  absl::Status Add(uint32_t id, BlobState state) {
    return Update(
        [&](BlobStore& store) { return store.AddBlob(MakeBlob(id, state)); });
  }
  absl::Status AddReference(const RecordName& record, uint32_t blob) {
    return Update([&](BlobStore& store) {
      return store.AddReference(Reference(record, blob));
    });
  }
  template <typename Fn>
  auto Stored(Fn read) {
    vault_.Reopen();
    return vault_.Read([&](const VaultTxn& txn) { return read(txn.blobs()); });
  }
  absl::StatusOr<Blob> StoredBlob() {
    return Stored([](const BlobStore& store) { return store.GetBlob(kBlob); });
  }

  TempVault vault_;
};

TEST_F(BlobStoreTest, ABlobIsKeptWhole) {
  ASSERT_OK(Add(1, BlobState::kUploading));

  ASSERT_OK_AND_ASSIGN(const Blob blob, StoredBlob());

  EXPECT_EQ(blob.id, kBlob);
  EXPECT_EQ(blob.size_bytes, 1000U);
  EXPECT_EQ(blob.state, BlobState::kUploading);
  EXPECT_EQ(blob.offset_bytes, 10U);
  EXPECT_EQ(blob.attempts, 0U);
  EXPECT_EQ(blob.next_try, kNow);
}

TEST_F(BlobStoreTest, AnUnknownBlobIsNotFoundAndAKnownOneNotAddedAgain) {
  const auto not_found = StatusIs(absl::StatusCode::kNotFound);
  EXPECT_THAT(StoredBlob(), not_found);
  EXPECT_THAT(Update([](BlobStore& store) {
                return store.SetTransfer(kBlob, BlobState::kCached, 0);
              }),
              not_found);
  EXPECT_THAT(
      Update([](BlobStore& store) { return store.NoteAttempt(kBlob, kNow); }),
      not_found);
  ASSERT_OK(Add(1, BlobState::kRemote));

  EXPECT_THAT(Add(1, BlobState::kCached),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(StoredBlob(),
              IsOkAndHolds(Field(&Blob::state, BlobState::kRemote)));
}

TEST_F(BlobStoreTest, ATransferGoesOnWhereItStopped) {
  ASSERT_OK(Add(1, BlobState::kDownloading));
  ASSERT_OK(Update([](BlobStore& store) {
    return store.NoteAttempt(kBlob, kNow + absl::Minutes(1));
  }));
  ASSERT_OK_AND_ASSIGN(const Blob failed, StoredBlob());
  EXPECT_EQ(failed.attempts, 1U);
  EXPECT_EQ(failed.next_try, kNow + absl::Minutes(1));
  EXPECT_EQ(failed.offset_bytes, 10U);

  ASSERT_OK(Update([](BlobStore& store) {
    return store.SetTransfer(kBlob, BlobState::kDownloading, 400);
  }));

  ASSERT_OK_AND_ASSIGN(const Blob blob, StoredBlob());
  EXPECT_EQ(blob.offset_bytes, 400U);
  EXPECT_EQ(blob.attempts, 0U);
}

TEST_F(BlobStoreTest, AnOffsetBeyondTheBlobIsRefused) {
  Blob beyond = MakeBlob(2, BlobState::kUploading);
  beyond.offset_bytes = beyond.size_bytes + 1;
  ASSERT_OK(Add(1, BlobState::kUploading));
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);

  EXPECT_THAT(Update([&](BlobStore& store) { return store.AddBlob(beyond); }),
              refused);
  EXPECT_THAT(Update([](BlobStore& store) {
                return store.SetTransfer(kBlob, BlobState::kCached, 1001);
              }),
              refused);

  EXPECT_THAT(StoredBlob(),
              IsOkAndHolds(Field(&Blob::state, BlobState::kUploading)));
}

TEST_F(BlobStoreTest, ListDueGivesOneStateWhoseTimeHasCome) {
  ASSERT_OK(Add(1, BlobState::kUploading));
  ASSERT_OK(Add(2, BlobState::kDownloading));
  ASSERT_OK(Update([](BlobStore& store) -> absl::Status {
    Blob later = MakeBlob(3, BlobState::kUploading);
    later.next_try = kNow + absl::Seconds(1);
    Blob earlier = MakeBlob(4, BlobState::kUploading);
    earlier.next_try = kNow - absl::Seconds(1);
    CORDON_RETURN_IF_ERROR(store.AddBlob(later));
    return store.AddBlob(earlier);
  }));

  EXPECT_THAT(Stored([](const BlobStore& store) {
                return store.ListDue(BlobState::kUploading, kNow);
              }),
              IsOkAndHolds(ElementsAre(Field(&Blob::id, IdOf<BlobId>(4)),
                                       Field(&Blob::id, kBlob))));
}

TEST_F(BlobStoreTest, AReferenceIsKeptWithItsKey) {
  ASSERT_OK(Add(1, BlobState::kRemote));
  ASSERT_OK(AddReference(kRecord, 1));

  ASSERT_OK_AND_ASSIGN(const auto references,
                       Stored([](const BlobStore& store) {
                         return store.ReferencesIn(kRecord);
                       }));

  ASSERT_THAT(references, SizeIs(1));
  EXPECT_EQ(references[0].record.room, kRoom);
  EXPECT_EQ(references[0].record.id, kRecord.id);
  EXPECT_EQ(references[0].blob, kBlob);
  EXPECT_EQ(references[0].name, "guide.pdf");
  EXPECT_EQ(references[0].size_bytes, 900U);
  EXPECT_EQ(ToString(references[0].key_ref.ExposeSecret()), "key");
}

TEST_F(BlobStoreTest, AReferenceNeedsItsBlobAndIsAddedOnce) {
  EXPECT_THAT(AddReference(kRecord, 1),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK(Add(1, BlobState::kRemote));
  ASSERT_OK(AddReference(kRecord, 1));

  EXPECT_THAT(AddReference(kRecord, 1),
              StatusIs(absl::StatusCode::kAlreadyExists));

  EXPECT_THAT(Stored([](const BlobStore& store) {
                return store.ReferencesIn(kRecord);
              }),
              IsOkAndHolds(SizeIs(1)));
}

TEST_F(BlobStoreTest, ReferencesBeyondTheLimitsAreRefused) {
  ASSERT_OK(Update([](BlobStore& store) -> absl::Status {
    for (uint32_t i = 1; i <= kBlobsPerRecordMax + 1; ++i) {
      CORDON_RETURN_IF_ERROR(store.AddBlob(MakeBlob(i, BlobState::kRemote)));
    }
    for (uint32_t i = 1; i <= kBlobsPerRecordMax; ++i) {
      CORDON_RETURN_IF_ERROR(store.AddReference(Reference(kRecord, i)));
    }
    return absl::OkStatus();
  }));
  BlobReference named = Reference({.room = kRoom, .id = IdOf<RecordId>(2)}, 1);
  named.name = std::string(kBlobNameBytesMax + 1, 'n');

  EXPECT_THAT(AddReference(kRecord, kBlobsPerRecordMax + 1),
              StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(
      Update([&](BlobStore& store) { return store.AddReference(named); }),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BlobStoreTest, OneBlobMayBeNamedInSeveralRooms) {
  const RecordName approval{.room = IdOf<RoomId>(2), .id = IdOf<RecordId>(2)};
  ASSERT_OK(Add(1, BlobState::kCached));
  ASSERT_OK(AddReference(kRecord, 1));
  ASSERT_OK(AddReference(approval, 1));

  ASSERT_OK_AND_ASSIGN(
      const auto references,
      Stored([](const BlobStore& store) { return store.ReferencesTo(kBlob); }));

  ASSERT_THAT(references, SizeIs(2));
  EXPECT_EQ(references[0].record.room, kRoom);
  EXPECT_EQ(references[1].record.room, approval.room);
}

TEST_F(BlobStoreTest, ListPagesThroughARoomARecordAtATime) {
  ASSERT_OK(Update([](BlobStore& store) -> absl::Status {
    CORDON_RETURN_IF_ERROR(store.AddBlob(MakeBlob(1, BlobState::kRemote)));
    CORDON_RETURN_IF_ERROR(store.AddBlob(MakeBlob(2, BlobState::kRemote)));
    for (uint32_t i = 1; i <= kBlobRecordsPerPageMax + 1; ++i) {
      const RecordName record{.room = kRoom, .id = IdOf<RecordId>(i)};
      CORDON_RETURN_IF_ERROR(store.AddReference(Reference(record, 1)));
      CORDON_RETURN_IF_ERROR(store.AddReference(Reference(record, 2)));
    }
    return absl::OkStatus();
  }));
  const auto list = [&](RoomId room, RecordId after) {
    return Stored(
        [&](const BlobStore& store) { return store.List(room, after); });
  };

  ASSERT_OK_AND_ASSIGN(const auto first, list(kRoom, RecordId()));
  ASSERT_THAT(first, SizeIs(2 * kBlobRecordsPerPageMax));
  EXPECT_THAT(list(kRoom, first.back().record.id), IsOkAndHolds(SizeIs(2)));
  EXPECT_THAT(list(IdOf<RoomId>(9), RecordId()), IsOkAndHolds(IsEmpty()));
}

TEST_F(BlobStoreTest, ARecordWaitsForItsUploads) {
  ASSERT_OK(Add(1, BlobState::kUploading));
  ASSERT_OK(Add(2, BlobState::kCached));
  ASSERT_OK(AddReference(kRecord, 1));
  ASSERT_OK(AddReference(kRecord, 2));
  const auto unsent = [&] {
    return Stored(
        [](const BlobStore& store) { return store.CountUnsent(kRecord); });
  };

  EXPECT_THAT(unsent(), IsOkAndHolds(1));
  ASSERT_OK(Update([](BlobStore& store) {
    return store.SetTransfer(kBlob, BlobState::kCached, 1000);
  }));
  EXPECT_THAT(unsent(), IsOkAndHolds(0));
}

TEST_F(BlobStoreTest, IdIsFoundByItsFirstDigits) {
  for (const uint32_t id : {0x11U, 0x12U, 0x20U}) {
    ASSERT_OK(Add(id, BlobState::kRemote));
  }
  const auto find = [this](absl::string_view digits) {
    return vault_.Read([digits](const VaultTxn& txn) {
      return txn.blobs().FindByIdPrefix(digits);
    });
  };

  const std::string zeros(30, '0');
  EXPECT_THAT(find(zeros + "1"), IsOkAndHolds(ElementsAre(IdOf<BlobId>(0x11),
                                                          IdOf<BlobId>(0x12))));
  EXPECT_THAT(find(zeros + "20"),
              IsOkAndHolds(ElementsAre(IdOf<BlobId>(0x20))));
  EXPECT_THAT(find("ff"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(find("guide.pdf"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(BlobStoreTest, ErasedReferencesTakeTheBlobsThatNobodyElseNames) {
  const RecordName other{.room = kRoom, .id = IdOf<RecordId>(2)};
  ASSERT_OK(Add(1, BlobState::kUploading));
  ASSERT_OK(Add(2, BlobState::kUploading));
  ASSERT_OK(AddReference(kRecord, 1));
  ASSERT_OK(AddReference(kRecord, 2));
  ASSERT_OK(AddReference(other, 2));

  std::vector<BlobId> unnamed;
  ASSERT_OK(Update([&unnamed](BlobStore& store) -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(unnamed, store.EraseReferences(kRecord));
    return absl::OkStatus();
  }));

  EXPECT_THAT(unnamed, ElementsAre(IdOf<BlobId>(1)));
  const auto get = [this](uint32_t id) {
    return vault_.Read([id](const VaultTxn& txn) {
      return txn.blobs().GetBlob(IdOf<BlobId>(id));
    });
  };
  EXPECT_THAT(get(1).status(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_OK(get(2).status());
}

}  // namespace
}  // namespace cordon::vault
