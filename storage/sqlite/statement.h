#ifndef CORDON_STORAGE_SQLITE_STATEMENT_H_
#define CORDON_STORAGE_SQLITE_STATEMENT_H_

// SQL prepared once, run many times, with typed values.
//
//   sqlite::Run run = append_.Start();
//   run.Bind("room_id", entry.room).Bind("sealed", entry.sealed);
//   CORDON_RETURN_IF_ERROR(run.Finish());
//
//   sqlite::Run run = read_.Start();
//   run.Bind("room_id", room);
//   while (true) {
//     CORDON_ASSIGN_OR_RETURN(const bool row, run.Next(entry.seq,
//     entry.sealed)); if (!row) break;
//   }
//
// Values are bound by name (`:room_id` in the SQL), never concatenated. Every
// name is bound before the first Step; a name that is missing, unknown or bound
// twice is our own bug and stops the program. Ids are blobs, numbers are
// 64-bit, times are milliseconds since 1970 UTC, flags are 0 or 1.
// Threads and lifetime: as the Db, which outlives every Statement; a Statement
// stays where it is while a Run of it lives, and has one Run at a time.
// Errors: as in db.h; kDataLoss from Read when a column is not what is asked
// for; kInvalidArgument from Step when a number does not fit in 63 bits;
// kFailedPrecondition from Step when SQL that writes runs outside a
// Transaction.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "storage/sqlite/db.h"

struct sqlite3_stmt;

namespace cordon::sqlite {

class Statement;

// Run is one execution of a Statement; its end resets the Statement and
// forgets the values.
class Run {
 public:
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run();

  // Bind keeps a view: bytes and text must live as long as the Run.
  Run& Bind(const char* name, ByteSpan bytes);
  Run& Bind(const char* name, const Bytes& bytes) {
    return Bind(name, ByteSpan(bytes));
  }
  Run& Bind(const char* name, absl::string_view text);
  Run& Bind(const char* name, const SecretBytes& secret);
  template <size_t N>
  Run& Bind(const char* name, const SecretArray<N>& secret) {
    return Bind(name, secret.ExposeSecret());
  }
  template <class Tag, size_t N>
  Run& Bind(const char* name, const Id<Tag, N>& id) {
    return Bind(name, id.span());
  }
  Run& Bind(const char* name, absl::Time time);
  Run& Bind(const char* name, std::same_as<bool> auto flag) {
    return BindSigned(name, flag ? 1 : 0);
  }
  template <std::signed_integral T>
  Run& Bind(const char* name, T number) {
    return BindSigned(name, number);
  }
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  Run& Bind(const char* name, T number) {
    return BindUnsigned(name, number);
  }
  template <class Tag, class Rep>
  Run& Bind(const char* name, Number<Tag, Rep> number) {
    return BindUnsigned(name, number.value);
  }

  // Step moves to the next row: true if there is one, false at the end.
  absl::StatusOr<bool> Step();

  // Finish runs SQL that gives no rows.
  absl::Status Finish();

  // Changes counts the rows that the finished INSERT, UPDATE or DELETE touched,
  // without those of foreign keys.
  int64_t Changes() const;

  // Read copies the columns of this row, from the first, into typed variables.
  template <class... T>
  absl::Status Read(T&... columns) {
    absl::Status status = CheckColumns(sizeof...(columns));
    int column = 0;
    ((status.ok() ? status = ReadColumn(column++, columns) : status), ...);
    return status;
  }

  // Next is Step and, if there is a row, Read.
  template <class... T>
  absl::StatusOr<bool> Next(T&... columns) {
    absl::StatusOr<bool> row = Step();
    if (!row.ok() || !*row) return row;
    absl::Status status = Read(columns...);
    if (!status.ok()) return status;
    return true;
  }

 private:
  friend class Statement;

  Run(Db* db, sqlite3_stmt* raw) : db_(db), raw_(raw) {}

  int IndexOf(const char* name);
  void Note(int code);
  Run& BindSigned(const char* name, int64_t number);
  Run& BindUnsigned(const char* name, uint64_t number);
  absl::Status CheckFirstStep() const;

  absl::Status CheckColumns(size_t wanted) const;
  absl::StatusOr<ByteSpan> BlobAt(int column) const;
  absl::Status ReadColumn(int column, int64_t& out) const;
  absl::Status ReadColumn(int column, uint64_t& out) const;
  absl::Status ReadColumn(int column, uint32_t& out) const;
  absl::Status ReadColumn(int column, uint8_t& out) const;
  absl::Status ReadColumn(int column, bool& out) const;
  absl::Status ReadColumn(int column, absl::Time& out) const;
  absl::Status ReadColumn(int column, std::string& out) const;
  absl::Status ReadColumn(int column, Bytes& out) const;
  absl::Status ReadColumn(int column, SecretBytes& out) const;
  absl::Status ReadUpTo(int column, uint64_t max, uint64_t& out) const;

  template <class Tag, class Rep>
  absl::Status ReadColumn(int column, Number<Tag, Rep>& out) const {
    return ReadColumn(column, out.value);
  }
  template <class Tag, size_t N>
  absl::Status ReadColumn(int column, Id<Tag, N>& out) const {
    const absl::StatusOr<ByteSpan> blob = BlobAt(column);
    if (!blob.ok()) return blob.status();
    const absl::StatusOr<Id<Tag, N>> id = Id<Tag, N>::Parse(*blob);
    if (!id.ok()) return absl::DataLossError("database: an id's length");
    out = *id;
    return absl::OkStatus();
  }
  template <size_t N>
  absl::Status ReadColumn(int column, SecretArray<N>& out) const {
    const absl::StatusOr<ByteSpan> blob = BlobAt(column);
    if (!blob.ok()) return blob.status();
    absl::StatusOr<SecretArray<N>> secret = SecretArray<N>::Copy(*blob);
    if (!secret.ok()) return absl::DataLossError("database: a key's length");
    out = *std::move(secret);
    return absl::OkStatus();
  }

  Db* const db_;
  sqlite3_stmt* const raw_;
  absl::Status bind_status_;
  int bound_ = 0;
  bool stepped_ = false;
};

class Statement {
 public:
  // Prepare compiles one statement; what follows it is refused (kInternal).
  static absl::StatusOr<Statement> Prepare(Db* db, absl::string_view sql);

  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Run Start() { return Run(db_, raw_); }

 private:
  friend class Preparer;

  Statement(Db* db, sqlite3_stmt* raw) : db_(db), raw_(raw) {}

  Db* db_;
  sqlite3_stmt* raw_;
};

// Preparer prepares the many statements of one store and keeps the first
// error; after one, what it gave may only be destroyed.
class Preparer {
 public:
  explicit Preparer(Db* db) : db_(db) {}

  Statement operator()(absl::string_view sql);
  const absl::Status& status() const { return status_; }

 private:
  Db* const db_;
  absl::Status status_;
};

}  // namespace cordon::sqlite

#endif  // CORDON_STORAGE_SQLITE_STATEMENT_H_
