#ifndef CORDON_CRYPTO_BASE_STATUS_H_
#define CORDON_CRYPTO_BASE_STATUS_H_

// The two status macros. Whatever a peer, a disk, a clock or a network can
// cause is an absl::Status; what the codes mean here is one table, in
// crypto/README.md.

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"  // IWYU pragma: export

#define CORDON_STATUS_CONCAT_INNER_(a, b) a##b
#define CORDON_STATUS_CONCAT_(a, b) CORDON_STATUS_CONCAT_INNER_(a, b)

// CORDON_RETURN_IF_ERROR(expression of type absl::Status);
#define CORDON_RETURN_IF_ERROR(expression)           \
  do {                                               \
    absl::Status cordon_status_ = (expression);      \
    if (!cordon_status_.ok()) return cordon_status_; \
  } while (false)

// CORDON_ASSIGN_OR_RETURN(declaration or variable, expression of type
// absl::StatusOr<T>);
#define CORDON_ASSIGN_OR_RETURN(target, expression)                     \
  CORDON_ASSIGN_OR_RETURN_(CORDON_STATUS_CONCAT_(cordon_or_, __LINE__), \
                           target, expression)
// NOLINTBEGIN(bugprone-macro-parentheses): names and declarations take none
#define CORDON_ASSIGN_OR_RETURN_(temporary, target, expression) \
  auto temporary = (expression);                                \
  if (!temporary.ok()) return std::move(temporary).status();    \
  target = *std::move(temporary)
// NOLINTEND(bugprone-macro-parentheses)

#endif  // CORDON_CRYPTO_BASE_STATUS_H_
