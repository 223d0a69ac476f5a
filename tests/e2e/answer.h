#ifndef CORDON_TESTS_E2E_ANSWER_H_
#define CORDON_TESTS_E2E_ANSWER_H_

// What a program said with --json, or a session on a line.
// Threads: pure functions.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/e2e/programs.h"

namespace cordon::testing {

using Json = nlohmann::json;

// The first line; null if it is no JSON.
Json Parsed(const std::string& text);
// ParsedLines is an array of all of them.
Json ParsedLines(const std::string& text);
// What stands in a field of each element; "" where it is none.
std::vector<std::string> Column(const Json& rows, const std::string& field);
// The code and the sentence of the error that a program printed; all it printed
// if that is none.
std::string CodeOf(const Ended& ended);
std::string SentenceOf(const Ended& ended);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_ANSWER_H_
