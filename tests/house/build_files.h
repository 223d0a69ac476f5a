#ifndef CORDON_TESTS_HOUSE_BUILD_FILES_H_
#define CORDON_TESTS_HOUSE_BUILD_FILES_H_

// What the CMake files say: the layer table, and which target owns which file.
// They are read here and not repeated, so the table stands in one place, the
// top CMakeLists.txt. Understood: commands with literal arguments, and
// variables that set() filled in the same file.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/house/tree.h"

namespace cordon::house {

struct Target {
  std::string command;  // cordon_library, cordon_program, cordon_test, …
  std::string name;
  std::string layer;  // empty if the command gives none
  std::string file;   // the CMakeLists.txt
  int line = 0;
  std::vector<std::string> sources;  // paths from the root
  std::vector<std::string> deps;     // as written
};

class BuildFiles {
 public:
  static BuildFiles Read(const Tree& tree);

  const std::map<std::string, Target>& targets() const { return targets_; }
  // All targets that list `path`; for a header that protoc writes, the
  // cordon_proto() that names its source.
  std::vector<const Target*> OwnersOf(const std::string& path) const;

  // MayUse answers for two layers; a layer may use itself.
  bool MayUse(const std::string& layer, const std::string& used) const;
  bool HasLayer(const std::string& layer) const;

  // Everything of ours that `target` links, itself included.
  std::set<std::string> LinkClosure(const std::string& target) const;

 private:
  void ReadFile(const Source& source);
  void AddTarget(const std::string& command, const Source& source, int line,
                 const std::vector<std::string>& arguments);
  void AddOwner(const std::string& path, const std::string& target);

  std::map<std::string, std::set<std::string>> may_use_;
  std::map<std::string, Target> targets_;
  std::map<std::string, std::set<std::string>> owners_;
};

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_BUILD_FILES_H_
