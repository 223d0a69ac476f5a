#include "client/core/searching.h"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/model/instruction.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "storage/vault/search_index.h"
#include "tests/support/client_town.h"
#include "tests/support/must.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_client.h"

namespace cordon::client {
namespace {

using ::cordon::testing::ClientTown;
using ::cordon::testing::FoundStop3;
using ::cordon::testing::Must;
using ::cordon::testing::StatusIs;
using ::cordon::testing::TestClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kGeneral[] = "stop3/general";
constexpr char kInstructions[] = "stop3/instructions";
constexpr char kIntake[] = "stop3/intake-acme";

// A word as a hit shows that it was found.
std::string Found(const std::string& word) {
  return absl::StrCat(std::string(1, vault::kMatchBegin), word,
                      std::string(1, vault::kMatchEnd));
}

// The unit, an administration and a rights holder in one operation.
class SearchingTest : public ::testing::Test {
 protected:
  SearchingTest() { FoundStop3(town_, alice_, holder_); }

  void Say(TestClient& client, const std::string& room,
           const std::string& body) {
    EXPECT_OK(client.Do(SendText{.room = room, .body = body}));
    town_.Settle();
  }
  void Instruct(const std::string& title, const std::string& body) {
    EXPECT_OK(chief_.Do(
        SendInstruction{.target = "stop3",
                        .instruction = {.type = InstructionType::kInstruction,
                                        .title = title,
                                        .body = body,
                                        .priority = Priority::kRoutine}}));
    town_.Settle();
  }
  static std::vector<SearchHitView> Find(TestClient& client, Search wanted) {
    return Must(client.As<SearchView>(std::move(wanted))).hits;
  }
  // What was found, as it stands around the words.
  static std::vector<std::string> Snippets(TestClient& client,
                                           const std::string& words,
                                           const std::string& room = "") {
    std::vector<std::string> snippets;
    for (SearchHitView& hit : Find(client, {.words = words, .room = room})) {
      snippets.push_back(std::move(hit.snippet));
    }
    return snippets;
  }

  ClientTown town_;
  TestClient& chief_ = town_.chief();
  TestClient& alice_ = town_.Add();
  TestClient& holder_ = town_.Add();
};

TEST_F(SearchingTest, WhatOthersAndThisDeviceWroteIsFoundByAWord) {
  Say(chief_, kGeneral, "a container of footwear");
  Say(alice_, kGeneral, "footwear in parcels");
  Say(alice_, kGeneral, "nothing today");

  EXPECT_THAT(Snippets(alice_, "footwear"),
              UnorderedElementsAre("a container of " + Found("footwear"),
                                   Found("footwear") + " in parcels"));
}

TEST_F(SearchingTest, AHitSaysWhatItIsAndWhereItLies) {
  const absl::Time sent = town_.clock().Now();
  Instruct("Check footwear", "Look at every parcel.");

  const std::vector<SearchHitView> hits = Find(alice_, {.words = "footwear"});

  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].kind, "instruction");
  EXPECT_EQ(hits[0].room, kInstructions);
  EXPECT_EQ(hits[0].title, "Check " + Found("footwear"));
  EXPECT_EQ(hits[0].received, sent);
  const auto shown =
      alice_.As<RecordView>(ShowRecord{.record = ToHex(hits[0].record.span())});
  ASSERT_OK(shown);
  EXPECT_EQ(std::get<Instruction>(shown->content).body,
            "Look at every parcel.");
}

TEST_F(SearchingTest, AllWordsMustStandInOneRecord) {
  Say(chief_, kGeneral, "a container of footwear");
  Say(chief_, kGeneral, "another container of watches");

  EXPECT_THAT(Snippets(alice_, "container"), SizeIs(2));
  EXPECT_THAT(Snippets(alice_, "watches container"), SizeIs(1));
  EXPECT_THAT(Snippets(alice_, "watches footwear"), IsEmpty());
}

TEST_F(SearchingTest, OneRoomIsSearchedAlone) {
  Say(chief_, kGeneral, "footwear in parcels");
  Instruct("Check parcels", "There may be footwear in them.");

  EXPECT_THAT(Snippets(alice_, "footwear"), SizeIs(2));
  EXPECT_THAT(Snippets(alice_, "footwear", kGeneral),
              ElementsAre(Found("footwear") + " in parcels"));
  EXPECT_THAT(Snippets(alice_, "footwear", "stop3/alerts"), IsEmpty());
}

TEST_F(SearchingTest, RecordOfARoomThatThisDeviceIsNotInIsNotFound) {
  Say(holder_, kIntake, "the orchid hologram");

  EXPECT_THAT(Snippets(chief_, "orchid", kIntake), SizeIs(1));
  EXPECT_THAT(Snippets(chief_, "orchid", kGeneral), IsEmpty());
  EXPECT_THAT(Snippets(alice_, "orchid"), IsEmpty());
}

TEST_F(SearchingTest, WhatHasNotLeftIsFoundOnceItHas) {
  alice_.relay().GoAway();
  Say(alice_, kGeneral, "footwear in parcels");
  EXPECT_THAT(Snippets(alice_, "footwear"), IsEmpty());

  alice_.relay().ComeBack();
  town_.Wait(absl::Minutes(5));

  EXPECT_THAT(Snippets(alice_, "footwear"), SizeIs(1));
}

TEST_F(SearchingTest, NoMoreHitsThanWantedAreShown) {
  for (const char* body : {"parcel one", "parcel two", "parcel three"}) {
    Say(chief_, kGeneral, body);
  }

  EXPECT_THAT(Find(alice_, {.words = "parcel", .hits_max = 2}), SizeIs(2));
  EXPECT_THAT(Find(alice_, {.words = "parcel"}), SizeIs(3));
}

// The index gives them by the page.
TEST_F(SearchingTest, AsManyHitsAreShownAsThereAreIfAllAreWanted) {
  constexpr size_t kParcels = vault::kSearchHitsMax + 1;
  for (size_t i = 1; i <= kParcels; ++i) {
    ASSERT_OK(chief_.Do(
        SendText{.room = kGeneral, .body = absl::StrCat("parcel ", i)}));
  }
  town_.Settle();

  EXPECT_THAT(Find(alice_, {.words = "parcel", .hits_max = 2 * kParcels}),
              SizeIs(kParcels));
  EXPECT_THAT(Find(alice_, {.words = "parcel", .hits_max = kParcels}),
              SizeIs(kParcels));
}

TEST_F(SearchingTest, WordsNobodyWroteFindNothing) {
  Say(chief_, kGeneral, "a container of footwear");

  EXPECT_THAT(Snippets(alice_, "orchid"), IsEmpty());
  EXPECT_THAT(Snippets(alice_, "\"footwear\" OR orchid"), IsEmpty());
}

TEST_F(SearchingTest, QueryWithoutAWordIsRefused) {
  EXPECT_THAT(alice_.Do(Search{.words = " "}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(SearchingTest, RoomThatIsNotKnownIsNotFound) {
  EXPECT_THAT(alice_.Do(Search{.words = "footwear", .room = kIntake}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(alice_.Do(Search{.words = "footwear", .room = "general"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace cordon::client
