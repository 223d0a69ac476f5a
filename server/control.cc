#include "server/control.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "crypto/base/log.h"
#include "crypto/base/status.h"
#include "server/config.h"
#include "server/data_folder.h"
#include "server/snapshot.h"
#include "server/unix_socket.h"
#include "storage/sqlite/db.h"

namespace cordon::server {
namespace {

// How long a command may take to say what it wants.
constexpr timeval kRequestWait = {.tv_sec = 5, .tv_usec = 0};
constexpr absl::string_view kSnapshot = "snapshot";
constexpr absl::string_view kOk = "ok ";
constexpr absl::string_view kError = "error ";

absl::StatusOr<std::unique_ptr<Snapshot>> MakeSnapshot(
    const DataFolder& data, const Snapshot::Parts& parts,
    absl::FunctionRef<bool()> stopping) {
  CORDON_ASSIGN_OR_RETURN(const sqlite::Key key, ReadDatabaseKey(data));
  return Snapshot::Make(parts, key, SnapshotPath(data), stopping);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Control>> Control::Start(
    const DataFolder& data, const Snapshot::Parts& parts) {
  CORDON_ASSIGN_OR_RETURN(Descriptor listening, ListenAt(ControlPath(data)));
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return absl::FailedPreconditionError("cannot make a pipe");
  }
  return absl::WrapUnique(new Control(data, parts, std::move(listening),
                                      Descriptor(ends[0]),
                                      Descriptor(ends[1])));
}

Control::Control(DataFolder data, const Snapshot::Parts& parts,
                 Descriptor listening, Descriptor stop_read,
                 Descriptor stop_write)
    : data_(std::move(data)),
      parts_(parts),
      listening_(std::move(listening)),
      stop_read_(std::move(stop_read)),
      stop_write_(std::move(stop_write)),
      thread_([this] { Run(); }) {}

Control::~Control() {
  Stop();
}

void Control::Stop() {
  if (!thread_.joinable()) return;
  const Descriptor closing = std::move(stop_write_);
  shutdown(listening_.get(), SHUT_RDWR);
  {
    const char byte = 0;
    // The pipe is empty, so this neither blocks nor fails.
    if (write(closing.get(), &byte, 1) != 1) LogWarning("control: no stop");
  }
  thread_.join();
  unlink(ControlPath(data_).c_str());
}

bool Control::WaitFor(const Descriptor& file) const {
  pollfd files[] = {{.fd = file.get(), .events = POLLIN, .revents = 0},
                    {.fd = stop_read_.get(), .events = POLLIN, .revents = 0}};
  while (poll(files, 2, -1) < 0) {
  }
  return files[1].revents == 0;
}

bool Control::IsStopping() const {
  pollfd file = {.fd = stop_read_.get(), .events = POLLIN, .revents = 0};
  return poll(&file, 1, 0) > 0;
}

void Control::Run() {
  while (WaitFor(listening_)) {
    const Descriptor peer(
        accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (peer.get() >= 0) Serve(peer);
  }
}

void Control::Serve(const Descriptor& peer) {
  if (!WaitFor(peer)) return;
  (void)setsockopt(peer.get(), SOL_SOCKET, SO_RCVTIMEO, &kRequestWait,
                   sizeof(kRequestWait));
  const absl::StatusOr<std::string> request = ReadLine(peer);
  if (!request.ok()) return;
  if (*request != kSnapshot) {
    (void)WriteLine(peer, absl::StrCat(kError, "unknown request"));
    return;
  }
  const absl::StatusOr<std::unique_ptr<Snapshot>> snapshot =
      MakeSnapshot(data_, parts_, [this] { return IsStopping(); });
  if (!snapshot.ok()) {
    LogWarning("control: no snapshot code=",
               static_cast<int>(snapshot.status().code()));
    (void)WriteLine(peer, absl::StrCat(kError, snapshot.status().message()));
    return;
  }
  if (!WriteLine(peer, absl::StrCat(kOk, (*snapshot)->path())).ok()) return;
  WaitFor(peer);
}

absl::StatusOr<HeldSnapshot> RequestSnapshot(const DataFolder& data) {
  CORDON_ASSIGN_OR_RETURN(Descriptor connection, ConnectAt(ControlPath(data)));
  CORDON_RETURN_IF_ERROR(WriteLine(connection, std::string(kSnapshot)));
  CORDON_ASSIGN_OR_RETURN(const std::string answer, ReadLine(connection));
  absl::string_view rest = answer;
  if (absl::ConsumePrefix(&rest, kOk)) {
    return HeldSnapshot{std::move(connection), std::string(rest)};
  }
  absl::ConsumePrefix(&rest, kError);
  return absl::UnavailableError(
      absl::StrCat("the relay made no copy of its database: ", rest));
}

}  // namespace cordon::server
