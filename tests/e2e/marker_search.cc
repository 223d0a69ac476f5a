#include "tests/e2e/marker_search.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "crypto/base/status.h"

namespace cordon::e2e {
namespace {

constexpr size_t kChunkBytes = 1 << 20;
constexpr uint64_t kRangeBytesMax = uint64_t{16} << 30;

// Takes bytes in order and finds markers across the seams of its chunks.
class Searcher {
 public:
  explicit Searcher(const std::vector<std::string>& markers)
      : markers_(markers) {
    for (const std::string& marker : markers) {
      overlap_ = std::max(overlap_, marker.size());
    }
  }

  void Take(absl::string_view bytes) {
    searched_.bytes += bytes.size();
    absl::StrAppend(&window_, bytes);
    for (const std::string& marker : markers_) {
      if (absl::StrContains(window_, marker)) searched_.found.insert(marker);
    }
    if (window_.size() > overlap_) window_.erase(0, window_.size() - overlap_);
  }
  // What follows does not touch what came before.
  void Cut() { window_.clear(); }

  const Searched& searched() const { return searched_; }

 private:
  const std::vector<std::string>& markers_;
  size_t overlap_ = 0;
  std::string window_;
  Searched searched_;
};

absl::Status TakeFile(const std::string& path, Searcher& searcher) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::string chunk(kChunkBytes, '\0');
  searcher.Cut();
  while (in) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    searcher.Take(
        absl::string_view(chunk).substr(0, static_cast<size_t>(in.gcount())));
  }
  return absl::OkStatus();
}

struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// A line of /proc/PID/maps: "begin-end perms …"; empty if it is not readable.
Range ReadableRange(const std::string& line) {
  const std::vector<std::string> words =
      absl::StrSplit(line, absl::MaxSplits(' ', 2));
  if (words.size() < 2 || words[1][0] != 'r') return {};
  const std::vector<std::string> ends = absl::StrSplit(words[0], '-');
  Range range;
  if (ends.size() != 2 || !absl::SimpleHexAtoi(ends[0], &range.begin) ||
      !absl::SimpleHexAtoi(ends[1], &range.end)) {
    return {};
  }
  // A sanitizer reserves terabytes for its shadow, next to nothing of which is
  // there; no program of ours maps as much.
  if (range.end - range.begin > kRangeBytesMax) return {};
  return range;
}

void TakeRange(int memory, const Range& range, Searcher& searcher) {
  std::string chunk(kChunkBytes, '\0');
  searcher.Cut();
  for (uint64_t at = range.begin; at < range.end;) {
    const size_t wanted = std::min<uint64_t>(chunk.size(), range.end - at);
    const ssize_t got =
        pread(memory, chunk.data(), wanted, static_cast<off_t>(at));
    if (got <= 0) return;  // The kernel's own pages are not to be read.
    searcher.Take(absl::string_view(chunk).substr(0, static_cast<size_t>(got)));
    at += static_cast<uint64_t>(got);
  }
}

}  // namespace

absl::StatusOr<Searched> SearchFile(const std::string& path,
                                    const std::vector<std::string>& markers) {
  Searcher searcher(markers);
  CORDON_RETURN_IF_ERROR(TakeFile(path, searcher));
  return searcher.searched();
}

absl::StatusOr<Searched> SearchFolder(const std::string& folder,
                                      const std::vector<std::string>& markers) {
  Searcher searcher(markers);
  std::error_code error;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file()) continue;
    CORDON_RETURN_IF_ERROR(TakeFile(entry.path().string(), searcher));
  }
  if (error) return absl::NotFoundError(absl::StrCat("cannot read ", folder));
  return searcher.searched();
}

absl::StatusOr<Searched> SearchMemory(pid_t pid,
                                      const std::vector<std::string>& markers) {
  std::ifstream maps(absl::StrCat("/proc/", pid, "/maps"));
  const int memory =
      open(absl::StrCat("/proc/", pid, "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (!maps || memory < 0) {
    if (memory >= 0) close(memory);
    return absl::PermissionDeniedError(
        absl::StrCat("the memory of ", pid, " is not to be read"));
  }
  Searcher searcher(markers);
  for (std::string line; std::getline(maps, line);) {
    TakeRange(memory, ReadableRange(line), searcher);
  }
  close(memory);
  return searcher.searched();
}

}  // namespace cordon::e2e
