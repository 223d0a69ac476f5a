// The rooms and blobs of tests/support/fake_relay.h.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/core/delivery_types.h"
#include "client/core/relay.h"
#include "client/core/relay_types.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "tests/support/fake_follow.h"
#include "tests/support/fake_relay.h"
#include "tests/support/fake_rooms.h"

namespace cordon::testing {

using ::cordon::client::Done;
using ::cordon::client::Unit;

// Answers that come after the stream is gone are dropped by this.
template <typename T>
Done<T> WhileAlive(const std::shared_ptr<bool>& alive, Done<T> done) {
  return [alive = std::weak_ptr<bool>(alive),
          done = std::move(done)](absl::StatusOr<T> answer) mutable {
    if (!alive.expired()) std::move(done)(std::move(answer));
  };
}

class FakeUpload final : public client::BlobUpload {
 public:
  FakeUpload(FakeRelay* relay, const client::PutBlobCall& call)
      : relay_(relay), call_(call) {}

  void Write(Bytes chunk, Done<Unit> done) override {
    relay_->Do(WhileAlive(alive_, std::move(done)), [&]() -> absl::Status {
      CORDON_RETURN_IF_ERROR(Begin());
      return relay_->world_->blobs.Write(call_.blob, chunk);
    });
  }

  void Finish(Done<Digest> done) override {
    relay_->Answer<Digest>(WhileAlive(alive_, std::move(done)),
                           [&]() -> absl::StatusOr<Digest> {
                             CORDON_RETURN_IF_ERROR(Begin());
                             return relay_->world_->blobs.Finish(call_.blob);
                           });
  }

 private:
  // Like the first message of the real stream, judged once.
  absl::Status Begin() {
    if (begun_) return absl::OkStatus();
    CORDON_ASSIGN_OR_RETURN(const FakeCall caller, relay_->Call());
    CORDON_RETURN_IF_ERROR(relay_->world_->blobs.Begin(relay_->world_->rooms,
                                                       caller.caller, call_));
    begun_ = true;
    return absl::OkStatus();
  }

  FakeRelay* const relay_;
  const client::PutBlobCall call_;
  bool begun_ = false;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

class FakeDownload final : public client::BlobDownload {
 public:
  FakeDownload(FakeRelay* relay, const BlobId& blob, uint64_t offset)
      : relay_(relay), blob_(blob), offset_(offset) {}

  void Read(Done<Bytes> done) override {
    relay_->Answer<Bytes>(
        WhileAlive(alive_, std::move(done)), [&]() -> absl::StatusOr<Bytes> {
          CORDON_ASSIGN_OR_RETURN(const FakeCall caller, relay_->Call());
          CORDON_ASSIGN_OR_RETURN(
              Bytes piece,
              relay_->world_->blobs.Read(relay_->world_->rooms, caller.caller,
                                         blob_, offset_));
          offset_ += piece.size();
          return piece;
        });
  }

 private:
  FakeRelay* const relay_;
  const BlobId blob_;
  uint64_t offset_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

void FakeRelay::Describe(Done<client::RelayFacts> done) {
  Answer<client::RelayFacts>(
      std::move(done), [&]() -> absl::StatusOr<client::RelayFacts> {
        CORDON_RETURN_IF_ERROR(Call().status());
        return client::RelayFacts{
            .mls_public_key = ToBytes(ByteSpan(world_->mls_key.public_key())),
            .file_bytes_max = world_->blobs.file_bytes_max};
      });
}

void FakeRelay::CreateRoom(RoomId room, Bytes group_info, Done<Unit> done) {
  Do(std::move(done), [&]() -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
    return world_->rooms.Create(call, room, group_info);
  });
}

void FakeRelay::Append(client::AppendCall input, Done<LogSeq> done) {
  const auto effect = [&]() -> absl::StatusOr<LogSeq> {
    CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
    return world_->rooms.Append(call, input);
  };
  const bool faulty = next_append_.fail.has_value() || next_append_.lose;
  AnswerWith<LogSeq>(faulty ? next_append_ : next_, std::move(done), effect);
}

void FakeRelay::Backfill(RoomId room, LogSeq after, uint32_t entries_max,
                         Done<client::LogPage> done) {
  using Page = client::LogPage;
  Answer<Page>(std::move(done), [&]() -> absl::StatusOr<Page> {
    CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
    CORDON_ASSIGN_OR_RETURN(const FakeRooms::Room* const found,
                            world_->rooms.Find(call.caller, room));
    const LogSeq from = std::max(after, found->members.at(call.caller));
    const RoomLie& lie = lies_[room];
    return Page{.entries = EntriesAfter(*found, lie, from,
                                        LogSeq{from.value + entries_max}),
                .head = HeadOf(*found, lie)};
  });
}

void FakeRelay::AckInbox(uint64_t through, Done<Unit> done) {
  Do(std::move(done), [&]() -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
    world_->rooms.AckInbox(call.caller, through);
    return absl::OkStatus();
  });
}

void FakeRelay::FetchWelcome(uint64_t welcome_id,
                             Done<client::SharedWelcome> done) {
  Answer<client::SharedWelcome>(
      std::move(done), [&]() -> absl::StatusOr<client::SharedWelcome> {
        CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
        return world_->rooms.FetchWelcome(call.caller, welcome_id);
      });
}

void FakeRelay::FetchGroupInfo(RoomId room, Done<client::GroupInfos> done) {
  Answer<client::GroupInfos>(
      std::move(done), [&]() -> absl::StatusOr<client::GroupInfos> {
        CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
        return world_->rooms.FetchGroupInfo(call.caller, room);
      });
}

void FakeRelay::PutGroupInfo(RoomId room, Bytes group_info, Done<Unit> done) {
  Do(std::move(done), [&]() -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
    return world_->rooms.PutGroupInfo(call, room, group_info);
  });
}

std::unique_ptr<client::BlobUpload> FakeRelay::PutBlob(
    client::PutBlobCall call) {
  return std::make_unique<FakeUpload>(this, call);
}

std::unique_ptr<client::BlobDownload> FakeRelay::GetBlob(
    BlobId blob, uint64_t offset_bytes) {
  return std::make_unique<FakeDownload>(this, blob, offset_bytes);
}

void FakeRelay::StatBlob(BlobId blob, Done<client::BlobStat> done) {
  Answer<client::BlobStat>(
      std::move(done), [&]() -> absl::StatusOr<client::BlobStat> {
        CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
        return world_->blobs.Stat(world_->rooms, call.caller, blob);
      });
}

void FakeRelay::HoldBlob(BlobId blob, RoomId room, Done<Unit> done) {
  Do(std::move(done), [&]() -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
    return world_->blobs.Hold(world_->rooms, call.caller, blob, room);
  });
}

void FakeRelay::ForgetBlob(BlobId blob, RoomId room, Done<Unit> done) {
  Do(std::move(done), [&]() -> absl::Status {
    CORDON_ASSIGN_OR_RETURN(const FakeCall call, Call());
    return world_->blobs.Forget(world_->rooms, call.caller, blob, room);
  });
}

}  // namespace cordon::testing
