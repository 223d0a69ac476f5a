#include "crypto/mls/vectors/run.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"

namespace cordon::mls::vectors {
namespace {

std::vector<std::filesystem::path> JsonFilesIn(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool RunFile(const std::filesystem::path& path, std::ostream& out) {
  out << path.stem().string() << ": ";
  const Kind* kind = FindKind(path.stem().string());
  if (kind == nullptr) {
    out << "no known kind of vectors\n";
    return false;
  }
  std::ifstream in(path);
  const Json cases = Json::parse(in, /*cb=*/nullptr,
                                 /*allow_exceptions=*/false);
  if (!cases.is_array()) {
    out << "not an array of cases\n";
    return false;
  }
  const FileReport report = RunCases(*kind, cases);
  out << report.passed << " passed, " << report.failed << " failed";
  if (report.skipped > 0) {
    out << ", " << report.skipped << " of other cipher suites";
  }
  out << "\n";
  if (!report.first_difference.empty()) {
    out << "  " << report.first_difference << "\n";
  }
  return report.ok();
}

}  // namespace

FileReport RunCases(const Kind& kind, const Json& cases) {
  FileReport report;
  size_t index = 0;
  for (const Json& each : cases) {
    const absl::Status status = kind.verify(Fields(each));
    if (status.ok()) {
      ++report.passed;
    } else if (status.code() == absl::StatusCode::kUnimplemented) {
      ++report.skipped;
    } else {
      if (report.failed++ == 0) {
        report.first_difference =
            absl::StrCat("case ", index, ": ", status.message());
      }
    }
    ++index;
  }
  return report;
}

bool RunFolder(const std::string& folder, std::ostream& out) {
  const std::vector<std::filesystem::path> files = JsonFilesIn(folder);
  if (files.empty()) out << folder << ": no vectors\n";
  bool ok = !files.empty();
  for (const auto& file : files) ok = RunFile(file, out) && ok;
  return ok;
}

}  // namespace cordon::mls::vectors
