#ifndef CORDON_CLIENT_CORE_FILE_LANE_H_
#define CORDON_CLIENT_CORE_FILE_LANE_H_

// What the core may ask of files: sealing one into the blob cache, moving
// ciphertext between the cache and the network, opening one into a folder.
// client/files implements it on a thread of its own, so that a big guide never
// delays an alert.
//
// A file is read once, when it is sealed; every resume or retry reads the
// cache. What is opened appears under its name only when its digest was right.
// Threads: called on the core's thread; every `done` comes back there, once,
// unless the lane is destroyed first.
// Errors: kNotFound, kPermissionDenied, kInvalidArgument (empty, no plain
// file), kResourceExhausted (beyond the limit, checked before anything is read;
// the disk is full), kFailedPrecondition (the file changed while it was read,
// the target is there already), kDataLoss (ciphertext that does not open). Each
// message names the file and what to do; nothing is left half-made.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"

#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/blob/blob_ref.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

// Bytes done, and of how many.
using FileProgress = absl::AnyInvocable<void(uint64_t done, uint64_t total)>;

struct SealedFile {
  blob::BlobRef ref;
  std::string name;        // without its path
  std::string media_type;  // sniffed from the first bytes
};

struct OpenFileCall {
  blob::BlobRef ref;
  std::string folder;  // made if its parent is there
  std::string name;    // a plain name, checked
};
struct WrittenFile {
  std::string path;
  uint64_t size_bytes = 0;
  Digest digest{};
};

class FileLane {
 public:
  virtual ~FileLane() = default;

  // Check gives the length of the file at `path`, if Seal would take it.
  virtual void Check(std::string path, uint64_t bytes_max,
                     Done<uint64_t> done) = 0;
  // Seal reads the file at `path` into the cache, under a key of its own.
  virtual void Seal(std::string path, uint64_t bytes_max, FileProgress progress,
                    Done<SealedFile> done) = 0;
  // Open writes the file that the cache holds whole.
  virtual void Open(OpenFileCall call, FileProgress progress,
                    Done<WrittenFile> done) = 0;

  // The cache. Size says how many bytes of a blob's ciphertext are here, 0 for
  // a blob that is not.
  virtual void Size(BlobId blob, Done<uint64_t> done) = 0;
  // Read gives `bytes_max` bytes of a complete blob, less only at its end.
  virtual void Read(BlobId blob, uint64_t offset, size_t bytes_max,
                    Done<Bytes> done) = 0;
  // Append adds fetched ciphertext at the end, which must be `offset`, or cuts
  // off what is beyond it.
  virtual void Append(BlobId blob, uint64_t offset, Bytes bytes,
                      Done<Unit> done) = 0;
  // Complete syncs a blob of that length, gives it its name, and the SHA-256 of
  // all of it; again is fine.
  virtual void Complete(BlobId blob, uint64_t size_bytes,
                        Done<Digest> done) = 0;
  // Erase is fine with a blob that is not here.
  virtual void Erase(BlobId blob, Done<Unit> done) = 0;
  // List gives all blobs, complete or not.
  virtual void List(Done<std::vector<BlobId>> done) = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_FILE_LANE_H_
