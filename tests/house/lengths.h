#ifndef CORDON_TESTS_HOUSE_LENGTHS_H_
#define CORDON_TESTS_HOUSE_LENGTHS_H_

// The numbers to hold. What passes one stands in allowed.txt, which may only
// shrink.

#include <string>

#include "tests/house/finding.h"
#include "tests/house/tree.h"

namespace cordon::house {

inline constexpr int kHeaderLinesMax = 250;
inline constexpr int kSourceLinesMax = 600;
inline constexpr int kReadmeLinesMax = 200;
inline constexpr int kFunctionLinesMax = 70;
// Of 100 lines of a folder's headers, blank ones aside.
inline constexpr int kHeaderCommentPercentMin = 20;
// Lines of test for 100 lines of crypto/; blank ones and comments aside.
inline constexpr int kCryptoTestPercentMin = 100;

// Rules "header-lines", "source-lines", "readme-lines", "function-lines".
Findings CheckLengths(const Tree& tree);

// Rule "header-comments", a folder of product headers each.
Findings CheckHeaderComments(const Tree& tree);

// Rule "crypto-tests": tests/unit/crypto and tests/interop against crypto/;
// measured is how many of 100 lines are missing.
Findings CheckCryptoTests(const Tree& tree);

// Sums per top folder, to print.
std::string Numbers(const Tree& tree);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_LENGTHS_H_
