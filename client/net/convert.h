#ifndef CORDON_CLIENT_NET_CONVERT_H_
#define CORDON_CLIENT_NET_CONVERT_H_

// Wire messages <-> the core's structs, with every length check. What a relay
// sends is not trusted to have the right form.
// Threads: pure functions.
// Errors: kInternal, naming what is malformed: no honest relay sends it.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "client/core/relay_types.h"
#include "cordon/wire/v1/directory.pb.h"
#include "cordon/wire/v1/enrolment.pb.h"
#include "cordon/wire/v1/types.pb.h"
#include "crypto/base/bytes.h"

namespace cordon::client {

namespace wire = ::cordon::wire::v1;

// Sentences of the relay that are shown are cut here.
inline constexpr size_t kSentenceBytesMax = 300;
// The largest answer to a join request (crypto/cert/join_answer.h).
inline constexpr size_t kAnswerBytesMax = 32 * 1024;

void FillChain(const std::vector<Bytes>& from, wire::Chain* to);
wire::SetUpRequest ToWire(const SetUpCall& call);
wire::InviteRequest ToWire(const InviteCall& call);

absl::StatusOr<Bytes> FromWire(const wire::FetchAnswerAnswer& answer);
absl::StatusOr<InvitationPage> FromWire(
    const wire::ListInvitationsAnswer& answer);
absl::StatusOr<DevicePage> FromWire(const wire::ListDevicesAnswer& answer);

// Sentence keeps what may be shown of a text from outside: printable ASCII and
// UTF-8, no control characters, at most kSentenceBytesMax.
std::string Sentence(const std::string& text);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_CONVERT_H_
