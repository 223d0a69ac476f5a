#ifndef CORDON_SERVER_CORE_APPEND_INPUT_H_
#define CORDON_SERVER_CORE_APPEND_INPUT_H_

// What a device wants appended to a room's log. A value; lengths were checked
// where it was read (server/rpc/convert.h).

#include <cstddef>
#include <optional>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"

namespace cordon::server {

// One joiner's EncryptedGroupSecrets.
inline constexpr size_t kJoinerSecretsBytesMax = 4 * 1024;

struct JoinerSecrets {
  DeviceId device{};
  Bytes secrets{};
};
// A Welcome, cut: one part for all joiners, one for each.
struct WelcomeInput {
  Bytes encrypted_group_info{};
  Bytes ratchet_tree{};
  std::vector<JoinerSecrets> joiners{};
};
struct AppendInput {
  RoomId room{};
  EnvelopeId envelope_id{};
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch{};
  Bytes sealed{};
  Bytes group_info{};                     // with a commit
  std::optional<WelcomeInput> welcome{};  // with a commit that adds
};

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_APPEND_INPUT_H_
