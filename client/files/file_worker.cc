#include "client/files/file_worker.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/file_lane.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/files/blob_cache.h"
#include "client/files/file_jobs.h"
#include "client/files/file_trouble.h"
#include "client/files/source_file.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"

namespace cordon::client {
namespace {

template <typename T>
void PostAnswer(CoreThread* core, Done<T> done, absl::StatusOr<T> result) {
  core->Post([done = std::move(done), result = std::move(result)]() mutable {
    std::move(done)(std::move(result));
  });
}

void PostUnit(CoreThread* core, Done<Unit> done, const absl::Status& result) {
  PostAnswer<Unit>(core, std::move(done),
                   result.ok() ? absl::StatusOr<Unit>(Unit{})
                               : absl::StatusOr<Unit>(CacheTrouble(result)));
}

}  // namespace

class FileWorker::Running {
 public:
  virtual ~Running() = default;
  // Step is false when the job has ended and was answered.
  virtual bool Step() = 0;
};

template <typename Job, typename Result>
class FileWorker::RunningJob final : public FileWorker::Running {
 public:
  RunningJob(CoreThread* core, std::unique_ptr<Job> job, FileProgress progress,
             Done<Result> done)
      : core_(core),
        job_(std::move(job)),
        progress_(std::make_shared<FileProgress>(std::move(progress))),
        done_(std::move(done)) {}

  bool Step() override {
    const absl::Status stepped = job_->Step();
    if (!stepped.ok()) return End(stepped);
    if (job_->done_bytes() >= told_bytes_ + kProgressBytes) Tell();
    if (!job_->done()) return true;
    if (told_bytes_ != job_->total_bytes()) Tell();
    return End(job_->Finish());
  }

 private:
  bool End(absl::StatusOr<Result> result) {
    // First, so that what a failure leaves is gone when it is known.
    job_ = nullptr;
    PostAnswer<Result>(core_, std::move(done_), std::move(result));
    return false;
  }

  void Tell() {
    told_bytes_ = job_->done_bytes();
    core_->Post([progress = progress_, done = told_bytes_,
                 total = job_->total_bytes()] { (*progress)(done, total); });
  }

  CoreThread* const core_;
  std::unique_ptr<Job> job_;
  // Two owners: this, and what was posted and has not run.
  std::shared_ptr<FileProgress> progress_;
  Done<Result> done_;
  uint64_t told_bytes_ = 0;
};

FileWorker::FileWorker(const Parts& parts)
    : core_(parts.core),
      random_(parts.random),
      cache_(parts.files, parts.folder) {}

FileWorker::~FileWorker() = default;

bool FileWorker::Step() {
  for (auto it = running_.begin(); it != running_.end();) {
    it = (*it)->Step() ? std::next(it) : running_.erase(it);
  }
  return !running_.empty();
}

void FileWorker::Check(std::string path, uint64_t bytes_max,
                       Done<uint64_t> done) {
  const absl::StatusOr<SourceFile> file =
      SourceFile::Open(std::move(path), bytes_max);
  PostAnswer<uint64_t>(core_, std::move(done),
                       file.ok() ? absl::StatusOr<uint64_t>(file->size_bytes())
                                 : absl::StatusOr<uint64_t>(file.status()));
}

void FileWorker::Seal(std::string path, uint64_t bytes_max,
                      FileProgress progress, Done<SealedFile> done) {
  absl::StatusOr<std::unique_ptr<SealJob>> job =
      SealJob::Begin(&cache_, *random_, std::move(path), bytes_max);
  if (!job.ok()) {
    PostAnswer<SealedFile>(core_, std::move(done), job.status());
    return;
  }
  running_.push_back(std::make_unique<RunningJob<SealJob, SealedFile>>(
      core_, *std::move(job), std::move(progress), std::move(done)));
}

void FileWorker::Open(OpenFileCall call, FileProgress progress,
                      Done<WrittenFile> done) {
  absl::StatusOr<std::unique_ptr<OpenJob>> job =
      OpenJob::Begin(&cache_, *random_, std::move(call));
  if (!job.ok()) {
    PostAnswer<WrittenFile>(core_, std::move(done), job.status());
    return;
  }
  running_.push_back(std::make_unique<RunningJob<OpenJob, WrittenFile>>(
      core_, *std::move(job), std::move(progress), std::move(done)));
}

void FileWorker::Size(BlobId blob, Done<uint64_t> done) {
  PostAnswer<uint64_t>(core_, std::move(done), cache_.Size(blob));
}

void FileWorker::Read(BlobId blob, uint64_t offset, size_t bytes_max,
                      Done<Bytes> done) {
  PostAnswer<Bytes>(core_, std::move(done),
                    cache_.Read(blob, offset, bytes_max));
}

void FileWorker::Append(BlobId blob, uint64_t offset, Bytes bytes,
                        Done<Unit> done) {
  PostUnit(core_, std::move(done), cache_.Append(blob, offset, bytes));
}

void FileWorker::Complete(BlobId blob, uint64_t size_bytes, Done<Digest> done) {
  absl::StatusOr<Digest> digest = cache_.Complete(blob, size_bytes);
  if (!digest.ok()) digest = CacheTrouble(digest.status());
  PostAnswer<Digest>(core_, std::move(done), digest);
}

void FileWorker::Erase(BlobId blob, Done<Unit> done) {
  PostUnit(core_, std::move(done), cache_.Erase(blob));
}

void FileWorker::List(Done<std::vector<BlobId>> done) {
  PostAnswer<std::vector<BlobId>>(core_, std::move(done), cache_.List());
}

}  // namespace cordon::client
