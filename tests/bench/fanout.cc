// fanout: what it costs to bring one message to everybody, by a real cordond
// and by bare gRPC streams beside it. README.md says how to read the table.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "crypto/base/check.h"
#include "tests/bench/bare_main.h"
#include "tests/bench/bare_process.h"
#include "tests/bench/crowd.h"
#include "tests/bench/measured.h"
#include "tests/bench/process_usage.h"
#include "tests/bench/relay_world.h"
#include "tests/bench/sender.h"

namespace cordon::bench {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(120);
// Both servers' streams, their other ends being in other processes, and room
// for files.
constexpr uint64_t kFilesBeside = 200;

struct Options {
  size_t followers = 111;
  double per_second = 20;
  double seconds = 10;
  int rounds = 3;
  uint64_t burst = 500;
  uint64_t window = 64;
  size_t bytes = 1024;
};

// One server with its crowd and its sender.
class Side {
 public:
  Side(absl::string_view name, pid_t pid, const Server& server,
       const RelayWorld& world)
      : name_(name), pid_(pid), sender_(server, world.sender()) {
    // The process before it has followers, but with a connection.
    sender_.SendAtRate({.messages = 3}, 100);
    const int64_t before = ResidentKib(pid_);
    crowd_ = std::make_unique<Crowd>(server, world.devices());
    kib_per_follower_ = static_cast<double>(ResidentKib(pid_) - before) /
                        static_cast<double>(crowd_->size());
    sender_.TakeAnswerTimes();
  }

  const std::string& name() const { return name_; }
  double kib_per_follower() const { return kib_per_follower_; }

  Measured AtRate(const Options& options) {
    const Load load{
        .run = ++runs_,
        .messages = static_cast<uint64_t>(options.per_second * options.seconds),
        .bytes = options.bytes};
    return Measure(load, [&] { sender_.SendAtRate(load, options.per_second); });
  }
  Measured FlatOut(const Options& options) {
    const Load load{
        .run = ++runs_, .messages = options.burst, .bytes = options.bytes};
    return Measure(load,
                   [&] { sender_.SendFlatOut(load, *crowd_, options.window); });
  }

 private:
  Measured Measure(const Load& load, absl::FunctionRef<void()> send) {
    const uint64_t deliveries = load.messages * crowd_->size();
    crowd_->BeginRun(load.run);
    const Usage usage = UsageOf(pid_, [&] {
      send();
      CORDON_CHECK(crowd_->AwaitReceived(deliveries, kPatience));
    });
    const auto all = static_cast<double>(deliveries);
    return {.cpu = usage.cpu / all,
            .per_second = all / usage.seconds,
            .latencies = Spread::Of(crowd_->TakeLatencies()),
            .answers = Spread::Of(sender_.TakeAnswerTimes())};
  }

  const std::string name_;
  const pid_t pid_;
  Sender sender_;
  std::unique_ptr<Crowd> crowd_;
  double kib_per_follower_ = 0;
  uint32_t runs_ = 0;
};

void PrintRow(absl::string_view what, const Side& side,
              const Measured& measured) {
  std::printf("  %-10s %-6s %9.1f %9.2f %9.2f %9.2f %9.2f %11.0f\n",
              std::string(what).c_str(), side.name().c_str(),
              absl::ToDoubleMicroseconds(measured.cpu),
              absl::ToDoubleMilliseconds(measured.latencies.p50),
              absl::ToDoubleMilliseconds(measured.latencies.p99),
              absl::ToDoubleMilliseconds(measured.answers.p50),
              absl::ToDoubleMilliseconds(measured.answers.p99),
              measured.per_second);
  std::fflush(stdout);
}

void PrintRatio(const Measured& relay, const Measured& bare) {
  std::printf("  %-10s %-6s %9.2f %9.2f %9.2f\n", "", "ratio",
              absl::FDivDuration(relay.cpu, bare.cpu),
              absl::FDivDuration(relay.latencies.p50, bare.latencies.p50),
              absl::FDivDuration(relay.latencies.p99, bare.latencies.p99));
}

// The two sides take turns, so that what else the machine does meets both.
template <typename Run>
void Compare(absl::string_view what, Side& relay, Side& bare, int rounds,
             const Run& run) {
  std::vector<Measured> of_relay;
  std::vector<Measured> of_bare;
  for (int i = 0; i < rounds; ++i) {
    of_relay.push_back(run(relay));
    of_bare.push_back(run(bare));
  }
  const Measured relay_median = MedianByCpu(std::move(of_relay));
  const Measured bare_median = MedianByCpu(std::move(of_bare));
  PrintRow(what, relay, relay_median);
  PrintRow(what, bare, bare_median);
  PrintRatio(relay_median, bare_median);
}

int Run(const Options& options) {
  if (!AllowOpenFiles(2 * options.followers + kFilesBeside)) {
    std::fputs("fanout: too few files may be open; raise ulimit -n\n", stderr);
    return 1;
  }
  // Both are started before this process has connections.
  RelayWorld world(options.followers);
  const BareProcess bare_process;
  Side relay("relay", world.relay().pid(),
             {world.relay().address(), world.relay().pin()}, world);
  Side bare("bare", bare_process.pid(),
            {bare_process.address(), bare_process.pin()}, world);
  std::printf(
      "%zu followers, %zu B; KiB of memory per idle follower: relay %.1f, bare "
      "%.1f\n",
      options.followers, options.bytes, relay.kib_per_follower(),
      bare.kib_per_follower());
  std::printf("  %-10s %-6s %9s %9s %9s %9s %9s %11s\n", "", "", "CPU us",
              "p50 ms", "p99 ms", "ack p50", "ack p99", "deliv./s");
  std::fflush(stdout);
  Compare(absl::StrCat(options.per_second, "/s"), relay, bare, options.rounds,
          [&](Side& side) { return side.AtRate(options); });
  Compare("flat out", relay, bare, options.rounds,
          [&](Side& side) { return side.FlatOut(options); });
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("Measures fan-out of a real cordond beside bare gRPC streams.",
               "fanout");
  app.footer("Example: fanout --followers 1000 --rate 5 --burst 200");
  Options options;
  app.add_option("--followers", options.followers, "devices that follow")
      ->capture_default_str();
  app.add_option("--rate", options.per_second, "messages a second")
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "of sending at the rate")
      ->capture_default_str();
  app.add_option("--rounds", options.rounds, "of which the median is shown")
      ->capture_default_str();
  app.add_option("--burst", options.burst, "messages sent flat out")
      ->capture_default_str();
  app.add_option("--window", options.window,
                 "messages not yet received by all, flat out")
      ->capture_default_str();
  app.add_option("--bytes", options.bytes, "of an envelope")
      ->capture_default_str();
  return MainBesideBare(argc, argv, app, [&options] { return Run(options); });
}

}  // namespace
}  // namespace cordon::bench

int main(int argc, char** argv) {
  return cordon::bench::Main(argc, argv);
}
