#include "client/core/codelists/identifiers.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace cordon::client {
namespace {

constexpr size_t kContainerChars = 11;
constexpr size_t kContainerLetters = 4;
constexpr size_t kImoChars = 7;
constexpr size_t kPostItemChars = 13;
constexpr size_t kAirWaybillChars = 11;
constexpr size_t kGtinChars = 14;

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

bool AllUpper(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isupper(static_cast<unsigned char>(c));
  });
}

int Digit(char c) {
  return c - '0';
}

// ISO 6346: A is 10, and the multiples of 11 are left out.
int ContainerValue(char c) {
  if (c <= '9') return Digit(c);
  const int position = c - 'A';
  int value = 10 + position;
  if (c >= 'B') ++value;
  if (c >= 'L') ++value;
  if (c >= 'V') ++value;
  return value;
}

}  // namespace

bool ContainerNumberHolds(absl::string_view number) {
  if (number.size() != kContainerChars ||
      !AllUpper(number.substr(0, kContainerLetters)) ||
      !AllDigits(number.substr(kContainerLetters))) {
    return false;
  }
  int sum = 0;
  for (size_t i = 0; i + 1 < kContainerChars; ++i) {
    sum += ContainerValue(number[i]) << i;
  }
  return sum % 11 % 10 == Digit(number.back());
}

bool ImoNumberHolds(absl::string_view number) {
  if (number.size() != kImoChars || !AllDigits(number)) return false;
  int sum = 0;
  for (size_t i = 0; i + 1 < kImoChars; ++i) {
    sum += Digit(number[i]) * static_cast<int>(kImoChars - i);
  }
  return sum % 10 == Digit(number.back());
}

bool PostItemHolds(absl::string_view number) {
  if (number.size() != kPostItemChars || !AllUpper(number.substr(0, 2)) ||
      !AllDigits(number.substr(2, 9)) || !AllUpper(number.substr(11))) {
    return false;
  }
  constexpr std::array<int, 8> kWeights = {8, 6, 4, 2, 3, 5, 9, 7};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) {
    sum += Digit(number[2 + i]) * kWeights[i];
  }
  int check = 11 - sum % 11;
  if (check == 10) check = 0;
  if (check == 11) check = 5;
  return check == Digit(number[10]);
}

bool AirWaybillHolds(absl::string_view number) {
  std::string digits(number);
  if (digits.size() == kAirWaybillChars + 1 && digits[3] == '-') {
    digits.erase(3, 1);
  }
  if (digits.size() != kAirWaybillChars || !AllDigits(digits)) return false;
  int serial = 0;
  for (size_t i = 3; i + 1 < kAirWaybillChars; ++i) {
    serial = serial * 10 + Digit(digits[i]);
  }
  return serial % 7 == Digit(digits.back());
}

bool GtinHolds(absl::string_view number) {
  const bool length_holds = number.size() == 8 || number.size() == 12 ||
                            number.size() == 13 || number.size() == kGtinChars;
  if (!length_holds || !AllDigits(number)) return false;
  const std::string padded =
      absl::StrCat(std::string(kGtinChars - number.size(), '0'), number);
  int sum = 0;
  for (size_t i = 0; i + 1 < kGtinChars; ++i) {
    sum += Digit(padded[i]) * (i % 2 == 0 ? 3 : 1);
  }
  return (10 - sum % 10) % 10 == Digit(padded.back());
}

}  // namespace cordon::client
