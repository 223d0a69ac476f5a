#ifndef CORDON_CLIENT_CORE_SEARCHING_H_
#define CORDON_CLIENT_CORE_SEARCHING_H_

// Words looked up in what this device has opened, without a network.
// Threads: none; the core's thread.
// Errors: kInvalidArgument for a query without a word; kNotFound for a room
// that is not known.

#include "absl/status/statusor.h"

#include "client/core/command.h"
#include "client/core/parts.h"
#include "client/core/view/record.h"

namespace cordon::client {

class Searching {
 public:
  explicit Searching(const Parts& parts) : parts_(parts) {}

  absl::StatusOr<SearchView> Find(const Search& wanted);

 private:
  const Parts parts_;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_SEARCHING_H_
