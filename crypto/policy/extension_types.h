#ifndef CORDON_CRYPTO_POLICY_EXTENSION_TYPES_H_
#define CORDON_CRYPTO_POLICY_EXTENSION_TYPES_H_

// The MLS extensions of our own, from the range for private use (RFC 9420,
// 17.3: 0xf000 to 0xffff). Every room's required_capabilities name the first
// two, so a client that does not know them is never a member. Numbers are in
// signed group states: never reused.

#include "crypto/mls/extension.h"

namespace cordon::policy {

// GroupContext: what the room is for and who may do what (room_policy.h).
inline constexpr mls::ExtensionType kRoomPolicyExtension{0xf0c0};
// LeafNode: where to seal what only this device should read (inbox_key.h).
inline constexpr mls::ExtensionType kInboxKeyExtension{0xf0c1};
// GroupInfo, encrypted: titles of room and operation, for newcomers. What is
// inside is the client's; the relay never sees it.
inline constexpr mls::ExtensionType kTitlesExtension{0xf0c2};

}  // namespace cordon::policy

#endif  // CORDON_CRYPTO_POLICY_EXTENSION_TYPES_H_
