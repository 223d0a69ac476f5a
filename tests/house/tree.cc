#include "tests/house/tree.h"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

#include "tests/house/source.h"

namespace cordon::house {
namespace {

namespace fs = std::filesystem;

bool IsRead(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::string extension = path.extension().string();
  return extension == ".h" || extension == ".cc" || extension == ".md" ||
         extension == ".cmake" || extension == ".proto" ||
         name == "CMakeLists.txt" || name == "allowed.txt" ||
         path.parent_path().filename() == "script";
}

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void AddWithFolders(const std::string& path, std::map<std::string, bool>& to) {
  to[path] = true;
  for (size_t at = path.find('/'); at != std::string::npos;
       at = path.find('/', at + 1)) {
    to[path.substr(0, at)] = true;
  }
}

}  // namespace

Tree Tree::Of(const std::vector<std::pair<std::string, std::string>>& files) {
  Tree tree;
  for (const auto& [path, text] : files) {
    tree.files_.emplace(path, Source(path, text));
    AddWithFolders(path, tree.seen_);
  }
  return tree;
}

Tree Tree::Load(const std::string& root) {
  Tree tree;
  fs::recursive_directory_iterator at(root);
  for (; at != fs::recursive_directory_iterator(); ++at) {
    const std::string name = at->path().filename().string();
    if (at->is_directory()) {
      if (name == "build" || absl::StartsWith(name, ".")) {
        at.disable_recursion_pending();
      }
      continue;
    }
    const std::string path = at->path().lexically_relative(root).string();
    AddWithFolders(path, tree.seen_);
    if (at->is_regular_file() && IsRead(at->path())) {
      tree.files_.emplace(path, Source(path, ReadAll(at->path())));
    }
  }
  return tree;
}

std::string Tree::Root() {
  const char* given = std::getenv("CORDON_SOURCE_DIR");
  if (given != nullptr && *given != '\0') return given;
  fs::path folder = fs::current_path();
  while (!fs::exists(folder / "tests/house/tree.h")) {
    if (folder == folder.parent_path()) return "";
    folder = folder.parent_path();
  }
  return folder.string();
}

const Source* Tree::Find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

bool Tree::Exists(absl::string_view path) const {
  return seen_.count(std::string(path)) > 0;
}

bool IsProduct(absl::string_view path) {
  return absl::StartsWith(path, "crypto/") ||
         absl::StartsWith(path, "storage/") ||
         absl::StartsWith(path, "server/") || absl::StartsWith(path, "client/");
}

}  // namespace cordon::house
