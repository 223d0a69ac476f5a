#ifndef CORDON_TESTS_E2E_DEVICE_CALLS_H_
#define CORDON_TESTS_E2E_DEVICE_CALLS_H_

// A device that has joined, calling the relay past its client: with the keys
// and certificates of its own vault, over TLS, and with no checks but those of
// the relay.
// Threads: one at a time.

#include <grpcpp/support/status.h>

#include "cordon/wire/v1/delivery.pb.h"
#include "crypto/base/id.h"
#include "tests/e2e/programs.h"
#include "tests/support/blob_client.h"
#include "tests/support/relay_client.h"
#include "tests/support/test_pki.h"

namespace cordon::testing {

class DeviceCalls {
 public:
  // No program may have the profile open meanwhile.
  DeviceCalls(const Person& person, const TestRelay& relay);

  DeviceId id() const { return device_.name.id(); }
  RelayClient& relay() { return relay_; }
  BlobClient& blobs() { return blobs_; }
  // A room's log, as far as one answer goes.
  grpc::Status Backfill(const RoomId& room, wire::BackfillAnswer& answer);

 private:
  const TestDevice device_;
  RelayClient relay_;
  BlobClient blobs_;
};

}  // namespace cordon::testing

#endif  // CORDON_TESTS_E2E_DEVICE_CALLS_H_
