#include "crypto/mls/vectors/fields.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/mls/suite.h"

namespace cordon::mls::vectors {
namespace {

absl::Status Wrong(absl::string_view name, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(name, ": ", what));
}

absl::StatusOr<Bytes> HexOf(const Json& value, absl::string_view name) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) return Wrong(name, "no text");
  auto bytes = FromHex(*text);
  if (!bytes.ok()) return Wrong(name, "no hex");
  return bytes;
}

absl::StatusOr<std::vector<Fields>> ElementsOf(const Json& value,
                                               absl::string_view name) {
  if (!value.is_array()) return Wrong(name, "no array");
  std::vector<Fields> elements;
  elements.reserve(value.size());
  for (const Json& each : value) elements.emplace_back(each);
  return elements;
}

}  // namespace

absl::StatusOr<const Json*> Fields::Find(absl::string_view name) const {
  if (!object_->is_object()) return Wrong(name, "not in an object");
  const auto found = object_->find(std::string(name));
  if (found == object_->end()) return Wrong(name, "absent");
  return &*found;
}

bool Fields::IsNull(absl::string_view name) const {
  const auto found = Find(name);
  return !found.ok() || (*found)->is_null();
}

absl::StatusOr<Bytes> Fields::Hex(absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(const Json* value, Find(name));
  return HexOf(*value, name);
}

absl::StatusOr<Secret> Fields::Hash(absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, Hex(name));
  auto secret = Secret::Copy(bytes);
  if (!secret.ok()) return Wrong(name, "not of the hash's size");
  return secret;
}

absl::StatusOr<uint64_t> Fields::Uint(absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(const Json* value, Find(name));
  if (!value->is_number_unsigned()) return Wrong(name, "no number");
  return value->get<uint64_t>();
}

absl::StatusOr<uint32_t> Fields::Uint32(absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(const uint64_t value, Uint(name));
  if (value > std::numeric_limits<uint32_t>::max()) {
    return Wrong(name, "out of range");
  }
  return static_cast<uint32_t>(value);
}

absl::StatusOr<std::string> Fields::Text(absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(const Json* value, Find(name));
  const auto* text = value->get_ptr<const std::string*>();
  if (text == nullptr) return Wrong(name, "no text");
  return *text;
}

absl::StatusOr<Fields> Fields::Object(absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(const Json* value, Find(name));
  if (!value->is_object()) return Wrong(name, "no object");
  return Fields(*value);
}

absl::StatusOr<std::vector<Fields>> Fields::Array(
    absl::string_view name) const {
  CORDON_ASSIGN_OR_RETURN(const Json* value, Find(name));
  return ElementsOf(*value, name);
}

absl::StatusOr<Bytes> Fields::AsHex() const {
  return HexOf(*object_, "element");
}

absl::StatusOr<std::vector<Fields>> Fields::AsArray() const {
  return ElementsOf(*object_, "element");
}

absl::Status Fields::Expect(absl::string_view name, ByteSpan computed) const {
  CORDON_ASSIGN_OR_RETURN(const Bytes given, Hex(name));
  return ExpectEqual(name, computed, given);
}

absl::Status Fields::Expect(absl::string_view name, uint64_t computed) const {
  CORDON_ASSIGN_OR_RETURN(const uint64_t given, Uint(name));
  if (computed == given) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(name, ": computed ", computed, ", given ", given));
}

absl::Status Differs(absl::string_view what, ByteSpan computed,
                     ByteSpan given) {
  return absl::FailedPreconditionError(absl::StrCat(
      what, ": computed ", ToHex(computed), ", given ", ToHex(given)));
}

absl::Status ExpectEqual(absl::string_view what, ByteSpan computed,
                         ByteSpan given) {
  if (Equal(computed, given)) return absl::OkStatus();
  return Differs(what, computed, given);
}

absl::Status Expect(bool holds, absl::string_view what) {
  if (holds) return absl::OkStatus();
  return absl::FailedPreconditionError(what);
}

}  // namespace cordon::mls::vectors
