#include "server/run_relay.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "crypto/cert/tls_certificate.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/blob_sweep.h"
#include "server/chores.h"
#include "server/config.h"
#include "server/control.h"
#include "server/core/blobs.h"
#include "server/core/caller.h"
#include "server/core/counters.h"
#include "server/core/delivery.h"
#include "server/core/directory.h"
#include "server/core/enrolment.h"
#include "server/core/fanout.h"
#include "server/core/follow.h"
#include "server/core/handshakes.h"
#include "server/core/memory.h"
#include "server/core/publications.h"
#include "server/core/rate_limit.h"
#include "server/core/removals.h"
#include "server/core/revocation.h"
#include "server/core/room_groups.h"
#include "server/core/room_log.h"
#include "server/core/rooms.h"
#include "server/core/trust.h"
#include "server/data_folder.h"
#include "server/lane.h"
#include "server/metrics_file.h"
#include "server/relay.h"
#include "server/relay_keys.h"
#include "server/rpc/grpc_server.h"
#include "server/rpc/item_encoder.h"
#include "server/workers.h"
#include "storage/blobs/blob_files.h"
#include "storage/blobs/file_system.h"
#include "storage/relay/stores.h"
#include "storage/sqlite/db.h"
#include "storage/sqlite/transaction.h"

namespace cordon::server {
namespace {

constexpr absl::Duration kFanoutTick = absl::Seconds(30);
constexpr absl::Duration kExpirySweep = absl::Hours(1);
constexpr size_t kBlobThreads = 2;
// How long calls may take to finish when the relay stops.
constexpr absl::Duration kStopGrace = absl::Seconds(2);

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// WaitForStop does the chores until a stop signal comes.
void WaitForStop(const sigset_t& signals, Chores& chores) {
  const timespec interval = absl::ToTimespec(Chores::kTick);
  while (true) {
    if (sigtimedwait(&signals, nullptr, &interval) > 0) return;
    if (errno == EAGAIN) chores.Tick();
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
  struct Kept {
    sqlite::Db* db = nullptr;
    relay::Stores* stores = nullptr;
    blobs::BlobFiles* files = nullptr;
    Trust* trust = nullptr;
    // The relay's MLS signing key.
    const Ed25519PrivateKey* sender_key = nullptr;
  };
  Graph(const Kept& kept, const ServeCommand& command)
      : clock(SystemClock()),
        fanout(&encoder),
        strangers(command.strangers),
        claims(command.claims),
        callers(&kept.stores->directory, kept.trust, &clock),
        follow(kept.stores, kept.trust),
        blobs({kept.stores, kept.files, &clock}, command.blobs),
        room_log({kept.stores, &publications, &clock}, command.delivery),
        room_groups(&kept.stores->groups),
        memory(
            {.trust = kept.trust, .callers = &callers, .groups = &room_groups}),
        removals({kept.stores, &room_log, &room_groups, kept.trust, &clock,
                  kept.sender_key}),
        delivery({kept.stores, &room_log}),
        handshakes({kept.stores, &room_log, &room_groups, &removals, kept.trust,
                    &publications, &clock}),
        rooms({kept.stores, &room_log, &room_groups, kept.trust, &publications,
               &clock},
              command.delivery, kept.sender_key->public_key()),
        enrolment({kept.stores, kept.trust, &publications, &clock}),
        directory({kept.stores, &rooms, kept.trust, &claims, &clock}),
        revocation({kept.stores, kept.trust, &removals, &publications, &clock}),
        verifiers(
            {.threads = std::max(1U, std::thread::hardware_concurrency())}),
        blob_workers({.threads = kBlobThreads}),
        lane(Lane::Parts{
                 .db = kept.db,
                 .publications = &publications,
                 .fanout = &fanout,
                 .on_step_end = [this](bool step_kept) { EndStep(step_kept); },
                 .on_batch_lost =
                     [this](const absl::Status& why) { Lost(why); }},
             command.lane),
        relay{.lane = &lane,
              .verifiers = &verifiers,
              .blob_workers = &blob_workers,
              .fanout = &fanout,
              .encoder = &encoder,
              .clock = &clock,
              .description = {.mls_public_key = kept.sender_key->public_key(),
                              .file_bytes_max = command.blobs.file_bytes_max},
              .callers = &callers,
              .strangers = &strangers,
              .follow = &follow,
              .blobs = &blobs,
              .delivery = &delivery,
              .handshakes = &handshakes,
              .rooms = &rooms,
              .enrolment = &enrolment,
              .directory = &directory,
              .revocation = &revocation} {}

  void EndStep(bool step_kept) {
    if (!memory.EndStep(step_kept).ok()) Fail();
  }

  // A full disk may get room again; after any other failure of the file only
  // opening it again tells what was written.
  void Lost(const absl::Status& why) {
    const absl::Status reloaded = memory.LoseBatch();
    if (absl::IsResourceExhausted(why) && reloaded.ok()) return;
    Fail();
  }

  void Fail() {
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
  Blobs blobs;
  RoomLog room_log;
  RoomGroups room_groups;
  Memory memory;
  Removals removals;
  Delivery delivery;
  Handshakes handshakes;
  Rooms rooms;
  Enrolment enrolment;
  Directory directory;
  Revocation revocation;
  std::atomic<bool> failed{false};
  Workers verifiers;
  Workers blob_workers;
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

void WriteMetrics(Graph& graph, const std::string& path) {
  const absl::Status written = WriteMetricsFile(
      path, MetricsText(ProcessCounters(),
                        {.followers = graph.fanout.size(),
                         .lane_unanswered = graph.lane.unanswered()}));
  if (!written.ok()) LogWarning("metrics: the file cannot be written");
}

// Certificates end by themselves; whoever bore one is to leave the rooms.
void ProposeExpired(Graph& graph) {
  const absl::Status posted = graph.lane.Post(
      [&graph](sqlite::Transaction& txn) {
        return graph.removals.ProposeExpired(txn);
      },
      [](const absl::Status& outcome) {
        if (!outcome.ok()) LogWarning("relay: could not look for the expired");
      });
  if (!posted.ok()) LogWarning("relay: busy when looking for the expired");
}

// What has ended is forgotten in time: it would count against limits for ever.
void SweepExpired(Graph& graph) {
  const absl::Status posted = graph.lane.Post(
      [&graph](sqlite::Transaction& txn) { return graph.enrolment.Sweep(txn); },
      [](const absl::Status& outcome) {
        if (!outcome.ok()) LogWarning("relay: could not forget the expired");
      });
  if (!posted.ok()) LogWarning("relay: busy when forgetting the expired");
}

Chores MakeChores(Graph& graph, const ServeCommand& command) {
  Chores chores;
  chores.Every(kFanoutTick, [&graph] { Tick(graph); });
  chores.Every(kExpirySweep, [&graph] { ProposeExpired(graph); });
  chores.Every(kExpirySweep, [&graph] { SweepExpired(graph); });
  chores.Every(command.blob_sweep, [&graph] { SweepBlobs(graph.relay); });
  if (!command.metrics_file.empty()) {
    chores.Every(
        command.metrics_interval,
        [&graph, path = command.metrics_file] { WriteMetrics(graph, path); });
  }
  return chores;
}

// Without it only backups of a running relay are missing.
std::unique_ptr<Control> StartControl(Graph& graph, sqlite::Db* db,
                                      const DataFolder& data) {
  absl::StatusOr<std::unique_ptr<Control>> control =
      Control::Start(data, {.relay = &graph.relay, .db = db});
  if (control.ok()) return *std::move(control);
  LogWarning("control: no socket, so no backup while the relay runs code=",
             static_cast<int>(control.status().code()));
  return nullptr;
}

void StopAll(Graph& graph, GrpcServer& server) {
  LogInfo("relay: stopping");
  graph.fanout.EndAll(absl::UnavailableError("the relay is stopping"));
  server.Stop(graph.clock.Now() + kStopGrace);
  graph.verifiers.Stop();
  graph.blob_workers.Stop();
  graph.lane.Stop();
}

absl::Status Serve(const ServeCommand& command) {
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
  CORDON_ASSIGN_OR_RETURN(
      blobs::BlobFiles files,
      blobs::BlobFiles::Open(&blobs::SystemFiles(), BlobsPath(command.data)));
  CORDON_ASSIGN_OR_RETURN(const Ed25519PrivateKey sender_key,
                          LoadSenderKey(stores.keys));
  Graph graph({.db = db.get(),
               .stores = &stores,
               .files = &files,
               .trust = trust.get(),
               .sender_key = &sender_key},
              command);
  CORDON_RETURN_IF_ERROR(graph.removals.Load());
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<GrpcServer> server,
                          GrpcServer::Start(&graph.relay,
                                            {.listen = command.listen,
                                             .reflection = command.reflection},
                                            identity));
  PrintListening(command.listen, server->port());
  SweepBlobs(graph.relay);
  SweepExpired(graph);
  std::unique_ptr<Control> control =
      StartControl(graph, db.get(), command.data);
  Chores chores = MakeChores(graph, command);
  WaitForStop(signals, chores);
  control.reset();
  StopAll(graph, *server);
  if (graph.failed) {
    return absl::UnavailableError(
        "the database file failed; check the disk and start again");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunRelay(const ServeCommand& command) {
  return ExplainDatabase(command.data, Serve(command));
}

}  // namespace cordon::server
