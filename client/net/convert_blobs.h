#ifndef CORDON_CLIENT_NET_CONVERT_BLOBS_H_
#define CORDON_CLIENT_NET_CONVERT_BLOBS_H_

// Ciphertext files: wire messages <-> the core's structs, as convert.h does the
// rest.
// Threads: pure functions. Errors: as in convert.h.

#include <cstddef>

#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

namespace wire = ::cordon::wire::v1;

// A piece of a download is what the relay reads at once.
inline constexpr size_t kBlobPieceBytesMax = size_t{1024} * 1024;

// The first message of an upload; chunks follow.
wire::PutRequest ToWire(const PutBlobCall& call);

// Of the whole ciphertext, as the relay computed it.
absl::StatusOr<Digest> FromWire(const wire::PutAnswer& answer);
// Never more received than there is to receive.
absl::StatusOr<BlobStat> FromWire(const wire::StatAnswer& answer);
absl::StatusOr<Bytes> FromWire(const wire::GetAnswer& answer);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_NET_CONVERT_BLOBS_H_
