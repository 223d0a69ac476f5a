#include "tests/support/faulty_files.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "tests/support/seeded_random.h"

namespace cordon::testing {

void FaultyFiles::Apply(const Pending& change, Bytes& to) {
  if (change.truncate_to.has_value()) {
    to.resize(*change.truncate_to);
    return;
  }
  const uint64_t end = change.offset + change.bytes.size();
  if (to.size() < end) to.resize(end);
  std::copy(change.bytes.begin(), change.bytes.end(),
            to.begin() + static_cast<ptrdiff_t>(change.offset));
}

void FaultyFiles::Restart(SeededRandom* luck) {
  writes_left_.reset();
  changes_left_.reset();
  live_names_ = synced_names_;
  for (const auto& [name, file] : live_names_) {
    if (luck != nullptr) {
      for (const Pending& change : file->pending) {
        if (luck->Below(2) == 0) Apply(change, file->synced);
      }
    }
    file->live = file->synced;
    file->pending.clear();
  }
}

bool FaultyFiles::has_unsynced() const {
  return std::any_of(
      live_names_.begin(), live_names_.end(),
      [](const auto& named) { return !named.second->pending.empty(); });
}

uint64_t FaultyFiles::CountOf(DiskOp op) const {
  return static_cast<uint64_t>(std::count_if(
      changes_.begin(), changes_.end(),
      [op](const DiskChange& change) { return change.op == op; }));
}

absl::Status FaultyFiles::Change(DiskOp op, const std::string& name) {
  if (stopped()) return absl::UnavailableError("disk: stopped");
  if (op == DiskOp::kWrite && writes_left_.has_value()) {
    if (*writes_left_ == 0) return absl::ResourceExhaustedError("disk: full");
    --*writes_left_;
  }
  if (changes_left_.has_value()) --*changes_left_;
  changes_.push_back({.op = op, .file = name});
  return absl::OkStatus();
}

absl::StatusOr<FaultyFiles::FilePtr> FaultyFiles::Find(
    const std::string& name) const {
  if (stopped()) return absl::UnavailableError("disk: stopped");
  const auto found = live_names_.find(name);
  if (found == live_names_.end()) return absl::NotFoundError("disk: no file");
  return found->second;
}

bool FaultyFiles::Exists(const std::string& name) const {
  return live_names_.contains(name);
}

absl::Status FaultyFiles::Create(const std::string& name) {
  if (stopped()) return absl::UnavailableError("disk: stopped");
  if (!Exists(name)) live_names_[name] = std::make_shared<File>();
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> FaultyFiles::Size(const std::string& name) const {
  CORDON_ASSIGN_OR_RETURN(const FilePtr file, Find(name));
  return file->live.size();
}

absl::StatusOr<Bytes> FaultyFiles::Read(const std::string& name,
                                        uint64_t offset, size_t size) const {
  CORDON_ASSIGN_OR_RETURN(const FilePtr file, Find(name));
  const ByteSpan all = file->live;
  if (offset >= all.size()) return Bytes();
  return ToBytes(all.subspan(offset, size));
}

absl::Status FaultyFiles::Write(const std::string& name, uint64_t offset,
                                ByteSpan bytes) {
  CORDON_ASSIGN_OR_RETURN(const FilePtr file, Find(name));
  CORDON_RETURN_IF_ERROR(Change(DiskOp::kWrite, name));
  file->pending.push_back(
      {.truncate_to = {}, .offset = offset, .bytes = ToBytes(bytes)});
  Apply(file->pending.back(), file->live);
  return absl::OkStatus();
}

absl::Status FaultyFiles::Truncate(const std::string& name, uint64_t size) {
  CORDON_ASSIGN_OR_RETURN(const FilePtr file, Find(name));
  CORDON_RETURN_IF_ERROR(Change(DiskOp::kTruncate, name));
  file->pending.push_back({.truncate_to = size, .offset = 0, .bytes = {}});
  Apply(file->pending.back(), file->live);
  return absl::OkStatus();
}

absl::Status FaultyFiles::Sync(const std::string& name) {
  CORDON_ASSIGN_OR_RETURN(const FilePtr file, Find(name));
  CORDON_RETURN_IF_ERROR(Change(DiskOp::kSync, name));
  file->synced = file->live;
  file->pending.clear();
  synced_names_[name] = file;
  return absl::OkStatus();
}

absl::Status FaultyFiles::Rename(const std::string& from,
                                 const std::string& to) {
  CORDON_ASSIGN_OR_RETURN(const FilePtr file, Find(from));
  CORDON_RETURN_IF_ERROR(Change(DiskOp::kRename, from));
  live_names_.erase(from);
  live_names_[to] = file;
  return absl::OkStatus();
}

absl::Status FaultyFiles::Remove(const std::string& name) {
  CORDON_RETURN_IF_ERROR(Find(name).status());
  CORDON_RETURN_IF_ERROR(Change(DiskOp::kRemove, name));
  live_names_.erase(name);
  return absl::OkStatus();
}

absl::Status FaultyFiles::SyncFolder() {
  CORDON_RETURN_IF_ERROR(Change(DiskOp::kSync, "."));
  synced_names_ = live_names_;
  return absl::OkStatus();
}

std::vector<std::string> FaultyFiles::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : live_names_) {
    names.push_back(name);
  }
  return names;
}

}  // namespace cordon::testing
