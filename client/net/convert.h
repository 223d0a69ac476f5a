#ifndef CORDON_CLIENT_NET_CONVERT_H_
#define CORDON_CLIENT_NET_CONVERT_H_

// Wire messages <-> the core's structs, with every length check. What a relay
// sends is not trusted to have the right form. Here: enrolment and directory;
// convert_delivery.h and convert_blobs.h have the rest.
// Threads: pure functions.
// Errors: kInternal, naming what is malformed: no honest relay sends it.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/core/delivery_types.h"
#include "client/core/relay_types.h"
#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"

namespace cordon::client {

namespace wire = ::cordon::wire::v1;

// Sentences of the relay that are shown are cut here.
inline constexpr size_t kSentenceBytesMax = 300;
// The largest answer to a join request (crypto/cert/join_answer.h).
inline constexpr size_t kAnswerBytesMax = 32 * 1024;

// Malformed is the error of all conversions; `what` is a field's name.
absl::Status Malformed(absl::string_view what);

// IdFrom reads a bytes field that holds one id.
template <typename AnyId>
absl::StatusOr<AnyId> IdFrom(const std::string& field, absl::string_view what) {
  absl::StatusOr<AnyId> id = AnyId::Parse(AsBytes(field));
  if (!id.ok()) return Malformed(what);
  return id;
}
// BytesFrom copies a bytes field of at most `bytes_max` bytes.
absl::StatusOr<Bytes> BytesFrom(const std::string& field, size_t bytes_max,
                                absl::string_view what);

void FillChain(const std::vector<Bytes>& from, wire::Chain* to);
wire::SetUpRequest ToWire(const SetUpCall& call);
wire::InviteRequest ToWire(const InviteCall& call);
wire::RevokeRequest ToWire(const CrlItem& list);
wire::PublishKeyPackagesRequest ToWire(
    const std::vector<KeyPackageUpload>& packages);

absl::StatusOr<Bytes> FromWire(const wire::FetchAnswerAnswer& answer);
absl::StatusOr<InvitationPage> FromWire(
    const wire::ListInvitationsAnswer& answer);
absl::StatusOr<DevicePage> FromWire(const wire::ListDevicesAnswer& answer);
// One for each of `asked`, in that order.
absl::StatusOr<std::vector<ClaimedKeyPackage>> FromWire(
    const wire::ClaimKeyPackagesAnswer& answer,
    const std::vector<DeviceId>& asked);

// Sentence keeps what may be shown of a text from outside: printable ASCII and
// UTF-8, no control characters, at most kSentenceBytesMax.
std::string Sentence(const std::string& text);
// UnreachedText says for a person that a relay is not to be reached, from what
// gRPC says of it; kept is the reason at its end ("Connection refused").
std::string UnreachedText(const std::string& address, const std::string& text);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_CONVERT_H_
