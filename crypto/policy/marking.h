#ifndef CORDON_CRYPTO_POLICY_MARKING_H_
#define CORDON_CRYPTO_POLICY_MARKING_H_

// How far a record may go and what may be done with it: TLP 2.0, PAP and the
// handling codes H0 to H3. Markings bind people; no key depends on them.
//
// Threads: values and pure functions.
// Errors: kInvalidArgument for a marking that contradicts itself;
// kPermissionDenied for one loosened by somebody else than its originator.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace cordon::policy {

// Who may be told. Strictest first: a greater number is looser.
enum class Tlp : uint8_t {
  kRed = 1,
  kAmberStrict = 2,
  kAmber = 3,
  kGreen = 4,
  kClear = 5,
};

// What may be done with it, strictest first.
enum class Pap : uint8_t { kRed = 1, kAmber = 2, kGreen = 3, kClear = 4 };

enum class HandlingCode : uint8_t {
  kH0 = 0,  // for preventing and fighting crime
  kH1 = 1,  // not in court without the originator's consent
  kH2 = 2,  // not passed on without the originator's consent
  kH3 = 3,  // as the text says
};

// What a number from outside means; kInvalidArgument if nothing.
absl::StatusOr<Tlp> TlpOf(uint64_t number);
absl::StatusOr<Pap> PapOf(uint64_t number);

// The words of the standards: "AMBER+STRICT", "H1".
absl::string_view TlpName(Tlp tlp);
absl::string_view PapName(Pap pap);
absl::string_view HandlingCodeName(HandlingCode code);
// ParseTlp reads TlpName's words, in capitals only.
absl::StatusOr<Tlp> ParseTlp(absl::string_view name);

class HandlingCodes {
 public:
  constexpr HandlingCodes() = default;
  constexpr HandlingCodes(std::initializer_list<HandlingCode> codes) {
    for (const HandlingCode code : codes) Add(code);
  }
  constexpr void Add(HandlingCode code) { bits_ |= BitOf(code); }

  constexpr bool Has(HandlingCode code) const {
    return (bits_ & BitOf(code)) != 0;
  }
  // HasAllOf: every code of `other` is in this set.
  constexpr bool HasAllOf(HandlingCodes other) const {
    return (other.bits_ & ~bits_) == 0;
  }
  friend constexpr bool operator==(HandlingCodes, HandlingCodes) = default;

 private:
  static constexpr unsigned BitOf(HandlingCode code) {
    return 1U << static_cast<unsigned>(code);
  }

  unsigned bits_ = 0;
};

// 500 characters of UTF-8.
inline constexpr size_t kHandlingTextBytesMax = 2000;

struct Marking {
  Tlp tlp = Tlp::kAmber;
  std::optional<Pap> pap = std::nullopt;
  HandlingCodes handling = {};
  std::string handling_text = {};  // with H3, and only with it

  friend bool operator==(const Marking&, const Marking&) = default;
};

absl::Status Validate(const Marking& marking);

// Loosens: `after` permits something that `before` did not: a looser TLP or
// PAP, a handling code gone, or another text than H3 had.
bool Loosens(const Marking& before, const Marking& after);

// CheckRemark is the rule for updating and for passing on: anybody may tighten,
// only the originator loosens.
absl::Status CheckRemark(const Marking& before, const Marking& after,
                         bool by_originator);

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_MARKING_H_
