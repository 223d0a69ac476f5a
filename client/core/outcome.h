#ifndef CORDON_CLIENT_CORE_OUTCOME_H_
#define CORDON_CLIENT_CORE_OUTCOME_H_

// What an answer of the relay tells about whether something happened.
//
// | the relay answers                        | we then know              |
// | OK                                       | it happened               |
// | kUnavailable, kDeadlineExceeded,         | nothing: ask again with   |
// |   kCancelled, kInternal, kUnknown,       |   the same ids            |
// |   kResourceExhausted, kAborted           |                           |
// | anything else                            | it did not and never will |

#include "absl/status/status.h"

namespace cordon::client {

// IsRefusal is true for the last row: not for OK, not while nothing is known.
bool IsRefusal(const absl::Status& answer);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_OUTCOME_H_
