#include "tests/support/file_text.h"

#include <fstream>
#include <ios>
#include <sstream>
#include <string>

namespace cordon::testing {

std::string ReadFile(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string ExampleFile(const std::string& name) {
  return std::string(CORDON_EXAMPLES) + "/" + name;
}

}  // namespace cordon::testing
