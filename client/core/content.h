#ifndef CORDON_CLIENT_CORE_CONTENT_H_
#define CORDON_CLIENT_CORE_CONTENT_H_

// Records between domain types and the bytes that are signed. The only place
// in the client that knows the sealed protobuf; its parts are the content_*
// files.
//
// SerializeRecord is for a record that is being made: nobody serialises one
// that was signed. ParseRecord checks sizes, counts and that header and content
// agree; what a kind must say beyond that is its own rules' business
// (alert_rules.h). Numbers of code lists that this build does not know come
// through as they are.
// Threads: pure functions.
// Errors: kInvalidArgument for bytes no honest client makes, naming the field;
// kResourceExhausted for a record beyond record::kRecordBytesMax.

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/model/operation.h"
#include "client/core/model/record.h"
#include "crypto/base/bytes.h"

namespace cordon::client {

// A record of a higher major version is shown as "needs a newer client".
inline constexpr uint32_t kSchemaMajor = 1;
inline constexpr uint32_t kSchemaMinor = 0;

inline constexpr size_t kAttachmentsMax = 50;
inline constexpr size_t kReferencesMax = 16;
inline constexpr size_t kTextBytesMax = 20'000;
inline constexpr size_t kTitleBytesMax = 140;
inline constexpr size_t kReasonBytesMax = 1000;
inline constexpr size_t kFileNameBytesMax = 255;
inline constexpr size_t kParticipantsMax = 1000;

absl::StatusOr<Bytes> SerializeRecord(const RecordBody& body);

absl::StatusOr<RecordBody> ParseRecord(ByteSpan bytes);

// Profiles as they stand outside of records: in the vault's rows, and of a
// room in the titles extension that newcomers find in the encrypted GroupInfo
// (crypto/policy/extension_types.h).
Bytes SerializeProfile(const OperationProfile& profile);
Bytes SerializeProfile(const RoomProfile& profile);
Bytes SerializeProfile(const Participant& profile);
absl::StatusOr<OperationProfile> ParseOperationProfile(ByteSpan bytes);
absl::StatusOr<RoomProfile> ParseRoomProfile(ByteSpan bytes);
absl::StatusOr<Participant> ParseParticipant(ByteSpan bytes);

// CheckFileName refuses what is no plain name: empty, too long, a path, "..",
// control characters.
absl::Status CheckFileName(absl::string_view name);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_CONTENT_H_
