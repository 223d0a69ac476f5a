#ifndef CORDON_SERVER_CORE_LOG_CONVERT_H_
#define CORDON_SERVER_CORE_LOG_CONVERT_H_

// The store's rows and the core's values: the store knows no chain hash and no
// MLS, so it has words of its own for the same things.
//
// Threads: pure functions.

#include <utility>

#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "crypto/log/chain_hash.h"
#include "server/core/follow_item.h"
#include "storage/relay/delivery_log.h"

namespace cordon::server {

inline EntryKind FromStored(relay::EntryKind kind) {
  switch (kind) {
    case relay::EntryKind::kApplication:
      return EntryKind::kApplication;
    case relay::EntryKind::kProposal:
      return EntryKind::kProposal;
    case relay::EntryKind::kCommit:
      return EntryKind::kCommit;
  }
  CORDON_CHECK(false);  // The store reads no other.
  return EntryKind::kApplication;
}

inline relay::EntryKind ToStored(EntryKind kind) {
  switch (kind) {
    case EntryKind::kApplication:
      return relay::EntryKind::kApplication;
    case EntryKind::kProposal:
      return relay::EntryKind::kProposal;
    case EntryKind::kCommit:
      return relay::EntryKind::kCommit;
  }
  CORDON_CHECK(false);
  return relay::EntryKind::kApplication;
}

inline ChainHash FromStored(const relay::ChainHash& hash) {
  return *ChainHash::Parse(hash.span());  // The same length by type.
}
inline relay::ChainHash ToStored(const ChainHash& hash) {
  return *relay::ChainHash::Parse(hash.span());
}

// HeadOf an empty log is where its chain starts.
inline RoomHead HeadOf(const relay::Room& room) {
  if (room.head.seq.value == 0) return ChainStart(room.room);
  return {room.head.seq, FromStored(room.head.chain)};
}

inline RoomHeadItem ToHeadItem(const relay::Room& room) {
  return {room.room, room.epoch, HeadOf(room)};
}

inline LogEntry ToEntry(const RoomId& room, relay::LogEntry entry) {
  return {.room = room,
          .seq = entry.seq,
          .kind = FromStored(entry.kind),
          .epoch = entry.epoch,
          .author = entry.author,
          .envelope_id = entry.envelope,
          .sealed = std::move(entry.sealed),
          .received = entry.received};
}

}  // namespace cordon::server

#endif  // CORDON_SERVER_CORE_LOG_CONVERT_H_
