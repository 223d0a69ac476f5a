#ifndef CORDON_TESTS_HOUSE_FUNCTIONS_H_
#define CORDON_TESTS_HOUSE_FUNCTIONS_H_

// Finds function bodies by their braces: good enough to measure them, not a
// parser. Lambdas and local classes count as part of the function they are in.

#include <string>
#include <vector>

#include "tests/house/source.h"

namespace cordon::house {

struct Function {
  std::string name;  // Make, Group::Seal, or Suite.Name of a TEST
  int line = 0;      // where its head begins
  int lines = 0;     // from there to its closing brace
};

std::vector<Function> FindFunctions(const Source& source);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_FUNCTIONS_H_
