#include "server/rpc/delivery_service.h"

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/core/delivery.h"
#include "server/core/follow_item.h"
#include "server/core/inbox_payload.h"
#include "server/relay.h"
#include "server/rpc/convert.h"
#include "server/rpc/follow_reactor.h"
#include "server/rpc/unary.h"

namespace cordon::server {

namespace wire = ::cordon::wire::v1;

grpc::ServerUnaryReactor* DeliveryService::Append(
    grpc::CallbackServerContext* context, const wire::AppendRequest* request,
    wire::AppendAnswer* answer) {
  absl::StatusOr<AppendInput> input = AppendInputFrom(*request);
  if (!input.ok()) return Refuse(context, input.status());
  return OnLane<LogSeq>(
      relay_, context, Method::kAppend,
      [delivery = relay_->delivery, input = *std::move(input)](
          const Caller& caller, Txn& txn) mutable {
        return delivery->Append(txn, caller, std::move(input));
      },
      [answer](LogSeq seq) { answer->set_seq(seq.value); });
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* DeliveryService::Follow(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return FollowReactor::Start(relay_, context, *request);
}

grpc::ServerUnaryReactor* DeliveryService::Backfill(
    grpc::CallbackServerContext* context, const wire::BackfillRequest* request,
    wire::BackfillAnswer* answer) {
  const absl::StatusOr<RoomId> room =
      IdFrom<RoomId>(request->room_id(), "room_id");
  if (!room.ok()) return Refuse(context, room.status());
  return OnLane<Page>(
      relay_, context, Method::kBackfill,
      [delivery = relay_->delivery, room = *room,
       after = LogSeq{request->after()},
       entries_max = size_t{request->entries_max()}](const Caller& caller,
                                                     Txn&) {
        return delivery->Backfill(caller, room, after, entries_max);
      },
      [answer](const Page& page) {
        for (const LogEntry& entry : page.entries) {
          *answer->add_entries() = ToWire(entry);
        }
        *answer->mutable_head() = ToWire(page.head);
      });
}

grpc::ServerUnaryReactor* DeliveryService::AckInbox(
    grpc::CallbackServerContext* context, const wire::AckInboxRequest* request,
    wire::AckInboxAnswer* /*answer*/) {
  return OnLane<Done>(
      relay_, context, Method::kAckInbox,
      [delivery = relay_->delivery, through = request->through()](
          const Caller& caller, Txn& txn) {
        return DoneOr(delivery->AckInbox(txn, caller, through));
      },
      [](Done) {});
}

grpc::ServerUnaryReactor* DeliveryService::FetchWelcome(
    grpc::CallbackServerContext* context,
    const wire::FetchWelcomeRequest* request,
    wire::FetchWelcomeAnswer* answer) {
  return OnLane<SharedWelcome>(
      relay_, context, Method::kFetchWelcome,
      [delivery = relay_->delivery, id = request->welcome_id()](
          const Caller& caller, Txn&) {
        return delivery->FetchWelcome(caller, id);
      },
      [answer](const SharedWelcome& welcome) {
        answer->set_encrypted_group_info(
            ToString(welcome.encrypted_group_info));
        answer->set_ratchet_tree(ToString(welcome.ratchet_tree));
      });
}

}  // namespace cordon::server
