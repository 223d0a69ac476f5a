#ifndef CORDON_TESTS_HOUSE_CMAKE_COMMAND_H_
#define CORDON_TESTS_HOUSE_CMAKE_COMMAND_H_

// The commands of a CMake file, in order, with quotes and comments taken off.

#include <string>
#include <vector>

#include "tests/house/source.h"

namespace cordon::house {

struct CmakeCommand {
  std::string name = "";
  int line = 0;
  std::vector<std::string> arguments = {};
};

std::vector<CmakeCommand> ReadCmake(const Source& source);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_CMAKE_COMMAND_H_
