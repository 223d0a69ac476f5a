#ifndef CORDON_CRYPTO_LOG_CHAIN_HASH_H_
#define CORDON_CRYPTO_LOG_CHAIN_HASH_H_

// The hash chain over one room's log. The relay and every client compute it
// from the envelopes alone; two parties with the same (seq, hash) have seen the
// same log up to there, byte for byte and in the same order.
//
// SHA-256 over TLS presentation language, as RFC 9420, section 2 writes it:
//   struct {                               // h_0, the head of an empty log
//     opaque label<V> = "cordon 1.0 Room Log";
//     opaque room[16];
//   } ChainStart;
//   struct {                               // h_n
//     opaque label<V> = "cordon 1.0 Log Entry";
//     opaque previous[32];                 // h_(n-1)
//     uint64 seq;                          // n, from 1
//     uint8 kind;                          // EntryKind
//     uint64 epoch;
//     opaque author[32];                   // zero: the relay itself
//     opaque envelope_id[16];
//     opaque sealed_digest[32];            // SHA-256 of the sealed bytes
//   } ChainStep;
// The sealed bytes go in as a digest, so that a log entry can be chained again
// after its bytes were deleted.
//
// Does not give: proof of who wrote the log. Whoever compares must have the
// other's head from a signed record.
// Threads: pure functions. Errors: none.

#include <cstdint>

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/prim/hash.h"

namespace cordon {

// What a log entry is, as far as the relay may know. Numbers are hashed and
// stored: never reused.
enum class EntryKind : uint8_t {
  kApplication = 1,  // PrivateMessage
  kProposal = 2,     // PublicMessage, by a member or by the relay
  kCommit = 3,       // PublicMessage
};

// RoomHead is a place in one room's log together with all that stands before.
struct RoomHead {
  LogSeq seq;  // 0: nothing yet
  ChainHash hash;

  friend bool operator==(const RoomHead&, const RoomHead&) = default;
};

// One entry, with its bytes reduced to their digest.
struct ChainedEntry {
  LogSeq seq;
  EntryKind kind = EntryKind::kApplication;
  Epoch epoch;
  DeviceId author;
  EnvelopeId envelope_id;
  Digest sealed_digest{};
};

// ChainStart is the head of a log without entries.
RoomHead ChainStart(const RoomId& room);

// ChainNext is the head after `entry`, which must stand at head.seq + 1
// (checked: whoever calls has compared the two).
RoomHead ChainNext(const RoomHead& head, const ChainedEntry& entry);

}  // namespace cordon

#endif  // CORDON_CRYPTO_LOG_CHAIN_HASH_H_
