#ifndef CORDON_TESTS_HOUSE_TREE_H_
#define CORDON_TESTS_HOUSE_TREE_H_

// All files the house rules read. Built from the disk for the real test and
// from a few strings for the tests of the rules.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "tests/house/source.h"

namespace cordon::house {

class Tree {
 public:
  // Of makes a tree of (path, text) pairs.
  static Tree Of(const std::vector<std::pair<std::string, std::string>>& files);

  // Load reads the C++, CMake, Markdown, shell and allow-list files below
  // `root`, and remembers the names of all others. Folders named build and
  // those starting with a dot are left out.
  static Tree Load(const std::string& root);

  // Root is where the tree stands: $CORDON_SOURCE_DIR, or the nearest folder
  // above the working directory that holds tests/house. Empty if there is none.
  static std::string Root();

  const std::map<std::string, Source>& files() const { return files_; }
  const Source* Find(const std::string& path) const;
  // True for a file, read or only seen, and for a folder that holds one.
  bool Exists(absl::string_view path) const;

 private:
  Tree() = default;

  std::map<std::string, Source> files_;
  std::map<std::string, bool> seen_;  // every path, folders too
};

// Product is what ships; everything else may use anything.
bool IsProduct(absl::string_view path);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_TREE_H_
