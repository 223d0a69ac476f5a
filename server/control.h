#ifndef CORDON_SERVER_CONTROL_H_
#define CORDON_SERVER_CONTROL_H_

// How a command on the same machine speaks to a running relay: a socket in its
// folder, for the folder's owner alone. One request is known:
//
//   > snapshot
//   < ok PATH            a copy of the database, there until the command hangs
//   < error SENTENCE     up; see snapshot.h
//
// Threads: Control has one of its own, which serves one command at a time.
// Lifetime: what it borrows outlives it; Stop before the lane stops.
// Errors: kFailedPrecondition where no socket can be made; RequestSnapshot
// says kNotFound when no relay listens, and what the relay said otherwise.

#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"

#include "server/config.h"
#include "server/snapshot.h"
#include "server/unix_socket.h"

namespace cordon::server {

class Control {
 public:
  static absl::StatusOr<std::unique_ptr<Control>> Start(
      const DataFolder& data, const Snapshot::Parts& parts);

  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;
  // Stops.
  ~Control();

  void Stop();

 private:
  Control(DataFolder data, const Snapshot::Parts& parts, Descriptor listening,
          Descriptor stop_read, Descriptor stop_write);
  void Run();
  void Serve(const Descriptor& peer);
  // WaitFor says whether `file` is readable; false: it is time to stop.
  bool WaitFor(const Descriptor& file) const;
  bool IsStopping() const;

  const DataFolder data_;
  const Snapshot::Parts parts_;
  const Descriptor listening_;
  const Descriptor stop_read_;
  Descriptor stop_write_;  // its end stops the thread
  std::thread thread_;
};

// HeldSnapshot is a running relay's snapshot, there while this is.
struct HeldSnapshot {
  Descriptor connection;
  std::string path;
};
absl::StatusOr<HeldSnapshot> RequestSnapshot(const DataFolder& data);

}  // namespace cordon::server

#endif  // CORDON_SERVER_CONTROL_H_
