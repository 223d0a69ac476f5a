#include "storage/vault/search_index.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/record_store.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kFindPart = R"sql(
SELECT number
  FROM search_text
 WHERE room_id = :room_id
   AND record_id = :record_id
   AND part = :part
)sql";

constexpr absl::string_view kFindParts = R"sql(
SELECT number
  FROM search_text
 WHERE room_id = :room_id
   AND record_id = :record_id
)sql";

constexpr absl::string_view kPutText = R"sql(
INSERT INTO search_text (room_id, record_id, part, kind, title, body)
VALUES (:room_id, :record_id, :part, :kind, :title, :body)
RETURNING number
)sql";

constexpr absl::string_view kPutWords = R"sql(
INSERT INTO search_word (rowid, title, body) VALUES (:number, :title, :body)
)sql";

// The index of words does not keep the text: to forget, it must be told again.
constexpr absl::string_view kEraseWords = R"sql(
INSERT INTO search_word (search_word, rowid, title, body)
SELECT 'delete', number, title, body FROM search_text WHERE number = :number
)sql";

constexpr absl::string_view kEraseText = R"sql(
DELETE FROM search_text WHERE number = :number
)sql";

constexpr absl::string_view kSearch = R"sql(
SELECT text.room_id, text.record_id, text.part, text.kind,
       highlight(search_word, 0, char(2), char(3)),
       snippet(search_word, 1, char(2), char(3), '…', 16)
  FROM search_word
  JOIN search_text AS text ON text.number = search_word.rowid
 WHERE search_word MATCH :match
   AND (:any_room OR text.room_id = :room_id)
   AND (:any_kind OR text.kind = :kind)
 ORDER BY search_word.rank
 LIMIT :limit OFFSET :skip
)sql";

static_assert(kMatchBegin == 2 && kMatchEnd == 3);

// Between words: blanks, and NUL, which would end FTS5's own reading early.
constexpr absl::string_view kBlanks("\0 \t\r\n\v\f", 7);

// Each word in quotes, so that FTS5 sees no operators, and as a beginning.
absl::StatusOr<std::string> MatchExpression(absl::string_view words) {
  if (words.size() > kSearchQueryBytesMax) {
    return absl::InvalidArgumentError("search: too long");
  }
  const std::vector<absl::string_view> parts =
      absl::StrSplit(words, absl::ByAnyChar(kBlanks), absl::SkipEmpty());
  if (parts.empty()) return absl::InvalidArgumentError("search: no word");
  if (parts.size() > kSearchWordsMax) {
    return absl::InvalidArgumentError("search: too many words");
  }
  std::string match;
  for (const absl::string_view part : parts) {
    absl::StrAppend(&match, "\"", absl::StrReplaceAll(part, {{"\"", "\"\""}}),
                    "\"* ");
  }
  return match;
}

absl::StatusOr<std::vector<int64_t>> ReadNumbers(sqlite::Run& run) {
  std::vector<int64_t> numbers;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return numbers;
    int64_t number = 0;
    CORDON_RETURN_IF_ERROR(run.Read(number));
    numbers.push_back(number);
  }
}

absl::StatusOr<int64_t> PutText(Statements& sql, const SearchText& text,
                                absl::string_view title,
                                absl::string_view body) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql.Get(kPutText));
  sqlite::Run run = put->Start();
  run.Bind("room_id", text.record.room)
      .Bind("record_id", text.record.id)
      .Bind("part", text.part)
      .Bind("kind", text.kind)
      .Bind("title", title)
      .Bind("body", body);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "number"));
  int64_t number = 0;
  CORDON_RETURN_IF_ERROR(run.Read(number));
  CORDON_RETURN_IF_ERROR(run.Step().status());
  return number;
}

}  // namespace

absl::Status SearchIndex::Put(const SearchText& text) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindPart));
  sqlite::Run finding = find->Start();
  finding.Bind("room_id", text.record.room)
      .Bind("record_id", text.record.id)
      .Bind("part", text.part);
  CORDON_ASSIGN_OR_RETURN(const std::vector<int64_t> old, ReadNumbers(finding));
  for (const int64_t number : old) {
    CORDON_RETURN_IF_ERROR(EraseNumbered(number));
  }
  const auto title =
      absl::string_view(text.title).substr(0, kSearchTitleBytesMax);
  const auto body = absl::string_view(text.body).substr(0, kSearchTextBytesMax);
  CORDON_ASSIGN_OR_RETURN(const int64_t number,
                          PutText(*sql_, text, title, body));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * words, sql_->Get(kPutWords));
  sqlite::Run run = words->Start();
  run.Bind("number", number).Bind("title", title).Bind("body", body);
  return run.Finish();
}

absl::Status SearchIndex::Erase(const RecordName& record) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * find, sql_->Get(kFindParts));
  sqlite::Run run = find->Start();
  run.Bind("room_id", record.room).Bind("record_id", record.id);
  CORDON_ASSIGN_OR_RETURN(const std::vector<int64_t> parts, ReadNumbers(run));
  for (const int64_t number : parts) {
    CORDON_RETURN_IF_ERROR(EraseNumbered(number));
  }
  return absl::OkStatus();
}

absl::Status SearchIndex::EraseNumbered(int64_t number) {
  for (const absl::string_view erase : {kEraseWords, kEraseText}) {
    CORDON_ASSIGN_OR_RETURN(sqlite::Statement * statement, sql_->Get(erase));
    sqlite::Run run = statement->Start();
    run.Bind("number", number);
    CORDON_RETURN_IF_ERROR(run.Finish());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SearchHit>> SearchIndex::Search(
    const SearchQuery& query) const {
  CORDON_ASSIGN_OR_RETURN(const std::string match,
                          MatchExpression(query.words));
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * search, sql_->Get(kSearch));
  sqlite::Run run = search->Start();
  const RoomId room = query.room.value_or(RoomId());
  run.Bind("match", match)
      .Bind("any_room", !query.room.has_value())
      .Bind("room_id", room)
      .Bind("any_kind", !query.kind.has_value())
      .Bind("kind", query.kind.value_or(0))
      .Bind("limit", kSearchHitsMax)
      .Bind("skip", query.skip);
  std::vector<SearchHit> hits;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return hits;
    SearchHit hit;
    CORDON_RETURN_IF_ERROR(run.Read(hit.record.room, hit.record.id, hit.part,
                                    hit.kind, hit.title, hit.snippet));
    hits.push_back(std::move(hit));
  }
}

}  // namespace cordon::vault
