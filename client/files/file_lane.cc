#include "client/files/file_lane.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "client/core/file_lane.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/files/file_worker.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

ThreadedFileLane::ThreadedFileLane(const FileWorker::Parts& parts)
    : calls_(kFileCallsMax), thread_([this, parts] { Run(parts); }) {}

ThreadedFileLane::~ThreadedFileLane() {
  calls_.Close();
  thread_.join();
}

void ThreadedFileLane::Post(Call call) {
  const absl::Status posted = calls_.Post(std::move(call));
  CORDON_CHECK(posted.ok());
}

void ThreadedFileLane::Run(const FileWorker::Parts& parts) {
  FileWorker worker(parts);
  bool busy = false;
  while (true) {
    std::vector<Call> calls =
        calls_.TakeAll(busy ? absl::InfinitePast() : absl::InfiniteFuture());
    if (calls_.closed()) return;
    for (Call& call : calls) std::move(call)(worker);
    busy = worker.Step();
  }
}

void ThreadedFileLane::Check(std::string path, uint64_t bytes_max,
                             Done<uint64_t> done) {
  Post([path = std::move(path), bytes_max,
        done = std::move(done)](FileWorker& worker) mutable {
    worker.Check(std::move(path), bytes_max, std::move(done));
  });
}

void ThreadedFileLane::Seal(std::string path, uint64_t bytes_max,
                            FileProgress progress, Done<SealedFile> done) {
  Post([path = std::move(path), bytes_max, progress = std::move(progress),
        done = std::move(done)](FileWorker& worker) mutable {
    worker.Seal(std::move(path), bytes_max, std::move(progress),
                std::move(done));
  });
}

void ThreadedFileLane::Open(OpenFileCall call, FileProgress progress,
                            Done<WrittenFile> done) {
  Post([call = std::move(call), progress = std::move(progress),
        done = std::move(done)](FileWorker& worker) mutable {
    worker.Open(std::move(call), std::move(progress), std::move(done));
  });
}

void ThreadedFileLane::Size(BlobId blob, Done<uint64_t> done) {
  Post([blob, done = std::move(done)](FileWorker& worker) mutable {
    worker.Size(blob, std::move(done));
  });
}

void ThreadedFileLane::Read(BlobId blob, uint64_t offset, size_t bytes_max,
                            Done<Bytes> done) {
  Post([blob, offset, bytes_max,
        done = std::move(done)](FileWorker& worker) mutable {
    worker.Read(blob, offset, bytes_max, std::move(done));
  });
}

void ThreadedFileLane::Append(BlobId blob, uint64_t offset, Bytes bytes,
                              Done<Unit> done) {
  Post([blob, offset, bytes = std::move(bytes),
        done = std::move(done)](FileWorker& worker) mutable {
    worker.Append(blob, offset, std::move(bytes), std::move(done));
  });
}

void ThreadedFileLane::Complete(BlobId blob, uint64_t size_bytes,
                                Done<Digest> done) {
  Post([blob, size_bytes, done = std::move(done)](FileWorker& worker) mutable {
    worker.Complete(blob, size_bytes, std::move(done));
  });
}

void ThreadedFileLane::Erase(BlobId blob, Done<Unit> done) {
  Post([blob, done = std::move(done)](FileWorker& worker) mutable {
    worker.Erase(blob, std::move(done));
  });
}

void ThreadedFileLane::List(Done<std::vector<BlobId>> done) {
  Post([done = std::move(done)](FileWorker& worker) mutable {
    worker.List(std::move(done));
  });
}

}  // namespace cordon::client
