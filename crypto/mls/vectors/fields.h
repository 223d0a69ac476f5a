#ifndef CORDON_CRYPTO_MLS_VECTORS_FIELDS_H_
#define CORDON_CRYPTO_MLS_VECTORS_FIELDS_H_

// Reading one case of a JSON vector file without exceptions, and saying what
// differs.
//
// Fields borrows the JSON value it looks at, which must outlive it.
// Threads: none.
// Errors: kInvalidArgument with the name of the field that is absent or of
// another kind; kFailedPrecondition for a value that differs from the vector's.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/mls/suite.h"

namespace cordon::mls::vectors {

using Json = nlohmann::json;

class Fields {
 public:
  explicit Fields(const Json& object) : object_(&object) {}

  // True for an absent field, too.
  bool IsNull(absl::string_view name) const;
  absl::StatusOr<Bytes> Hex(absl::string_view name) const;
  absl::StatusOr<Secret> Hash(absl::string_view name) const;
  absl::StatusOr<uint64_t> Uint(absl::string_view name) const;
  absl::StatusOr<uint32_t> Uint32(absl::string_view name) const;
  absl::StatusOr<std::string> Text(absl::string_view name) const;
  absl::StatusOr<Fields> Object(absl::string_view name) const;
  absl::StatusOr<std::vector<Fields>> Array(absl::string_view name) const;

  // Elements of an array that are no objects.
  absl::StatusOr<Bytes> AsHex() const;
  absl::StatusOr<std::vector<Fields>> AsArray() const;

  // Expect compares `computed` with the field.
  absl::Status Expect(absl::string_view name, ByteSpan computed) const;
  absl::Status Expect(absl::string_view name, uint64_t computed) const;

  const Json& json() const { return *object_; }

 private:
  absl::StatusOr<const Json*> Find(absl::string_view name) const;

  const Json* object_;
};

// Differs is the error of a case in words; hex on both sides.
absl::Status Differs(absl::string_view what, ByteSpan computed, ByteSpan given);
absl::Status ExpectEqual(absl::string_view what, ByteSpan computed,
                         ByteSpan given);
// Expect is for a check that has no bytes to show.
absl::Status Expect(bool holds, absl::string_view what);

}  // namespace cordon::mls::vectors

#endif  // CORDON_CRYPTO_MLS_VECTORS_FIELDS_H_
