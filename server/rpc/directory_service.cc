#include "server/rpc/directory_service.h"

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"

#include "cordon/wire/v1/directory.pb.h"
#include "crypto/base/id.h"
#include "server/core/authz.h"
#include "server/core/caller.h"
#include "server/core/directory.h"
#include "server/core/key_package_check.h"
#include "server/relay.h"
#include "server/rpc/convert.h"
#include "server/rpc/convert_enrolment.h"
#include "server/rpc/turns.h"
#include "server/rpc/unary.h"

namespace cordon::server {

namespace wire = ::cordon::wire::v1;

grpc::ServerUnaryReactor* DirectoryService::ListDevices(
    grpc::CallbackServerContext* context,
    const wire::ListDevicesRequest* request, wire::ListDevicesAnswer* answer) {
  absl::StatusOr<DeviceId> after = DeviceId();
  if (!request->after().empty()) {
    after = IdFrom<DeviceId>(request->after(), "after");
  }
  if (!after.ok()) return Refuse(context, after.status());
  return OnLane<DirectoryPage>(
      relay_, context, Method::kListDevices,
      [directory = relay_->directory, after = *after,
       organisation = request->organisation()](const Caller& caller, Txn&) {
        return directory->List(caller, organisation, after);
      },
      [answer](const DirectoryPage& page) { WriteTo(page, *answer); });
}

grpc::ServerUnaryReactor* DirectoryService::PublishKeyPackages(
    grpc::CallbackServerContext* context,
    const wire::PublishKeyPackagesRequest* request,
    wire::PublishKeyPackagesAnswer* answer) {
  absl::StatusOr<std::vector<KeyPackageInput>> packages =
      KeyPackagesFrom(*request);
  if (!packages.ok()) return Refuse(context, packages.status());
  Directory* const directory = relay_->directory;
  // None at all asks how many there are.
  const uint64_t key =
      packages->empty() ? 0 : absl::HashOf(packages->front().reference);
  return TurnsCall<PublishTask, CheckedPackages, uint64_t>::Start(
      relay_, context, Method::kPublishKeyPackages, key,
      {.begin =
           [directory, packages = *std::move(packages)](
               const Caller& caller) mutable -> absl::StatusOr<PublishTask> {
         return directory->BeginPublish(caller, std::move(packages));
       },
       .check = CheckKeyPackages,
       .finish =
           [directory](const Caller& caller, Txn& txn,
                       const CheckedPackages& checked) {
             return directory->Publish(txn, caller, checked.packages);
           },
       .write =
           [answer](uint64_t held) {
             answer->set_held(static_cast<uint32_t>(held));
           }});
}

grpc::ServerUnaryReactor* DirectoryService::ClaimKeyPackages(
    grpc::CallbackServerContext* context,
    const wire::ClaimKeyPackagesRequest* request,
    wire::ClaimKeyPackagesAnswer* answer) {
  absl::StatusOr<std::vector<DeviceId>> devices = DevicesFrom(*request);
  if (!devices.ok()) return Refuse(context, devices.status());
  const absl::StatusOr<RoomId> room =
      IdFrom<RoomId>(request->room_id(), "room_id");
  if (!room.ok()) return Refuse(context, room.status());
  return OnLane<std::vector<ClaimedPackage>>(
      relay_, context, Method::kClaimKeyPackages,
      [directory = relay_->directory, room = *room,
       devices = *std::move(devices)](const Caller& caller, Txn& txn) {
        return directory->Claim(txn, caller, room, devices);
      },
      [answer](const std::vector<ClaimedPackage>& claimed) {
        WriteTo(claimed, *answer);
      });
}

}  // namespace cordon::server
