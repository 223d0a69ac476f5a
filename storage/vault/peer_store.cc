#include "storage/vault/peer_store.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "storage/sqlite/statement.h"
#include "storage/vault/statements.h"

namespace cordon::vault {
namespace {

constexpr absl::string_view kPut = R"sql(
INSERT INTO peer (room_id, author, counter, state)
VALUES (:room_id, :author, :counter, :state)
    ON CONFLICT (room_id, author) DO UPDATE
   SET counter = excluded.counter, state = excluded.state
)sql";

constexpr absl::string_view kGet = R"sql(
SELECT room_id, author, counter, state
  FROM peer
 WHERE room_id = :room_id
   AND author = :author
)sql";

constexpr absl::string_view kList = R"sql(
SELECT room_id, author, counter, state
  FROM peer
 WHERE room_id = :room_id
   AND author > :after
 ORDER BY author
 LIMIT :limit
)sql";

constexpr absl::string_view kForget = R"sql(
DELETE FROM peer WHERE room_id = :room_id
)sql";

absl::StatusOr<Peer> ReadPeer(sqlite::Run& run) {
  Peer peer;
  CORDON_RETURN_IF_ERROR(
      run.Read(peer.room, peer.author, peer.counter, peer.state));
  return peer;
}

}  // namespace

absl::Status PeerStore::Put(const Peer& peer) {
  if (peer.state.size() > kPeerStateBytesMax) {
    return absl::ResourceExhaustedError("vault: kPeerStateBytesMax");
  }
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * put, sql_->Get(kPut));
  sqlite::Run run = put->Start();
  run.Bind("room_id", peer.room)
      .Bind("author", peer.author)
      .Bind("counter", peer.counter)
      .Bind("state", peer.state);
  return run.Finish();
}

absl::StatusOr<Peer> PeerStore::Get(RoomId room, DeviceId author) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * get, sql_->Get(kGet));
  sqlite::Run run = get->Start();
  run.Bind("room_id", room).Bind("author", author);
  CORDON_RETURN_IF_ERROR(StepToRow(run, "peer"));
  return ReadPeer(run);
}

absl::StatusOr<std::vector<Peer>> PeerStore::List(RoomId room,
                                                  DeviceId after) const {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * list, sql_->Get(kList));
  sqlite::Run run = list->Start();
  run.Bind("room_id", room)
      .Bind("after", after)
      .Bind("limit", kPeersPerPageMax);
  std::vector<Peer> peers;
  while (true) {
    CORDON_ASSIGN_OR_RETURN(const bool row, run.Step());
    if (!row) return peers;
    CORDON_ASSIGN_OR_RETURN(Peer peer, ReadPeer(run));
    peers.push_back(std::move(peer));
  }
}

absl::Status PeerStore::Forget(RoomId room) {
  CORDON_ASSIGN_OR_RETURN(sqlite::Statement * forget, sql_->Get(kForget));
  sqlite::Run run = forget->Start();
  run.Bind("room_id", room);
  return run.Finish();
}

}  // namespace cordon::vault
