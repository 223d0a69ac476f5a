#ifndef CORDON_TESTS_SUPPORT_FILE_TEXT_H_
#define CORDON_TESTS_SUPPORT_FILE_TEXT_H_

// What is in files that tests look into.

#include <string>

namespace cordon::testing {

// ReadFile gives all of it; "" if it cannot be read.
std::string ReadFile(const std::string& path);

// ExampleFile is the path of `name` in docs/examples.
std::string ExampleFile(const std::string& name);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_FILE_TEXT_H_
