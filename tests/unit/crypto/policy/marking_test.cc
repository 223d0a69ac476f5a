#include "crypto/policy/marking.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace cordon::policy {
namespace {

using ::cordon::testing::IsOkAndHolds;
using ::cordon::testing::StatusIs;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

TEST(MarkingTest, DefaultIsAmberAndNothingElse) {
  const Marking marking;

  EXPECT_EQ(marking.tlp, Tlp::kAmber);
  EXPECT_FALSE(marking.pap.has_value());
  EXPECT_OK(Validate(marking));
}

TEST(MarkingTest, NamesReadBack) {
  for (const Tlp tlp :
       {Tlp::kRed, Tlp::kAmberStrict, Tlp::kAmber, Tlp::kGreen, Tlp::kClear}) {
    EXPECT_THAT(ParseTlp(TlpName(tlp)), IsOkAndHolds(tlp));
  }
  EXPECT_EQ(TlpName(Tlp::kAmberStrict), "AMBER+STRICT");
  EXPECT_EQ(PapName(Pap::kGreen), "GREEN");
  EXPECT_EQ(HandlingCodeName(HandlingCode::kH2), "H2");
}

TEST(MarkingTest, OtherWordsAreNoTlp) {
  EXPECT_THAT(ParseTlp("amber"), kInvalid);
  EXPECT_THAT(ParseTlp("WHITE"), kInvalid);
  EXPECT_THAT(ParseTlp(""), kInvalid);
}

TEST(MarkingTest, NumbersFromOutsideAreChecked) {
  EXPECT_THAT(TlpOf(1), IsOkAndHolds(Tlp::kRed));
  EXPECT_THAT(TlpOf(5), IsOkAndHolds(Tlp::kClear));
  EXPECT_THAT(TlpOf(0), kInvalid);
  EXPECT_THAT(TlpOf(6), kInvalid);
  EXPECT_THAT(TlpOf(257), kInvalid);
  EXPECT_THAT(PapOf(4), IsOkAndHolds(Pap::kClear));
  EXPECT_THAT(PapOf(0), kInvalid);
  EXPECT_THAT(PapOf(5), kInvalid);
}

TEST(MarkingTest, H3AndItsTextComeTogether) {
  EXPECT_OK(Validate(
      {.handling = {HandlingCode::kH3}, .handling_text = "eyes of one desk"}));
  EXPECT_THAT(Validate({.handling = {HandlingCode::kH3}}), kInvalid);
  EXPECT_THAT(Validate({.handling = {HandlingCode::kH1}, .handling_text = "x"}),
              kInvalid);
}

TEST(MarkingTest, TextHasALimit) {
  Marking marking = {.handling = {HandlingCode::kH3}};
  marking.handling_text = std::string(kHandlingTextBytesMax, 'x');
  EXPECT_OK(Validate(marking));

  marking.handling_text.push_back('x');
  EXPECT_THAT(Validate(marking), kInvalid);
}

TEST(MarkingTest, LooserTlpLoosensAndStricterDoesNot) {
  EXPECT_TRUE(Loosens({.tlp = Tlp::kAmberStrict}, {.tlp = Tlp::kAmber}));
  EXPECT_TRUE(Loosens({.tlp = Tlp::kRed}, {.tlp = Tlp::kClear}));
  EXPECT_FALSE(Loosens({.tlp = Tlp::kAmber}, {.tlp = Tlp::kAmber}));
  EXPECT_FALSE(Loosens({.tlp = Tlp::kGreen}, {.tlp = Tlp::kRed}));
}

TEST(MarkingTest, LooserOrMissingPapLoosens) {
  EXPECT_TRUE(Loosens({.pap = Pap::kRed}, {.pap = Pap::kAmber}));
  EXPECT_TRUE(Loosens({.pap = Pap::kClear}, {}));
  EXPECT_FALSE(Loosens({}, {.pap = Pap::kClear}));
  EXPECT_FALSE(Loosens({.pap = Pap::kAmber}, {.pap = Pap::kRed}));
}

TEST(MarkingTest, DroppedHandlingCodeLoosensAndAddedDoesNot) {
  const Marking one = {.handling = {HandlingCode::kH1}};
  const Marking two = {.handling = {HandlingCode::kH1, HandlingCode::kH2}};

  EXPECT_TRUE(Loosens(two, one));
  EXPECT_FALSE(Loosens(one, two));
}

// Nobody but a reader can tell whether another text is stricter.
TEST(MarkingTest, AnotherTextLoosens) {
  const Marking before = {.handling = {HandlingCode::kH3},
                          .handling_text = "only desk A"};
  Marking after = before;
  after.handling_text = "only desks A and B";

  EXPECT_TRUE(Loosens(before, after));
  EXPECT_FALSE(Loosens({}, after));
}

TEST(MarkingTest, OnlyTheOriginatorLoosens) {
  const Marking before = {.tlp = Tlp::kAmber};
  const Marking looser = {.tlp = Tlp::kGreen};
  const Marking stricter = {.tlp = Tlp::kRed};

  EXPECT_OK(CheckRemark(before, looser, /*by_originator=*/true));
  EXPECT_THAT(CheckRemark(before, looser, /*by_originator=*/false),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(CheckRemark(before, stricter, /*by_originator=*/false));
}

}  // namespace
}  // namespace cordon::policy
