#include "server/rpc/delivery_service.h"

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"

#include "cordon/wire/v1/delivery.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/limits.h"
#include "crypto/base/number.h"
#include "crypto/base/status.h"
#include "crypto/log/chain_hash.h"
#include "server/core/append_input.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/core/delivery.h"
#include "server/core/follow_item.h"
#include "server/core/handshake_check.h"
#include "server/core/handshakes.h"
#include "server/core/inbox_payload.h"
#include "server/core/room_info_check.h"
#include "server/core/rooms.h"
#include "server/relay.h"
#include "server/rpc/convert.h"
#include "server/rpc/follow_reactor.h"
#include "server/rpc/turns.h"
#include "server/rpc/unary.h"

namespace cordon::server {

namespace wire = ::cordon::wire::v1;

grpc::ServerUnaryReactor* DeliveryService::Describe(
    grpc::CallbackServerContext* context,
    const wire::DescribeRequest* /*request*/, wire::DescribeAnswer* answer) {
  return OnLane<Done>(
      relay_, context, Method::kDescribe,
      [](const Caller& /*caller*/, Txn&) -> absl::StatusOr<Done> {
        return Done{};
      },
      [relay = relay_, answer](Done) {
        const RelayDescription& description = relay->description;
        answer->set_mls_public_key(ToString(description.mls_public_key));
        answer->set_file_bytes_max(description.file_bytes_max);
        answer->set_envelope_bytes_max(description.envelope_bytes_max);
      });
}

grpc::ServerUnaryReactor* DeliveryService::CreateRoom(
    grpc::CallbackServerContext* context,
    const wire::CreateRoomRequest* request,
    wire::CreateRoomAnswer* /*answer*/) {
  const absl::StatusOr<RoomId> room =
      IdFrom<RoomId>(request->room_id(), "room_id");
  if (!room.ok()) return Refuse(context, room.status());
  absl::StatusOr<Bytes> info =
      BoundedBytes(request->group_info(), kTreeBytesMax, "group_info");
  if (!info.ok()) return Refuse(context, info.status());
  Rooms* const rooms = relay_->rooms;
  return TurnsCall<NewRoomTask, CheckedRoom, Done>::Start(
      relay_, context, Method::kCreateRoom, absl::HashOf(*room),
      {.begin =
           [rooms, room = *room,
            info = *std::move(info)](const Caller& caller) mutable {
             return rooms->BeginCreate(caller, room, std::move(info));
           },
       .check = CheckNewRoom,
       .finish =
           [rooms](const Caller& caller, Txn& txn, const CheckedRoom& checked) {
             return DoneOr(rooms->FinishCreate(txn, caller, checked));
           },
       .write = [](Done) {}});
}

grpc::ServerUnaryReactor* DeliveryService::Append(
    grpc::CallbackServerContext* context, const wire::AppendRequest* request,
    wire::AppendAnswer* answer) {
  absl::StatusOr<AppendInput> input = AppendInputFrom(*request);
  if (!input.ok()) return Refuse(context, input.status());
  if (input->kind != EntryKind::kApplication) {
    return AppendHandshake(context, *std::move(input), answer);
  }
  return OnLane<LogSeq>(
      relay_, context, Method::kAppend,
      [delivery = relay_->delivery, input = *std::move(input)](
          const Caller& caller, Txn& txn) mutable {
        return delivery->Append(txn, caller, std::move(input));
      },
      [answer](LogSeq seq) { answer->set_seq(seq.value); });
}

grpc::ServerUnaryReactor* DeliveryService::AppendHandshake(
    grpc::CallbackServerContext* context, AppendInput input,
    wire::AppendAnswer* answer) {
  Handshakes* const handshakes = relay_->handshakes;
  const uint64_t key = absl::HashOf(input.room);
  return TurnsCall<HandshakeTask, CheckedHandshake, LogSeq>::Start(
      relay_, context, Method::kAppend, key,
      {.begin =
           [handshakes,
            input = std::move(input)](const Caller& caller) mutable {
             return handshakes->Begin(caller, std::move(input));
           },
       .check = CheckHandshake,
       .finish =
           [handshakes](const Caller& caller, Txn& txn,
                        CheckedHandshake checked) {
             return handshakes->Finish(txn, caller, std::move(checked));
           },
       .write = [answer](LogSeq seq) { answer->set_seq(seq.value); }});
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

grpc::ServerUnaryReactor* DeliveryService::FetchGroupInfo(
    grpc::CallbackServerContext* context,
    const wire::FetchGroupInfoRequest* request,
    wire::FetchGroupInfoAnswer* answer) {
  const absl::StatusOr<RoomId> room =
      IdFrom<RoomId>(request->room_id(), "room_id");
  if (!room.ok()) return Refuse(context, room.status());
  return OnLane<RoomInfos>(
      relay_, context, Method::kFetchGroupInfo,
      [rooms = relay_->rooms, room = *room](const Caller& caller, Txn&) {
        return rooms->FetchInfos(caller, room);
      },
      [answer](const RoomInfos& infos) {
        for (const Bytes& info : infos.group_infos) {
          answer->add_group_infos(ToString(info));
        }
        answer->set_ratchet_tree(ToString(infos.ratchet_tree));
      });
}

grpc::ServerUnaryReactor* DeliveryService::PutGroupInfo(
    grpc::CallbackServerContext* context,
    const wire::PutGroupInfoRequest* request,
    wire::PutGroupInfoAnswer* /*answer*/) {
  const absl::StatusOr<RoomId> room =
      IdFrom<RoomId>(request->room_id(), "room_id");
  if (!room.ok()) return Refuse(context, room.status());
  absl::StatusOr<Bytes> info =
      BoundedBytes(request->group_info(), kTreeBytesMax, "group_info");
  if (!info.ok()) return Refuse(context, info.status());
  Rooms* const rooms = relay_->rooms;
  return TurnsCall<OfferedInfo, OfferedInfo, Done>::Start(
      relay_, context, Method::kPutGroupInfo, absl::HashOf(*room),
      {.begin =
           [rooms, room = *room,
            info = *std::move(info)](const Caller& caller) mutable {
             return rooms->BeginPutInfo(caller, room, std::move(info));
           },
       .check = [](OfferedInfo offered) -> absl::StatusOr<OfferedInfo> {
         CORDON_RETURN_IF_ERROR(CheckOfferedInfo(
             *offered.group, offered.group_info, offered.signer));
         return offered;
       },
       .finish =
           [rooms](const Caller& caller, Txn& txn, const OfferedInfo& offered) {
             return DoneOr(rooms->FinishPutInfo(txn, caller, offered));
           },
       .write = [](Done) {}});
}

}  // namespace cordon::server
