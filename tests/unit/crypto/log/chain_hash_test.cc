#include "crypto/log/chain_hash.h"

#include <array>
#include <cstdint>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/prim/hash.h"

namespace cordon {
namespace {

RoomId Room(uint8_t fill) {
  std::array<uint8_t, RoomId::kBytes> raw{};
  raw.fill(fill);
  return RoomId(raw);
}

ChainedEntry FirstEntry() {
  std::array<uint8_t, DeviceId::kBytes> author{};
  author.fill(0xa0);
  std::array<uint8_t, EnvelopeId::kBytes> envelope{};
  envelope.fill(0xe0);
  return ChainedEntry{.seq = LogSeq{1},
                      .kind = EntryKind::kCommit,
                      .epoch = Epoch{5},
                      .author = DeviceId(author),
                      .envelope_id = EnvelopeId(envelope),
                      .sealed_digest = Sha256(AsBytes("sealed"))};
}

// Written out by hand from the header's structs: the format may not drift.
TEST(ChainHashTest, StartIsTheHashOfLabelAndRoom) {
  const Bytes input = Concat(Concat(Bytes{19}, AsBytes("cordon 1.0 Room Log")),
                             Room(0x11).span());
  const RoomHead head = ChainStart(Room(0x11));

  EXPECT_EQ(head.seq, LogSeq{0});
  EXPECT_TRUE(Equal(head.hash.span(), Sha256(input)));
}

TEST(ChainHashTest, StepIsTheHashOfEveryFieldInItsOrder) {
  const RoomHead start = ChainStart(Room(0x11));
  Bytes input = Concat(Bytes{20}, AsBytes("cordon 1.0 Log Entry"));
  Append(input, start.hash.span());
  Append(input, Bytes{0, 0, 0, 0, 0, 0, 0, 1});
  Append(input, Bytes{3});
  Append(input, Bytes{0, 0, 0, 0, 0, 0, 0, 5});
  Append(input, Bytes(32, 0xa0));
  Append(input, Bytes(16, 0xe0));
  Append(input, Sha256(AsBytes("sealed")));
  const RoomHead next = ChainNext(start, FirstEntry());

  EXPECT_EQ(next.seq, LogSeq{1});
  EXPECT_TRUE(Equal(next.hash.span(), Sha256(input)));
}

// The same two heads as literals: whoever writes another implementation can
// compare. (Made from the bytes above with another program.)
TEST(ChainHashTest, HeadsAreThePublishedOnes) {
  const RoomHead start = ChainStart(Room(0x11));
  const RoomHead next = ChainNext(start, FirstEntry());

  EXPECT_EQ(ToHex(start.hash.span()),
            "a487767f73c8c3f5c2e600d029a50309f71356a6cc23311f784c807b458340e3");
  EXPECT_EQ(ToHex(next.hash.span()),
            "cfad7c56d976245e40353e7b792e3f4132ca25bccd3fe091226bf56d9b285ad4");
}

// Order is what the chain is for.
TEST(ChainHashTest, SwappedEntriesGiveAnotherHead) {
  ChainedEntry a = FirstEntry();
  ChainedEntry b = FirstEntry();
  b.sealed_digest = Sha256(AsBytes("other"));
  const RoomHead start = ChainStart(Room(1));
  const auto chain = [&start](ChainedEntry first, ChainedEntry second) {
    second.seq = LogSeq{2};
    return ChainNext(ChainNext(start, first), second);
  };

  EXPECT_NE(chain(a, b), chain(b, a));
  EXPECT_EQ(chain(a, b), chain(a, b));
}

TEST(ChainHashTest, AnyOtherFieldGivesAnotherHead) {
  const RoomHead start = ChainStart(Room(0x11));
  std::vector<ChainedEntry> entries(6, FirstEntry());
  entries[1].kind = EntryKind::kProposal;
  entries[2].epoch = Epoch{6};
  entries[3].author = DeviceId();
  entries[4].envelope_id = EnvelopeId();
  entries[5].sealed_digest = Sha256(AsBytes("sealee"));
  for (size_t i = 1; i < entries.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_NE(ChainNext(start, entries[i]), ChainNext(start, entries[0]));
  }
}

TEST(ChainHashTest, RoomsNeverShareAHead) {
  EXPECT_NE(ChainStart(Room(1)), ChainStart(Room(2)));
  EXPECT_NE(ChainNext(ChainStart(Room(1)), FirstEntry()),
            ChainNext(ChainStart(Room(2)), FirstEntry()));
}

// Two logs that once differed never meet again.
TEST(ChainHashTest, SameEntriesAfterAnotherBeginningGiveAnotherHead) {
  ChainedEntry other = FirstEntry();
  other.sealed_digest = Sha256(AsBytes("other"));
  ChainedEntry second = FirstEntry();
  second.seq = LogSeq{2};
  const RoomHead start = ChainStart(Room(1));

  EXPECT_NE(ChainNext(ChainNext(start, FirstEntry()), second),
            ChainNext(ChainNext(start, other), second));
}

TEST(ChainHashDeathTest, EntryOutOfPlaceStopsTheProgram) {
  ChainedEntry entry = FirstEntry();
  entry.seq = LogSeq{2};

  EXPECT_DEATH(ChainNext(ChainStart(Room(1)), entry), "head.seq");
}

}  // namespace
}  // namespace cordon
