#ifndef CORDON_CLIENT_CORE_SEARCH_TEXT_H_
#define CORDON_CLIENT_CORE_SEARCH_TEXT_H_

// Which words of a record are found again by searching: what people wrote, and
// the codes, marks and numbers they look for. Not: who sent it or when, which
// is asked for otherwise.
// Threads: pure functions.

#include <string>

#include "client/core/model/record.h"

namespace cordon::client {

struct RecordWords {
  std::string title;
  std::string body;
};
// Empty for what has nothing to search in: profiles, acknowledgements without a
// note. Of an approval, the words of what it passes on.
RecordWords WordsOf(const RecordBody& body);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_SEARCH_TEXT_H_
