#ifndef CORDON_CRYPTO_BASE_LIMITS_H_
#define CORDON_CRYPTO_BASE_LIMITS_H_

// Limits that two folders need. The others stand beside their use.

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace cordon {

// One sealed application message in a room's log.
inline constexpr size_t kEnvelopeBytesMax = 256 * 1024;
// One handshake message (a commit, a proposal) in a room's log.
inline constexpr size_t kHandshakeBytesMax = 2 * 1024 * 1024;
// Adds in one commit; larger admissions are split.
inline constexpr size_t kAddsPerCommitMax = 500;
// Leaves of a room, and followers of a room.
inline constexpr uint32_t kRoomDevicesMax = 5000;
// A room's ratchet tree or GroupInfo: 5 000 leaves of about 1.5 KiB.
inline constexpr size_t kTreeBytesMax = 16 * 1024 * 1024;
// A gRPC message, set on both ends: the largest thing in it plus its frame.
inline constexpr size_t kRpcBytesMax = kTreeBytesMax + 64 * 1024;
// One file, by default policy.
inline constexpr uint64_t kFileBytesMax = uint64_t{2} * 1024 * 1024 * 1024;
// One certificate, and the certificates of one chain (leaf and issuing).
inline constexpr size_t kCertificateBytesMax = 4 * 1024;
inline constexpr size_t kChainCertificatesMax = 2;
// A certificate revocation list.
inline constexpr size_t kCrlBytesMax = 1024 * 1024;
// A key package with its X.509 chain.
inline constexpr size_t kKeyPackageBytesMax = 16 * 1024;

inline constexpr absl::Duration kCertificateLifetime = absl::Hours(24 * 365);
inline constexpr absl::Duration kCertificateRenewBefore = absl::Hours(24 * 60);
inline constexpr absl::Duration kCertificateBackdate = absl::Hours(24);
inline constexpr absl::Duration kKeyPackageLifetime = absl::Hours(24 * 90);

}  // namespace cordon

#endif  // CORDON_CRYPTO_BASE_LIMITS_H_
