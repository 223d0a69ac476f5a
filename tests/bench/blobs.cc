// blobs: how fast a file goes to a real cordond and comes back, beside the same
// bytes through bare gRPC streams. README.md says how to read the table.

#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>
#include <sys/types.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "cordon/wire/v1/blobs.grpc.pb.h"
#include "cordon/wire/v1/blobs.pb.h"
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/random.h"
#include "tests/bench/bare_blobs.h"
#include "tests/bench/bare_main.h"
#include "tests/bench/bare_process.h"
#include "tests/bench/process_usage.h"
#include "tests/bench/relay_world.h"
#include "tests/support/relay_client.h"

namespace cordon::bench {
namespace {

namespace wire = ::cordon::wire::v1;

constexpr uint64_t kMib = uint64_t{1024} * 1024;
constexpr size_t kBlobIdBytes = 16;

struct Options {
  uint64_t mib = 256;
  int rounds = 3;
};

// One transfer.
struct Transfer {
  double mb_per_second = 0;
  double cpu_ms_per_mib = 0;  // the server's
};

class Side {
 public:
  Side(const char* name, pid_t pid, const std::string& address,
       const cert::Pin& pin, const RelayWorld& world)
      : name_(name),
        pid_(pid),
        stub_(wire::Blobs::NewStub(
            testing::ConnectTo(address, pin, &world.sender()))) {}

  void Round(uint64_t mib) {
    const std::string blob =
        ToString(RandomBytes(SystemRandom(), kBlobIdBytes));
    up_.push_back(Timed(mib, [&] { Put(blob, mib * kMib); }));
    down_.push_back(Timed(mib, [&] { Get(blob, mib * kMib); }));
  }

  void Print() {
    const Transfer up = Best(up_);
    const Transfer down = Best(down_);
    std::printf("  %-6s %10.0f %12.2f %12.0f %12.2f\n", name_, up.mb_per_second,
                up.cpu_ms_per_mib, down.mb_per_second, down.cpu_ms_per_mib);
  }

 private:
  Transfer Timed(uint64_t mib, absl::FunctionRef<void()> work) {
    const Usage usage = UsageOf(pid_, work);
    const auto all = static_cast<double>(mib);
    return {
        .mb_per_second = all * static_cast<double>(kMib) / 1e6 / usage.seconds,
        .cpu_ms_per_mib = absl::ToDoubleMilliseconds(usage.cpu) / all};
  }

  static Transfer Best(const std::vector<Transfer>& transfers) {
    return *std::max_element(transfers.begin(), transfers.end(),
                             [](const Transfer& a, const Transfer& b) {
                               return a.mb_per_second < b.mb_per_second;
                             });
  }

  void Put(const std::string& blob, uint64_t bytes) {
    grpc::ClientContext context;
    wire::PutAnswer answer;
    const auto writer = stub_->Put(&context, &answer);
    wire::PutRequest request;
    wire::PutStart& start = *request.mutable_start();
    start.set_blob_id(blob);
    start.set_room_id(ToString(kRoom.span()));
    start.set_size(bytes);
    CORDON_CHECK(writer->Write(request));
    request.set_chunk(ToString(RandomBytes(SystemRandom(), kBlobChunkBytes)));
    for (uint64_t sent = 0; sent < bytes; sent += kBlobChunkBytes) {
      CORDON_CHECK(writer->Write(request));
    }
    writer->WritesDone();
    CORDON_CHECK(writer->Finish().ok());
  }

  void Get(const std::string& blob, uint64_t bytes) {
    grpc::ClientContext context;
    wire::GetRequest request;
    request.set_blob_id(blob);
    const auto reader = stub_->Get(&context, request);
    uint64_t got = 0;
    wire::GetAnswer answer;
    while (reader->Read(&answer)) got += answer.chunk().size();
    CORDON_CHECK(reader->Finish().ok());
    CORDON_CHECK(got == bytes);
  }

  const char* const name_;
  const pid_t pid_;
  const std::unique_ptr<wire::Blobs::Stub> stub_;
  std::vector<Transfer> up_;
  std::vector<Transfer> down_;
};

int Run(const Options& options) {
  RelayWorld world(0);
  const BareProcess bare_process;
  Side relay("relay", world.relay().pid(), world.relay().address(),
             world.relay().pin(), world);
  Side bare("bare", bare_process.pid(), bare_process.address(),
            bare_process.pin(), world);
  for (int i = 0; i < options.rounds; ++i) {
    relay.Round(options.mib);
    bare.Round(options.mib);
  }
  std::printf("%d MiB, best of %d\n  %-6s %10s %12s %12s %12s\n",
              static_cast<int>(options.mib), options.rounds, "", "up MB/s",
              "CPU ms/MiB", "down MB/s", "CPU ms/MiB");
  relay.Print();
  bare.Print();
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("Measures files to and from a real cordond beside bare gRPC.",
               "blobs");
  app.footer("Example: blobs --mib 64 --rounds 5");
  Options options;
  app.add_option("--mib", options.mib, "of one file")->capture_default_str();
  app.add_option("--rounds", options.rounds, "of which the best is shown")
      ->capture_default_str();
  return MainBesideBare(argc, argv, app, [&options] { return Run(options); });
}

}  // namespace
}  // namespace cordon::bench

int main(int argc, char** argv) {
  return cordon::bench::Main(argc, argv);
}
