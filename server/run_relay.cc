#include "server/run_relay.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "crypto/cert/tls_certificate.h"
#include "server/config.h"
#include "server/core/caller.h"
#include "server/core/delivery.h"
#include "server/core/directory.h"
#include "server/core/enrolment.h"
#include "server/core/fanout.h"
#include "server/core/follow.h"
#include "server/core/publications.h"
#include "server/core/rate_limit.h"
#include "server/core/revocation.h"
#include "server/core/trust.h"
#include "server/data_folder.h"
#include "server/lane.h"
#include "server/relay.h"
#include "server/relay_keys.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/item_encoder.h"
#include "server/workers.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

constexpr absl::Duration kTick = absl::Seconds(30);
// How long calls may take to finish when the relay stops.
constexpr absl::Duration kStopGrace = absl::Seconds(2);

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// WaitForStop calls `tick` now and then until a stop signal comes.
template <typename Tick>
void WaitForStop(const sigset_t& signals, Tick tick) {
  const timespec interval = absl::ToTimespec(kTick);
  while (true) {
    if (sigtimedwait(&signals, nullptr, &interval) > 0) return;
    if (errno == EAGAIN) tick();
  }
}

// The line that programs which started us read the port from.
void PrintListening(const std::string& listen, int port) {
  const size_t colon = listen.rfind(':');
  const std::string line = absl::StrCat(
      "cordond listening on ", listen.substr(0, colon), ":", port, "\n");
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

// The relay's objects, in the order in which they need each other.
struct Graph {
  Graph(sqlite::Db* db, relay::Stores* stores, Trust* trust,
        const ServeCommand& command)
      : clock(SystemClock()),
        fanout(&encoder),
        strangers(command.strangers),
        claims(command.claims),
        callers(&stores->directory, trust, &clock),
        follow(stores, trust),
        delivery({stores, &publications, &clock}, command.delivery),
        enrolment({stores, trust, &publications, &clock}),
        directory({stores, &claims, &clock}),
        revocation({stores, trust, &publications, &clock}),
        verifiers(
            {.threads = std::max(1U, std::thread::hardware_concurrency())}),
        lane(Lane::Parts{.db = db,
                         .publications = &publications,
                         .fanout = &fanout,
                         .on_batch_lost =
                             [this](const absl::Status& why) { Lost(why); }},
             command.lane),
        relay{.lane = &lane,
              .verifiers = &verifiers,
              .fanout = &fanout,
              .encoder = &encoder,
              .clock = &clock,
              .callers = &callers,
              .strangers = &strangers,
              .follow = &follow,
              .delivery = &delivery,
              .enrolment = &enrolment,
              .directory = &directory,
              .revocation = &revocation} {}

  // A full disk may get room again; after any other failure of the file only
  // opening it again tells what was written.
  void Lost(const absl::Status& why) {
    if (absl::IsResourceExhausted(why)) return;
    failed = true;
    kill(getpid(), SIGTERM);
  }

  const Clock& clock;
  WireItemEncoder encoder;
  Publications publications;
  Fanout fanout;
  RateLimiter strangers;
  RateLimiter claims;
  Callers callers;
  Follow follow;
  Delivery delivery;
  Enrolment enrolment;
  Directory directory;
  Revocation revocation;
  std::atomic<bool> failed{false};
  Workers verifiers;
  Lane lane;
  Relay relay;
};

// Tick on the herald, where the fanout is at home.
void Tick(Graph& graph) {
  const absl::Status posted =
      graph.lane.Post([](sqlite::Transaction&) { return absl::OkStatus(); },
                      [&graph](const absl::Status&) { graph.fanout.Tick(); });
  if (!posted.ok()) LogWarning("relay: busy at a tick");
}

}  // namespace

absl::Status RunRelay(const ServeCommand& command) {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  CORDON_ASSIGN_OR_RETURN(
      const std::unique_ptr<sqlite::Db> db,
      OpenDatabase(command.data, sqlite::OpenMode::kMustExist));
  CORDON_ASSIGN_OR_RETURN(relay::Stores stores, relay::OpenStores(db.get()));
  CORDON_ASSIGN_OR_RETURN(const cert::TlsIdentity identity,
                          LoadTlsIdentity(stores.keys));
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<Trust> trust,
                          Trust::Load(&stores));
  Graph graph(db.get(), &stores, trust.get(), command);
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<GrpcServer> server,
                          GrpcServer::Start(&graph.relay,
                                            {.listen = command.listen,
                                             .reflection = command.reflection},
                                            identity));
  PrintListening(command.listen, server->port());
  WaitForStop(signals, [&graph] { Tick(graph); });
  LogInfo("relay: stopping");
  graph.fanout.EndAll(absl::UnavailableError("the relay is stopping"));
  server->Stop(graph.clock.Now() + kStopGrace);
  graph.verifiers.Stop();
  graph.lane.Stop();
  if (graph.failed) {
    return absl::UnavailableError(
        "the database file failed; check the disk and start again");
  }
  return absl::OkStatus();
}

}  // namespace cordon::server
