#include "crypto/mls/psk.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/suite.h"

namespace cordon::mls {
namespace {

enum class PskType : uint8_t { kExternal = 1, kResumption = 2 };

void WriteName(const ExternalPsk& psk, codec::Writer& out) {
  out.U8(static_cast<uint8_t>(PskType::kExternal));
  out.Vector(psk.id);
}

void WriteName(const ResumptionPsk& psk, codec::Writer& out) {
  out.U8(static_cast<uint8_t>(PskType::kResumption));
  out.U8(static_cast<uint8_t>(psk.usage));
  out.Vector(psk.group_id);
  out.U64(psk.epoch.value);
}

absl::StatusOr<ResumptionPsk> ReadResumption(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint8_t usage, in.U8());
  if (usage < static_cast<uint8_t>(ResumptionUsage::kApplication) ||
      usage > static_cast<uint8_t>(ResumptionUsage::kBranch)) {
    return absl::InvalidArgumentError("psk: unknown usage");
  }
  CORDON_ASSIGN_OR_RETURN(const ByteSpan group_id, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const uint64_t epoch, in.U64());
  return ResumptionPsk{.usage = static_cast<ResumptionUsage>(usage),
                       .group_id = ToBytes(group_id),
                       .epoch = Epoch{epoch}};
}

}  // namespace

void Write(const PreSharedKeyId& id, codec::Writer& out) {
  std::visit([&out](const auto& psk) { WriteName(psk, out); }, id.psk);
  out.Vector(id.nonce);
}

absl::StatusOr<PreSharedKeyId> ReadPreSharedKeyId(codec::Reader& in) {
  PreSharedKeyId id;
  CORDON_ASSIGN_OR_RETURN(const uint8_t type, in.U8());
  if (type == static_cast<uint8_t>(PskType::kExternal)) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan name, in.Vector());
    id.psk = ExternalPsk{.id = ToBytes(name)};
  } else if (type == static_cast<uint8_t>(PskType::kResumption)) {
    CORDON_ASSIGN_OR_RETURN(id.psk, ReadResumption(in));
  } else {
    return absl::InvalidArgumentError("psk: unknown type");
  }
  CORDON_ASSIGN_OR_RETURN(const ByteSpan nonce, in.Vector());
  id.nonce = ToBytes(nonce);
  return id;
}

PreSharedKeyId MakeExternalPskId(ByteSpan id, RandomSource& random) {
  return PreSharedKeyId{.psk = ExternalPsk{.id = ToBytes(id)},
                        .nonce = RandomBytes(random, kHashBytes)};
}

PreSharedKeyId MakeResumptionPskId(ResumptionPsk psk, RandomSource& random) {
  return PreSharedKeyId{.psk = std::move(psk),
                        .nonce = RandomBytes(random, kHashBytes)};
}

}  // namespace cordon::mls
