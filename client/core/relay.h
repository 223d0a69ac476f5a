#ifndef CORDON_CLIENT_CORE_RELAY_H_
#define CORDON_CLIENT_CORE_RELAY_H_

// What client/core may ask of the network; client/net implements it over gRPC,
// the tests' fake relay in memory. proto/cordon/wire/v1 says what each call
// means.
//
// Threads: called on the core's thread; every `done` is called on the core's
// thread, once, unless the relay object is destroyed first.
// Errors: the relay's own codes (style.md 4.4 in crypto/README.md);
// kUnavailable and kDeadlineExceeded mean "unknown whether it happened".
// Every mutating call may be repeated with the same ids.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "client/core/delivery_types.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/prim/hash.h"

namespace cordon::client {

// What the device follows, batch by batch, for as long as somebody reads.
// Destroying it ends the stream.
class FollowStream {
 public:
  virtual ~FollowStream() = default;
  // Read gives what came next, in order, never an empty batch; one Read at a
  // time. An error means the stream has ended: kResourceExhausted when this
  // reader was too slow, kPermissionDenied when the device is refused.
  virtual void Read(Done<std::vector<FollowItem>> done) = 0;
};

// One file on its way up. Destroying it breaks off; what arrived stays there
// to be gone on from.
class BlobUpload {
 public:
  virtual ~BlobUpload() = default;
  // Write sends the next chunk, at most kBlobWireChunkBytesMax; one at a time.
  virtual void Write(Bytes chunk, Done<Unit> done) = 0;
  // Finish is answered when the relay has all of it on disk, with the SHA-256
  // of the whole ciphertext.
  virtual void Finish(Done<Digest> done) = 0;
};

// One file on its way down.
class BlobDownload {
 public:
  virtual ~BlobDownload() = default;
  // Read gives the next chunk, empty at the end; one at a time.
  virtual void Read(Done<Bytes> done) = 0;
};

inline constexpr size_t kBlobWireChunkBytesMax = size_t{64} * 1024;

class Relay {
 public:
  virtual ~Relay() = default;

  // Connect says where the following calls go; nothing is sent yet, and calls
  // under way are not touched.
  virtual void Connect(ConnectCall call) = 0;

  // Without a certificate.
  virtual void SetUp(SetUpCall call, Done<Unit> done) = 0;
  virtual void Redeem(InvitationId invitation, Bytes request,
                      Done<Unit> done) = 0;
  // Gives the answer's bytes, empty while there is none.
  virtual void FetchAnswer(InvitationId invitation, Done<Bytes> done) = 0;

  // With the device's certificate.
  virtual void Invite(InviteCall call, Done<Unit> done) = 0;
  // A page of the caller's own, by id, after `after`; zero: from the start.
  virtual void ListInvitations(InvitationId after,
                               Done<InvitationPage> done) = 0;
  virtual void RevokeInvitation(InvitationId invitation, Done<Unit> done) = 0;
  virtual void AnswerRequest(InvitationId invitation, Bytes answer,
                             Done<Unit> done) = 0;
  // Enter puts the calling device into the directory.
  virtual void Enter(std::vector<Bytes> identity, std::vector<Bytes> transport,
                     Done<Unit> done) = 0;

  // `organisation` empty: all. `after` zero: from the start.
  virtual void ListDevices(DeviceId after, std::string organisation,
                           Done<DevicePage> done) = 0;

  // Revoke posts a newer revocation list.
  virtual void Revoke(CrlItem list, Done<Unit> done) = 0;

  // Key packages: those of the calling device, given how many the relay holds
  // then; and one for each of others' devices, in the order asked.
  virtual void PublishKeyPackages(std::vector<KeyPackageUpload> packages,
                                  Done<uint64_t> done) = 0;
  virtual void ClaimKeyPackages(RoomId room, std::vector<DeviceId> devices,
                                Done<std::vector<ClaimedKeyPackage>> done) = 0;

  // Rooms.
  virtual void Describe(Done<RelayFacts> done) = 0;
  virtual void CreateRoom(RoomId room, Bytes group_info, Done<Unit> done) = 0;
  virtual void Append(AppendCall call, Done<LogSeq> done) = 0;
  virtual void Backfill(RoomId room, LogSeq after, uint32_t entries_max,
                        Done<LogPage> done) = 0;
  virtual void AckInbox(uint64_t through, Done<Unit> done) = 0;
  virtual void FetchWelcome(uint64_t welcome_id, Done<SharedWelcome> done) = 0;
  virtual void FetchGroupInfo(RoomId room, Done<GroupInfos> done) = 0;
  virtual void PutGroupInfo(RoomId room, Bytes group_info, Done<Unit> done) = 0;
  // A second stream of this device ends the first.
  virtual std::unique_ptr<FollowStream> Follow(FollowCall call) = 0;

  // Blobs.
  virtual std::unique_ptr<BlobUpload> PutBlob(PutBlobCall call) = 0;
  virtual std::unique_ptr<BlobDownload> GetBlob(BlobId blob,
                                                uint64_t offset_bytes) = 0;
  virtual void StatBlob(BlobId blob, Done<BlobStat> done) = 0;
  virtual void HoldBlob(BlobId blob, RoomId room, Done<Unit> done) = 0;
  virtual void ForgetBlob(BlobId blob, RoomId room, Done<Unit> done) = 0;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_RELAY_H_
