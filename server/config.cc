#include "server/config.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>

#include "server/core/rate_limit.h"

namespace cordon::server {
namespace {

// What CLI11 answers a usage error with is its own; ours is 2.
constexpr int kUsageError = 2;

void AddData(CLI::App& command, DataFolder& data) {
  command.add_option("--data", data.path, "Folder of this relay")->required();
  command.add_option("--key-file", data.key_file,
                     "File with the database key, outside the folder");
}

void AddLimits(CLI::App& command, RateLimits& limits, const std::string& what,
               const std::string& of) {
  command.add_option("--" + what + "-per-second", limits.per_second,
                     of + ", in the long run");
  command.add_option("--" + what + "-burst", limits.burst, of + ", at once");
}

// Without its port a library would choose one of its own.
std::string ListenFault(const std::string& listen) {
  constexpr int kPortMax = 65535;
  const size_t colon = listen.rfind(':');
  int port = -1;
  const bool has_port = colon != std::string::npos && colon > 0 &&
                        absl::SimpleAtoi(listen.substr(colon + 1), &port) &&
                        port >= 0 && port <= kPortMax;
  // An IPv6 address has colons of its own, and stands in brackets.
  const bool whole = listen.find(':') == colon || listen[colon - 1] == ']';
  return has_port && whole ? ""
                           : "is no address with a port, as 0.0.0.0:4600 or "
                             "[::]:4600";
}

CLI::App* AddInit(CLI::App& app, InitCommand& out) {
  CLI::App* const command = app.add_subcommand(
      "init", "Make a new relay: its keys, its pin and its set-up code");
  AddData(*command, out.data);
  command
      ->add_option("--host", out.hosts,
                   "Names and addresses under which clients reach it")
      ->required()
      ->delimiter(',');
  command->footer(
      "Example:\n  cordond init --data /var/lib/cordond --host "
      "relay.example.org,192.0.2.7");
  return command;
}

void AddSeconds(CLI::App& command, const std::string& name, absl::Duration& out,
                const std::string& what) {
  command.add_option_function<uint32_t>(
      name, [&out](uint32_t seconds) { out = absl::Seconds(seconds); }, what);
}

void AddBlobs(CLI::App& command, ServeCommand& out) {
  command.add_option("--file-bytes-max", out.blobs.file_bytes_max,
                     "Largest file, sealed");
  command.add_option("--room-file-bytes-max", out.blobs.room_bytes_max,
                     "All files of one room");
  AddSeconds(command, "--unheld-file-seconds", out.blobs.unheld_grace,
             "How long a file stays that no room holds");
  AddSeconds(command, "--stalled-upload-seconds", out.blobs.stalled_grace,
             "How long an unfinished upload waits to be resumed");
  AddSeconds(command, "--file-sweep-seconds", out.blob_sweep,
             "How often files that may go are looked for");
}

void AddMetrics(CLI::App& command, ServeCommand& out) {
  command.add_option("--metrics-file", out.metrics_file,
                     "Write counters there, as text for Prometheus");
  AddSeconds(command, "--metrics-seconds", out.metrics_interval, "How often");
}

void AddServe(CLI::App& app, ServeCommand& out) {
  CLI::App* const command = app.add_subcommand("serve", "Run the relay");
  command->fallthrough();  // --config may stand after it
  AddData(*command, out.data);
  command->add_option("--listen", out.listen, "Address and port: 0.0.0.0:4600")
      ->required()
      ->check(ListenFault);
  command->add_flag("--reflection", out.reflection,
                    "Let tools ask which calls there are");
  command->add_option("--room-log-bytes-max", out.delivery.room_log_bytes_max,
                      "All entries of one room's log");
  command->add_option("--jobs-max", out.lane.jobs_max,
                      "Calls that may wait for the database");
  AddBlobs(*command, out);
  AddMetrics(*command, out);
  AddLimits(*command, out.strangers, "strangers",
            "Calls of one address without a certificate");
  AddLimits(*command, out.claims, "claims",
            "Key packages handed out to one device");
  command->footer(
      "Example:\n  cordond serve --data /var/lib/cordond --listen "
      "0.0.0.0:4600\n  cordond serve --config /etc/cordond.toml");
}

CLI::App* AddBackup(CLI::App& app, BackupCommand& out) {
  CLI::App* const command = app.add_subcommand(
      "backup", "Copy a relay, running or not, into a new folder");
  command->add_option("folder", out.to, "The new folder")->required();
  AddData(*command, out.data);
  command->add_flag("--with-key", out.with_key,
                    "Put the database key in it: whoever has the folder then "
                    "has all that the relay knows");
  command->footer(
      "Example:\n  cordond backup /backup/monday --data /var/lib/cordond");
  return command;
}

CLI::App* AddRestore(CLI::App& app, RestoreCommand& out) {
  CLI::App* const command =
      app.add_subcommand("restore", "Make a relay from a backup");
  command->add_option("folder", out.from, "The backup")->required();
  AddData(*command, out.data);
  command->footer(
      "Example:\n  cordond restore /backup/monday --data /var/lib/cordond "
      "--key-file /safe/database.key");
  return command;
}

// The library calls every such file an INI, and every line it does not know
// one that it cannot parse.
std::string ConfigTrouble(absl::string_view what) {
  absl::ConsumePrefix(&what, "INI was not able to parse ");
  return absl::StrCat(
      "cordond: the configuration file has a line that is no "
      "setting: ",
      what,
      "\nA line is name = value under [serve]; the names are "
      "those of `cordond serve --help`, without the dashes.\n");
}

}  // namespace

Command ParseCommandLine(int argc, char** argv) {
  CLI::App app(
      "cordond: the relay of cordon. It orders, keeps and forwards "
      "what it cannot read.",
      "cordond");
  app.set_config("--config", "", "File with settings, as [command] sections");
  // A name that means nothing is a mistake, not a wish for the default.
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.require_subcommand(1);
  app.set_version_flag("--version", "cordond " CORDON_VERSION);
  InitCommand init;
  ServeCommand serve;
  BackupCommand backup;
  RestoreCommand restore;
  const CLI::App* const init_app = AddInit(app, init);
  AddServe(app, serve);
  const CLI::App* const backup_app = AddBackup(app, backup);
  const CLI::App* const restore_app = AddRestore(app, restore);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ConfigError& error) {
    std::fputs(ConfigTrouble(error.what()).c_str(), stderr);
    return ExitCommand{kUsageError};
  } catch (const CLI::ParseError& error) {
    return ExitCommand{app.exit(error) == 0 ? 0 : kUsageError};
  }
  if (init_app->parsed()) return init;
  if (backup_app->parsed()) return backup;
  if (restore_app->parsed()) return restore;
  return serve;
}

}  // namespace cordon::server
