#include "crypto/log/chain_hash.h"

#include <cstdint>

#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/codec/writer.h"
#include "crypto/prim/hash.h"

namespace cordon {
namespace {

constexpr absl::string_view kStartLabel = "cordon 1.0 Room Log";
constexpr absl::string_view kStepLabel = "cordon 1.0 Log Entry";

}  // namespace

RoomHead ChainStart(const RoomId& room) {
  codec::Writer out;
  out.Vector(AsBytes(kStartLabel));
  out.Fixed(room.span());
  return RoomHead{.seq = LogSeq{0}, .hash = ChainHash(Sha256(out.bytes()))};
}

RoomHead ChainNext(const RoomHead& head, const ChainedEntry& entry) {
  CORDON_CHECK(entry.seq == head.seq.Next());
  codec::Writer out;
  out.Vector(AsBytes(kStepLabel));
  out.Fixed(head.hash.span());
  out.U64(entry.seq.value);
  out.U8(static_cast<uint8_t>(entry.kind));
  out.U64(entry.epoch.value);
  out.Fixed(entry.author.span());
  out.Fixed(entry.envelope_id.span());
  out.Fixed(entry.sealed_digest);
  return RoomHead{.seq = entry.seq, .hash = ChainHash(Sha256(out.bytes()))};
}

}  // namespace cordon
