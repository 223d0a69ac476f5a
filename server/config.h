#ifndef CORDON_SERVER_CONFIG_H_
#define CORDON_SERVER_CONFIG_H_

// What an operator can set, with every default, and the command line that sets
// it. A configuration file holds the same names as the long flags:
//
//   [serve]
//   data = "/var/lib/cordond"
//   listen = "0.0.0.0:4600"
//
// Threads: values.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"

#include "server/core/blobs.h"
#include "server/core/rate_limit.h"
#include "server/core/room_log.h"
#include "server/lane.h"

namespace cordon::server {

// Where a relay keeps what it has.
struct DataFolder {
  std::string path{};
  // The database key; empty: `database.key` inside the folder, which then must
  // be kept as safe as the key itself.
  std::string key_file{};
};

struct InitCommand {
  DataFolder data{};
  std::vector<std::string> hosts{};  // names and addresses clients may use
};
struct ServeCommand {
  DataFolder data{};
  std::string listen{};  // address:port; port 0 is chosen and printed
  bool reflection = false;
  LaneOptions lane{};
  DeliveryLimits delivery{};
  BlobLimits blobs{};
  absl::Duration blob_sweep = absl::Minutes(10);
  std::string metrics_file{};  // empty: none is written
  absl::Duration metrics_interval = absl::Seconds(5);
  RateLimits strangers{};
  // Key packages one device may claim.
  RateLimits claims{
      .per_second = 5,
      .burst = 10'000,
      .all_per_second = 500,
      .all_burst = 100'000,
      .refusal =
          "this device has claimed as many key packages as one may for "
          "now; wait a moment"};
};
struct BackupCommand {
  DataFolder data{};
  std::string to{};       // a folder that is not there yet
  bool with_key = false;  // put the database key in it too
};
struct RestoreCommand {
  DataFolder data{};  // nobody's yet
  std::string from{};
};
// The command line asked for help or was wrong; the text was printed.
struct ExitCommand {
  int code = 0;
};

using Command = std::variant<InitCommand, ServeCommand, BackupCommand,
                             RestoreCommand, ExitCommand>;

// ParseCommandLine prints help and usage errors itself.
Command ParseCommandLine(int argc, char** argv);

}  // namespace cordon::server

#endif  // CORDON_SERVER_CONFIG_H_
