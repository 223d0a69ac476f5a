#ifndef CORDON_CLIENT_FILES_FILE_WORKER_H_
#define CORDON_CLIENT_FILES_FILE_WORKER_H_

// The file lane's work, without its thread: short calls are done at once, the
// sealing and the opening of files become jobs that Step carries on, a piece of
// each in turn.
//
// Threads: one at a time; answers and progress are posted to the core's.
// Lifetime: what it is given outlives it.

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "client/core/file_lane.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "client/core_thread.h"
#include "client/files/blob_cache.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/random.h"
#include "crypto/prim/hash.h"
#include "storage/blobs/file_system.h"

namespace cordon::client {

// Progress is told each time a job has gone on by this much.
inline constexpr uint64_t kProgressBytes = uint64_t{1} * 1024 * 1024;

class FileWorker final : public FileLane {
 public:
  struct Parts {
    CoreThread* core;
    blobs::FileSystem* files;  // the cache's; `folder` is where it lies
    std::string folder;
    RandomSource* random;
  };
  // Nothing is opened before the first call: the profile's folder may not be
  // there yet.
  explicit FileWorker(const Parts& parts);
  FileWorker(const FileWorker&) = delete;
  FileWorker& operator=(const FileWorker&) = delete;
  ~FileWorker() override;

  // Step carries on every job by a piece; false when there is none.
  bool Step();

  // FileLane, each answered before it returns but Seal and Open, whose jobs
  // end in a Step.
  void Check(std::string path, uint64_t bytes_max,
             Done<uint64_t> done) override;
  void Seal(std::string path, uint64_t bytes_max, FileProgress progress,
            Done<SealedFile> done) override;
  void Open(OpenFileCall call, FileProgress progress,
            Done<WrittenFile> done) override;
  void Size(BlobId blob, Done<uint64_t> done) override;
  void Read(BlobId blob, uint64_t offset, size_t bytes_max,
            Done<Bytes> done) override;
  void Append(BlobId blob, uint64_t offset, Bytes bytes,
              Done<Unit> done) override;
  void Complete(BlobId blob, uint64_t size_bytes, Done<Digest> done) override;
  void Erase(BlobId blob, Done<Unit> done) override;
  void List(Done<std::vector<BlobId>> done) override;

 private:
  // One job and where its answer goes. Defined in file_worker.cc.
  class Running;
  template <typename Job, typename Result>
  class RunningJob;

  CoreThread* const core_;
  RandomSource* const random_;
  // Before running_: jobs that are dropped erase what they put here.
  BlobCache cache_;
  std::list<std::unique_ptr<Running>> running_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_FILE_WORKER_H_
