#ifndef CORDON_TESTS_SUPPORT_TEMP_FOLDER_H_
#define CORDON_TESTS_SUPPORT_TEMP_FOLDER_H_

// A folder of one test, empty at first, gone with the test and whatever is in
// it. Nothing else may live there: two tests never share a name.
// Threads: none. It must outlive what has files open in it.

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/string_view.h"

#include "crypto/base/check.h"

namespace cordon::testing {

class TempFolder {
 public:
  TempFolder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "cordon_test_XXXXXX")
            .string();
    CORDON_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  // File is the path of `name` inside; nothing is made.
  std::string File(absl::string_view name) const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_TEMP_FOLDER_H_
