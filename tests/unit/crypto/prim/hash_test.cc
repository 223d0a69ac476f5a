#include "crypto/prim/hash.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"

namespace cordon {
namespace {

// RFC 6234, section 8.5, SHA-256 tests 1, 2 and 3.
TEST(HashTest, Sha256GivesThePublishedDigests) {
  EXPECT_EQ(ToHex(Sha256(AsBytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223"
            "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256(AsBytes("abcdbcdecdefdefgefghfghighijhijk"
                                 "ijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039"
            "a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(ToHex(Sha256(Bytes(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67"
            "f1809a48a497200e046d39ccc7112cd0");
}

TEST(HashTest, Sha256OfNothingIsDefined) {
  EXPECT_EQ(ToHex(Sha256({})),
            "e3b0c44298fc1c149afbf4c8996fb924"
            "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Stream().Finish(), Sha256({}));
}

TEST(HashTest, StreamInPiecesEqualsTheWholeAtEverySplit) {
  const Bytes whole = ToBytes(
      "one hundred and thirty bytes pass over two block borders of the hash, "
      "and every place to cut them in two gives one digest......");
  for (size_t split = 0; split <= whole.size(); ++split) {
    SCOPED_TRACE(split);
    Sha256Stream stream;
    stream.Update(ByteSpan(whole).first(split));
    stream.Update(ByteSpan(whole).subspan(split));
    EXPECT_EQ(stream.Finish(), Sha256(whole));
  }
}

TEST(HashTest, CopiedStreamGoesOnByItself) {
  Sha256Stream stream;
  stream.Update(AsBytes("ab"));
  Sha256Stream copy = stream;
  copy.Update(AsBytes("c"));
  stream.Update(AsBytes("d"));

  EXPECT_EQ(copy.Finish(), Sha256(AsBytes("abc")));
  EXPECT_EQ(stream.Finish(), Sha256(AsBytes("abd")));
}

// RFC 4231, test cases 1, 2, 3 and 6 (a key longer than a block).
TEST(HashTest, HmacGivesThePublishedTags) {
  EXPECT_EQ(ToHex(HmacSha256(Bytes(20, 0x0b), AsBytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b"
            "881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256(AsBytes("Jefe"),
                             AsBytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c7"
            "5a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(Bytes(20, 0xaa), Bytes(50, 0xdd))),
            "773ea91e36800e46854db8ebd09181a7"
            "2959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(ToHex(HmacSha256(Bytes(131, 0xaa),
                             AsBytes("Test Using Larger Than Block-Size Key "
                                     "- Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f"
            "8e0bc6213728c5140546040f0ee37f54");
}

TEST(HashTest, HmacDependsOnKeyAndData) {
  const Digest tag = HmacSha256(AsBytes("key"), AsBytes("data"));

  EXPECT_NE(HmacSha256(AsBytes("kez"), AsBytes("data")), tag);
  EXPECT_NE(HmacSha256(AsBytes("key"), AsBytes("datb")), tag);
  EXPECT_NE(HmacSha256(AsBytes("keyd"), AsBytes("ata")), tag);
}

}  // namespace
}  // namespace cordon
