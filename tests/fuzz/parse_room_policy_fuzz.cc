// A policy that parses has one serialization, and the decisions bear any valid
// policy.

#include <cstddef>
#include <cstdint>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/cert/role.h"
#include "crypto/policy/record_kind.h"
#include "crypto/policy/room_policy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const cordon::ByteSpan in(data, size);
  const auto policy = cordon::policy::ParseRoomPolicy(in);
  if (!policy.ok()) return 0;
  CORDON_CHECK(cordon::Equal(cordon::policy::Serialize(*policy), in));
  CORDON_CHECK(!cordon::policy::MayPost(*policy, cordon::cert::RoleSet(),
                                        cordon::policy::RecordKind::kText));
  return 0;
}
