#include "crypto/base/mailbox.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace cordon {
namespace {

using ::cordon::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MailboxTest, TakesInTheOrderPosted) {
  Mailbox<int> mailbox(/*items_max=*/4);
  ASSERT_OK(mailbox.Post(1));
  ASSERT_OK(mailbox.Post(2));

  EXPECT_THAT(mailbox.TakeAll(absl::InfiniteFuture()), ElementsAre(1, 2));
  EXPECT_THAT(mailbox.TakeAll(absl::InfinitePast()), IsEmpty());
}

TEST(MailboxTest, PostToAFullMailboxChangesNothing) {
  Mailbox<int> mailbox(/*items_max=*/1);
  ASSERT_OK(mailbox.Post(1));

  EXPECT_THAT(mailbox.Post(2), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(mailbox.TakeAll(absl::InfiniteFuture()), ElementsAre(1));
}

TEST(MailboxTest, ClosedMailboxGivesWhatItHadAndRefusesMore) {
  Mailbox<int> mailbox(/*items_max=*/4);
  ASSERT_OK(mailbox.Post(1));
  mailbox.Close();

  EXPECT_THAT(mailbox.Post(2), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(mailbox.TakeAll(absl::InfiniteFuture()), ElementsAre(1));
  EXPECT_THAT(mailbox.TakeAll(absl::InfiniteFuture()), IsEmpty());
}

TEST(MailboxTest, EverythingPostedFromOtherThreadsArrivesOnce) {
  constexpr int kPosters = 4;
  constexpr int kEach = 500;
  Mailbox<int> mailbox(/*items_max=*/kPosters * kEach);
  std::vector<std::thread> posters;
  for (int p = 0; p < kPosters; ++p) {
    posters.emplace_back([&mailbox] {
      for (int i = 0; i < kEach; ++i) EXPECT_OK(mailbox.Post(i));
    });
  }
  std::vector<int> seen;
  while (seen.size() < kPosters * kEach) {
    for (const int item : mailbox.TakeAll(absl::InfiniteFuture())) {
      seen.push_back(item);
    }
  }
  for (std::thread& poster : posters) poster.join();

  for (int i = 0; i < kEach; ++i) {
    EXPECT_EQ(std::count(seen.begin(), seen.end(), i), kPosters);
  }
}

}  // namespace
}  // namespace cordon
