#include "storage/vault/search_index.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/vault/record_store.h"
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
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const auto kRoom = IdOf<RoomId>(1);
const auto kOtherRoom = IdOf<RoomId>(2);

SearchText Text(RoomId room, uint32_t record, absl::string_view body) {
  return {.record = {.room = room, .id = IdOf<RecordId>(record)},
          .part = 0,
          .kind = 4,
          .title = "A title",
          .body = std::string(body)};
}

auto IsRecord(uint32_t record) {
  return Field(&SearchHit::record,
               Field(&RecordName::id, IdOf<RecordId>(record)));
}

class SearchIndexTest : public ::testing::Test {
 protected:
  absl::Status Put(const SearchText& text) {
    return vault_->Update(
        [&](VaultTxn& txn) { return txn.search().Put(text); });
  }
  absl::Status Erase(const RecordName& record) {
    return vault_->Update(
        [&](VaultTxn& txn) { return txn.search().Erase(record); });
  }
  absl::StatusOr<std::vector<SearchHit>> Search(const SearchQuery& query) {
    return vault_.Read(
        [&](const VaultTxn& txn) { return txn.search().Search(query); });
  }
  absl::StatusOr<std::vector<SearchHit>> Search(absl::string_view words) {
    return Search(SearchQuery{.words = std::string(words)});
  }

  TempVault vault_;
};

TEST_F(SearchIndexTest, AWordIsFoundWithWhereItStands) {
  SearchText text = Text(kRoom, 1, "The zipper is made of brass.");
  text.part = 2;
  ASSERT_OK(Put(text));
  vault_.Reopen();

  ASSERT_OK_AND_ASSIGN(const auto hits, Search("zipper"));

  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].record.room, kRoom);
  EXPECT_EQ(hits[0].record.id, IdOf<RecordId>(1));
  EXPECT_EQ(hits[0].part, 2U);
  EXPECT_EQ(hits[0].kind, 4U);
  EXPECT_EQ(hits[0].title, "A title");
  EXPECT_EQ(hits[0].snippet,
            "The \x02"
            "zipper\x03 is made of brass.");
}

TEST_F(SearchIndexTest, CaseAccentsAndWordEndingsDoNotMatter) {
  ASSERT_OK(Put(Text(kRoom, 1, "Contrefaçon de MÉDICAMENTS, Пломба")));

  for (const char* words :
       {"contrefacon", "CONTREFAÇON", "medic", "пломб", "medic contre"}) {
    SCOPED_TRACE(words);
    EXPECT_THAT(Search(words), IsOkAndHolds(SizeIs(1)));
  }
}

TEST_F(SearchIndexTest, AllWordsMustOccur) {
  ASSERT_OK(Put(Text(kRoom, 1, "brass zipper")));
  ASSERT_OK(Put(Text(kRoom, 2, "brass button")));

  EXPECT_THAT(Search("brass"),
              IsOkAndHolds(UnorderedElementsAre(IsRecord(1), IsRecord(2))));
  EXPECT_THAT(Search("brass button"),
              IsOkAndHolds(UnorderedElementsAre(IsRecord(2))));
  EXPECT_THAT(Search("zipper button"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Search("leather"), IsOkAndHolds(IsEmpty()));
}

TEST_F(SearchIndexTest, TheTitleIsSearchedToo) {
  SearchText text = Text(kRoom, 1, "body");
  text.title = "Genuine bearings";
  ASSERT_OK(Put(text));

  ASSERT_OK_AND_ASSIGN(const auto hits, Search("bearings"));

  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_THAT(hits[0].title, HasSubstr("\x02"
                                       "bearings\x03"));
}

TEST_F(SearchIndexTest, ResultsAreFilteredByRoomAndKind) {
  SearchText other_kind = Text(kRoom, 2, "brass");
  other_kind.kind = 5;
  ASSERT_OK(Put(Text(kRoom, 1, "brass")));
  ASSERT_OK(Put(other_kind));
  ASSERT_OK(Put(Text(kOtherRoom, 3, "brass")));

  EXPECT_THAT(Search({.words = "brass", .room = kRoom}),
              IsOkAndHolds(UnorderedElementsAre(IsRecord(1), IsRecord(2))));
  EXPECT_THAT(Search({.words = "brass", .kind = 4}),
              IsOkAndHolds(UnorderedElementsAre(IsRecord(1), IsRecord(3))));
  EXPECT_THAT(Search({.words = "brass", .room = kOtherRoom, .kind = 5}),
              IsOkAndHolds(IsEmpty()));
}

TEST_F(SearchIndexTest, PuttingAPartAgainReplacesItsWords) {
  ASSERT_OK(Put(Text(kRoom, 1, "brass")));

  ASSERT_OK(Put(Text(kRoom, 1, "steel")));

  EXPECT_THAT(Search("brass"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Search("steel"), IsOkAndHolds(SizeIs(1)));
}

TEST_F(SearchIndexTest, AnErasedRecordIsFoundByNoneOfItsParts) {
  SearchText file = Text(kRoom, 1, "steel");
  file.part = 1;
  ASSERT_OK(Put(Text(kRoom, 1, "brass")));
  ASSERT_OK(Put(file));
  ASSERT_OK(Put(Text(kRoom, 2, "brass")));

  ASSERT_OK(Erase({.room = kRoom, .id = IdOf<RecordId>(1)}));
  vault_.Reopen();

  EXPECT_THAT(Search("brass"), IsOkAndHolds(UnorderedElementsAre(IsRecord(2))));
  EXPECT_THAT(Search("steel"), IsOkAndHolds(IsEmpty()));
  EXPECT_OK(Erase({.room = kRoom, .id = IdOf<RecordId>(1)}));
  EXPECT_OK(vault_->CheckIntegrity());
}

TEST_F(SearchIndexTest, AFailedUpdateIsNotSearchable) {
  EXPECT_THAT(vault_->Update([](VaultTxn& txn) {
    EXPECT_OK(txn.search().Put(Text(kRoom, 1, "brass")));
    return absl::AbortedError("no");
  }),
              StatusIs(absl::StatusCode::kAborted));

  EXPECT_THAT(Search("brass"), IsOkAndHolds(IsEmpty()));
}

// What a person types is never FTS5's language.
TEST_F(SearchIndexTest, OperatorsAndQuotesAreWordsOrNothing) {
  ASSERT_OK(Put(Text(kRoom, 1, "brass OR \"zipper\" NEAR body: x")));

  for (const std::string& words :
       {std::string("\""), std::string("\"brass"), std::string("brass*"),
        std::string("body:brass"), std::string("(brass"),
        std::string("brass OR leather"), std::string("NOT"),
        std::string("brass\0zipper", 12), std::string("NEAR(brass"),
        std::string("\xff\xfe"), std::string("-- ' ;")}) {
    SCOPED_TRACE(words);
    EXPECT_OK(Search(words));
  }
  EXPECT_THAT(Search("brass OR leather"), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Search(std::string("brass\0zipper", 12)),
              IsOkAndHolds(SizeIs(1)));
}

TEST_F(SearchIndexTest, NoWordOrTooManyAreRefused) {
  std::string many;
  for (size_t i = 0; i <= kSearchWordsMax; ++i) many += "word ";

  for (const std::string& words :
       {std::string(), std::string(" \t\n"), many,
        std::string(kSearchQueryBytesMax + 1, 'w')}) {
    EXPECT_THAT(Search(words), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(SearchIndexTest, LongAndInvalidTextIsTakenUpToTheLimit) {
  SearchText text = Text(kRoom, 1, "");
  text.body =
      "\xff\xfe brass " + std::string(kSearchTextBytesMax, 'x') + " beyond";

  ASSERT_OK(Put(text));

  EXPECT_THAT(Search("brass"), IsOkAndHolds(SizeIs(1)));
  EXPECT_THAT(Search("beyond"), IsOkAndHolds(IsEmpty()));
}

TEST_F(SearchIndexTest, HitsArePaged) {
  ASSERT_OK(vault_->Update([](VaultTxn& txn) -> absl::Status {
    for (uint32_t i = 1; i <= kSearchHitsMax + 3; ++i) {
      CORDON_RETURN_IF_ERROR(txn.search().Put(Text(kRoom, i, "brass")));
    }
    return absl::OkStatus();
  }));

  EXPECT_THAT(Search("brass"), IsOkAndHolds(SizeIs(kSearchHitsMax)));
  EXPECT_THAT(Search({.words = "brass", .skip = kSearchHitsMax}),
              IsOkAndHolds(SizeIs(3)));
}

}  // namespace
}  // namespace cordon::vault
