#include "tests/support/faulty_vfs.h"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "tests/support/faulty_files.h"

namespace cordon::testing {
namespace {

constexpr int kSectorBytes = 4096;
constexpr int kPathBytesMax = 512;

// SQLite allocates it and calls Open and Close on it; `name` is ours to free.
struct OpenFile {
  sqlite3_file base;
  FaultyFiles* files;
  std::string* name;
  bool remove_on_close;
};

OpenFile& Of(sqlite3_file* file) {
  return *reinterpret_cast<OpenFile*>(file);
}

FaultyFiles& FilesOf(sqlite3_vfs* vfs) {
  return *static_cast<FaultyFiles*>(vfs->pAppData);
}

int CodeOf(const absl::Status& status, int otherwise) {
  if (status.ok()) return SQLITE_OK;
  return absl::IsResourceExhausted(status) ? SQLITE_FULL : otherwise;
}

int Close(sqlite3_file* file) {
  OpenFile& open = Of(file);
  if (open.remove_on_close) open.files->Remove(*open.name).IgnoreError();
  delete open.name;
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const absl::StatusOr<Bytes> bytes = Of(file).files->Read(
      *Of(file).name, static_cast<uint64_t>(offset), static_cast<size_t>(size));
  if (!bytes.ok()) return SQLITE_IOERR_READ;
  auto* to = static_cast<uint8_t*>(out);
  std::fill(std::copy(bytes->begin(), bytes->end(), to), to + size, uint8_t{0});
  return static_cast<int>(bytes->size()) == size ? SQLITE_OK
                                                 : SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* data, int size,
          sqlite3_int64 offset) {
  const ByteSpan bytes(static_cast<const uint8_t*>(data),
                       static_cast<size_t>(size));
  return CodeOf(Of(file).files->Write(*Of(file).name,
                                      static_cast<uint64_t>(offset), bytes),
                SQLITE_IOERR_WRITE);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return CodeOf(
      Of(file).files->Truncate(*Of(file).name, static_cast<uint64_t>(size)),
      SQLITE_IOERR_TRUNCATE);
}

int Sync(sqlite3_file* file, int /*flags*/) {
  return CodeOf(Of(file).files->Sync(*Of(file).name), SQLITE_IOERR_FSYNC);
}

int FileSize(sqlite3_file* file, sqlite3_int64* out) {
  const absl::StatusOr<uint64_t> size = Of(file).files->Size(*Of(file).name);
  if (!size.ok()) return SQLITE_IOERR_FSTAT;
  *out = static_cast<sqlite3_int64>(*size);
  return SQLITE_OK;
}

int Lock(sqlite3_file* /*file*/, int /*level*/) {
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* /*file*/, int* out) {
  *out = 0;
  return SQLITE_OK;
}

int FileControl(sqlite3_file* /*file*/, int /*op*/, void* /*argument*/) {
  return SQLITE_NOTFOUND;
}

int SectorSize(sqlite3_file* /*file*/) {
  return kSectorBytes;
}

int DeviceCharacteristics(sqlite3_file* /*file*/) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// Version 1: no shared memory, no memory mapping.
const sqlite3_io_methods& Methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;
    m.xClose = Close;
    m.xRead = Read;
    m.xWrite = Write;
    m.xTruncate = Truncate;
    m.xSync = Sync;
    m.xFileSize = FileSize;
    m.xLock = Lock;
    m.xUnlock = Lock;
    m.xCheckReservedLock = CheckReservedLock;
    m.xFileControl = FileControl;
    m.xSectorSize = SectorSize;
    m.xDeviceCharacteristics = DeviceCharacteristics;
    return m;
  }();
  return methods;
}

int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
         int* out_flags) {
  static uint64_t nameless = 0;
  OpenFile& open = Of(file);
  open.base.pMethods = nullptr;
  const std::string name = path != nullptr
                               ? std::string(path)
                               : absl::StrCat("nameless-", nameless++);
  FaultyFiles& files = FilesOf(vfs);
  if (!files.Exists(name) && (flags & SQLITE_OPEN_CREATE) == 0) {
    return SQLITE_CANTOPEN;
  }
  if (!files.Create(name).ok()) return SQLITE_CANTOPEN;
  open.base.pMethods = &Methods();
  open.files = &files;
  open.name = new std::string(name);
  open.remove_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  FaultyFiles& files = FilesOf(vfs);
  if (!files.Exists(path)) return SQLITE_IOERR_DELETE_NOENT;
  if (!files.Remove(path).ok()) return SQLITE_IOERR_DELETE;
  if (sync_folder != 0 && !files.SyncFolder().ok()) return SQLITE_IOERR_DELETE;
  return SQLITE_OK;
}

int Access(sqlite3_vfs* vfs, const char* path, int /*flags*/, int* out) {
  *out = FilesOf(vfs).Exists(path) ? 1 : 0;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs* /*vfs*/, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

}  // namespace

FaultyVfs::FaultyVfs(FaultyFiles* files)
    : name_(absl::StrCat("faulty-", absl::Hex(files))),
      vfs_(std::make_unique<sqlite3_vfs>()) {
  // Randomness, sleep and time are the operating system's.
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  CORDON_CHECK(system != nullptr);
  *vfs_ = *system;
  vfs_->iVersion = 1;
  vfs_->szOsFile = sizeof(OpenFile);
  vfs_->mxPathname = kPathBytesMax;
  vfs_->pNext = nullptr;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = files;
  vfs_->xOpen = Open;
  vfs_->xDelete = Delete;
  vfs_->xAccess = Access;
  vfs_->xFullPathname = FullPathname;
  CORDON_CHECK(sqlite3_vfs_register(vfs_.get(), /*makeDflt=*/0) == SQLITE_OK);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(vfs_.get());
}

}  // namespace cordon::testing
