#ifndef CORDON_SERVER_RPC_CONVERT_ENROLMENT_H_
#define CORDON_SERVER_RPC_CONVERT_ENROLMENT_H_

// Wire messages of Enrolment and Directory to the core's values and back, with
// every length check; as convert.h.
//
// Threads: pure functions.
// Errors: kInvalidArgument, naming the field.

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "server/core/directory.h"
#include "server/core/enrolment.h"
#include "server/core/follow_item.h"

namespace cordon::server {

// What an inviter answers, for whom.
struct JoinAnswerInput {
  InvitationId invitation{};
  Bytes answer{};
};

absl::StatusOr<InvitationId> InvitationFrom(const std::string& field);
absl::StatusOr<SetUpInput> SetUpInputFrom(const wire::v1::SetUpRequest& in);
absl::StatusOr<JoinRequestItem> JoinRequestFrom(
    const wire::v1::RedeemRequest& in);
absl::StatusOr<InvitationInput> InvitationInputFrom(
    const wire::v1::InviteRequest& in);
absl::StatusOr<JoinAnswerInput> JoinAnswerFrom(
    const wire::v1::AnswerRequest& in);
absl::StatusOr<ChainPair> ChainPairFrom(const wire::v1::EnterRequest& in);
absl::StatusOr<CrlItem> CrlFrom(const wire::v1::RevokeRequest& in);

// WriteTo fills an answer.
void WriteTo(const InvitationPage& page, wire::v1::ListInvitationsAnswer& out);

absl::StatusOr<std::vector<KeyPackageInput>> KeyPackagesFrom(
    const wire::v1::PublishKeyPackagesRequest& in);
absl::StatusOr<std::vector<DeviceId>> DevicesFrom(
    const wire::v1::ClaimKeyPackagesRequest& in);
void WriteTo(const DirectoryPage& page, wire::v1::ListDevicesAnswer& out);
void WriteTo(const std::vector<ClaimedPackage>& claimed,
             wire::v1::ClaimKeyPackagesAnswer& out);

}  // namespace cordon::server

#endif  // CORDON_SERVER_RPC_CONVERT_ENROLMENT_H_
