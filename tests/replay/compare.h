#ifndef CORDON_TESTS_REPLAY_COMPARE_H_
#define CORDON_TESTS_REPLAY_COMPARE_H_

// One device's figures against the published ones.
// Threads: pure functions.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/replay/published.h"

namespace cordon::replay {

// Differences is a sentence for every number and order that differs:
// "seizures is 1487, published 1488". `figures` is FIGURES of docs/json.md.
std::vector<std::string> Differences(const nlohmann::json& figures,
                                     const Published& published);

}  // namespace cordon::replay

#endif  // CORDON_TESTS_REPLAY_COMPARE_H_
