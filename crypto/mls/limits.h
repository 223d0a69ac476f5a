#ifndef CORDON_CRYPTO_MLS_LIMITS_H_
#define CORDON_CRYPTO_MLS_LIMITS_H_

// Limits that more than one file of this folder needs. The others stand beside
// their use.

#include <cstddef>
#include <cstdint>

namespace cordon::mls {

inline constexpr size_t kGroupIdBytesMax = 255;
// Authenticated data that travels in the clear with a message.
inline constexpr size_t kAuthenticatedDataBytesMax = 64 * 1024;
// Proposals in one commit, by value and by reference together.
inline constexpr size_t kProposalsPerCommitMax = 1024;
// Proposals kept for an epoch until a commit names them.
inline constexpr size_t kPendingProposalsMax = 1024;
// Of these by one member. Who commits tries what does not fit together one by
// one, each time with all that fitted before.
inline constexpr size_t kProposalsPerMemberMax = 16;
// Pre-shared keys in one commit or one Welcome.
inline constexpr size_t kPsksMax = 64;

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_LIMITS_H_
