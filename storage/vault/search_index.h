#ifndef CORDON_STORAGE_VAULT_SEARCH_INDEX_H_
#define CORDON_STORAGE_VAULT_SEARCH_INDEX_H_

// Words of opened records and of the files they carry, searchable without a
// network; inside the encrypted file like everything else (SQLite's FTS5).
//
// Words are cut by Unicode's classes, without case and accents. Text may be
// invalid UTF-8. What a person types is taken as words, never as FTS5's
// language.
// Threads and errors: as vault.h.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

// More text of one part than this is not indexed.
inline constexpr size_t kSearchTitleBytesMax = 1024;
inline constexpr size_t kSearchTextBytesMax = 1024 * 1024;
inline constexpr size_t kSearchQueryBytesMax = 1024;
inline constexpr size_t kSearchWordsMax = 16;
inline constexpr size_t kSearchHitsMax = 100;
// Around the words found, in a hit's title and snippet.
inline constexpr char kMatchBegin = '\x02';
inline constexpr char kMatchEnd = '\x03';

struct SearchText {
  RecordName record;
  uint32_t part = 0;  // 0: the record itself; then its files
  uint32_t kind = 0;
  std::string title;
  std::string body;
};

struct SearchQuery {
  std::string words;  // all must occur, each at least as a word's beginning
  std::optional<RoomId> room;
  std::optional<uint32_t> kind;
  size_t skip = 0;
};

struct SearchHit {
  RecordName record;
  uint32_t part = 0;
  uint32_t kind = 0;
  std::string title;
  std::string snippet;  // a few words around the first match
};

class SearchIndex {
 public:
  explicit SearchIndex(Statements* sql) : sql_(sql) {}

  // Put adds a part, or replaces it. Longer text is cut at the limits.
  absl::Status Put(const SearchText& text);
  // Erase takes out all parts of a record; OK if there are none.
  absl::Status Erase(const RecordName& record);

  // Search gives the best kSearchHitsMax hits after `skip`. kInvalidArgument
  // when there is no word in `words`, or more than the limits allow.
  absl::StatusOr<std::vector<SearchHit>> Search(const SearchQuery& query) const;

 private:
  absl::Status EraseNumbered(int64_t number);

  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_SEARCH_INDEX_H_
