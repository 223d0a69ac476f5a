// kill -9 of `cordon session` at seeded moments, in the midst of texts and
// alerts with photos, sometimes together with the relay. Whatever was answered
// is on every device once, nothing is there twice, and no message key has ever
// had two ciphertexts, also not in the vault of a program that was killed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/prim/hash.h"
#include "server/data_folder.h"
#include "storage/relay/delivery_log.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/db.h"
#include "storage/vault/record_store.h"
#include "storage/vault/seal_log.h"
#include "tests/e2e/answer.h"
#include "tests/e2e/cheap_vault.h"
#include "tests/e2e/conversation.h"
#include "tests/e2e/operation.h"
#include "tests/e2e/programs.h"
#include "tests/e2e/vault_content.h"
#include "tests/support/kill_moment.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

namespace cordon::testing {
namespace {

constexpr std::ptrdiff_t kRooms = 4;  // instructions, alerts, library, general
constexpr int kMoments = 200;
constexpr uint64_t kBurst = 10;       // commands under way at once
constexpr uint64_t kAlertEvery = 4;   // of a burst's commands, one in so many
constexpr uint64_t kRelayDiesIn = 5;  // one moment in so many
constexpr uint64_t kLaterMaxUs = 40'000;
constexpr size_t kPhotoBytes = size_t{150} * 1024;

Json AlertForm() {
  return Json::parse(R"({
    "case_type": "seizure", "when": "2023-12-05T09:30:00+01:00",
    "when_precision": "minute", "conveyance": {"mode": 5},
    "where": {"kind": "postal_centre", "country": "FR"},
    "flow": "import", "channel": "post", "ecommerce": "yes",
    "lines": [{"number": 1, "category": "medicines",
               "subcategory": "nervous_system", "description": "Tablets",
               "quantity": {"value": "10", "unit": "tablet"},
               "status": "suspected"}]})");
}

// The name of a message key, and the ciphertext under it.
using KeyName = std::tuple<RoomId, uint64_t, uint32_t, uint32_t>;

// All that any vault ever said of keys and ciphertexts.
class Ciphertexts {
 public:
  void Add(const VaultContent& vault) {
    for (const vault::KeyUse& use : vault.keys) {
      const KeyName name{use.key.room, use.key.epoch.value, use.key.leaf,
                         use.key.generation};
      const auto [known, added] = by_key_.emplace(name, use.envelope);
      EXPECT_EQ(known->second, use.envelope) << "one key, two envelopes";
      used_.insert(use.envelope);
    }
    for (const auto& [envelope, sealed] : vault.sealed) Add(envelope, sealed);
  }
  void Add(EnvelopeId envelope, ByteSpan sealed) {
    const Digest digest = Sha256(sealed);
    const auto [known, added] = by_envelope_.emplace(envelope, digest);
    EXPECT_EQ(known->second, digest) << "one envelope, two ciphertexts";
  }
  bool HasKeyOf(EnvelopeId envelope) const { return used_.contains(envelope); }
  size_t keys() const { return by_key_.size(); }
  size_t envelopes() const { return by_envelope_.size(); }

 private:
  std::map<KeyName, EnvelopeId> by_key_;
  std::set<EnvelopeId> used_;
  std::map<EnvelopeId, Digest> by_envelope_;
};

class ClientKillTest : public ::testing::Test {
 protected:
  ClientKillTest() : series_(KillSeries::FromEnvironment(kMoments)) {
    Bytes photo(kPhotoBytes);
    SeededRandom(series_.seed).Fill(MutableByteSpan(photo));
    world_.alice().WriteFile("photo.jpg", ToString(photo));
    world_.Invite(world_.alice(), "fr.customs", "alice");
    world_.Invite(world_.bea(), "sn.customs", "bea");
    world_.Create();
    for (Person* person : {&world_.alice(), &world_.bea()}) JoinRooms(*person);
    for (const Person* person :
         {&world_.unit(), &world_.alice(), &world_.bea()}) {
      MakeCheap(*person);
    }
  }

  static void JoinRooms(Person& person) {
    EXPECT_TRUE(Until([&person] {
      Works(person, {"sync"});
      const std::string rooms = person.Cordon({"room", "list"}).out;
      return std::count(rooms.begin(), rooms.end(), '\n') == kRooms;
    }));
  }

  // One of the two writes and is killed; the other reads meanwhile, and is
  // killed with it now and then.
  void BurstAndKill(uint64_t seed) {
    SeededRandom random(seed);
    const bool alice_writes = random.Below(2) == 0;
    Person& writer = alice_writes ? world_.alice() : world_.bea();
    Person& reader = alice_writes ? world_.bea() : world_.alice();
    Conversation writing(&writer);
    Conversation reading(&reader);
    for (uint64_t n = 0; n < kBurst; ++n) SaySomething(writing, random);
    const uint64_t answers = random.Below(kBurst + 1);
    for (uint64_t n = 0; n < answers; ++n) NoteAnswer(writing.Hear());
    absl::SleepFor(absl::Microseconds(random.Below(kLaterMaxUs + 1)));
    const bool relay_dies = random.Below(kRelayDiesIn) == 0;
    if (relay_dies) world_.relay().Kill();
    const std::string rest = writing.Kill();
    for (const absl::string_view line : absl::StrSplit(rest, '\n')) {
      const Json parsed = Parsed(std::string(line));
      if (parsed.is_object() && parsed.contains("id")) NoteAnswer(parsed);
    }
    if (random.Below(2) == 0) {
      reading.Kill();
    } else {
      reading.Quit();
    }
    if (relay_dies) world_.relay().Start();
    NoteDead(writer);
    NoteDead(reader);
  }
  void SaySomething(Conversation& writing, SeededRandom& random) {
    if (random.Below(kAlertEvery) == 0) {
      writing.Say({{"verb", "alert send"},
                   {"operation", "stop3"},
                   {"alert", AlertForm()},
                   {"photos", {world_.alice().File("photo.jpg")}}});
    } else {
      writing.Say({{"verb", "send"},
                   {"room", "stop3/general"},
                   {"text", absl::StrCat("text ", ++texts_)}});
    }
  }
  // Every command is a good one: an answer is an acceptance.
  void NoteAnswer(const Json& answer) {
    ASSERT_TRUE(answer.is_object());
    ASSERT_TRUE(answer.value("ok", false)) << answer;
    const std::string id = answer["result"]["records"][0].value("id", "");
    EXPECT_TRUE(answered_.insert(id).second) << id;
  }
  void NoteDead(const Person& person) {
    const absl::StatusOr<VaultContent> vault = ReadVaultOf(person);
    ASSERT_OK(vault);
    ciphertexts_.Add(*vault);
    found_unsent_ += vault->unsent;
    found_sealed_ += vault->sealed.size();
  }

  // Everybody comes back until all has left and all is read.
  void Settle() {
    for (Person* person : {&world_.alice(), &world_.bea()}) {
      Conversation session(person);
      EXPECT_TRUE(AwaitSent(session));
      session.Quit();
    }
    for (Person* person : {&world_.alice(), &world_.bea(), &world_.unit()}) {
      Conversation session(person);
      EXPECT_TRUE(AwaitSent(session));
      session.Quit();
    }
    world_.relay().Stop();
  }

  // Of one device, once everything has come to rest.
  void CheckVault(const Person& person) {
    const absl::StatusOr<VaultContent> vault = ReadVaultOf(person);
    ASSERT_OK(vault);
    ciphertexts_.Add(*vault);
    EXPECT_EQ(vault->unsent, 0);
    EXPECT_EQ(vault->odd_places.size(), 0U) << "repeated, or not to be shown";
    std::multiset<std::string> ids;
    for (const auto& [room, records] : vault->records) {
      for (const RecordId& id : records) ids.insert(ToHex(id.span()));
    }
    for (const std::string& id : answered_) {
      EXPECT_EQ(ids.count(id), 1) << "accepted: " << id;
    }
    if (records_.empty()) records_ = vault->records;
    EXPECT_EQ(vault->records, records_) << "the same on every device";
  }
  // Every message in the relay's logs was opened, under a key of its own.
  void CheckRelay() {
    const auto db = server::OpenDatabase({.path = world_.relay().data()},
                                         sqlite::OpenMode::kMustExist);
    ASSERT_OK(db);
    absl::StatusOr<relay::Stores> stores = relay::OpenStores(db->get());
    ASSERT_OK(stores);
    for (const auto& [room, records] : records_) {
      size_t messages = 0;
      LogSeq after;
      while (true) {
        const auto page = stores->log.ReadAfter(room, after, {});
        ASSERT_OK(page);
        if (page->empty()) break;
        for (const relay::LogEntry& entry : *page) {
          after = entry.seq;
          if (entry.kind != relay::EntryKind::kApplication) continue;
          ++messages;
          ciphertexts_.Add(entry.envelope, entry.sealed);
          EXPECT_TRUE(ciphertexts_.HasKeyOf(entry.envelope));
        }
      }
      EXPECT_EQ(messages, records.size()) << "one message for each record";
    }
  }

  const KillSeries series_;
  TestOperation world_;
  Ciphertexts ciphertexts_;
  std::set<std::string> answered_;
  std::map<RoomId, std::vector<RecordId>> records_;
  uint64_t texts_ = 0;
  size_t found_unsent_ = 0;
  size_t found_sealed_ = 0;
};

TEST_F(ClientKillTest, WhatWasAcceptedIsOnEveryDeviceOnceAtEveryMoment) {
  std::cout << "moments from seed " << series_.seed << '\n';
  for (int n = 0; n < series_.moments; ++n) {
    SCOPED_TRACE(series_.Repeat(n));
    ASSERT_NO_FATAL_FAILURE(BurstAndKill(series_.SeedOf(n)));
    ASSERT_FALSE(HasFailure());
  }

  ASSERT_NO_FATAL_FAILURE(Settle());
  for (const Person* person :
       {&world_.unit(), &world_.alice(), &world_.bea()}) {
    ASSERT_NO_FATAL_FAILURE(CheckVault(*person));
  }
  ASSERT_NO_FATAL_FAILURE(CheckRelay());
  // The moments were worth something.
  if (series_.moments >= 20) {
    EXPECT_GT(found_unsent_, 0);
    EXPECT_GT(found_sealed_, 0);
  }
  std::cout << answered_.size() << " accepted, " << found_unsent_
            << " found unsent in vaults of the killed, " << found_sealed_
            << " of them sealed; " << ciphertexts_.keys() << " keys, "
            << ciphertexts_.envelopes() << " ciphertexts\n";
}

}  // namespace
}  // namespace cordon::testing
