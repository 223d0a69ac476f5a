// replay: a whole operation on the programs as they ship.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>

#include "crypto/base/status.h"
#include "tests/replay/acts.h"
#include "tests/replay/report.h"
#include "tests/replay/world.h"

namespace cordon::replay {
namespace {

constexpr int kFailed = 1;
constexpr int kUsageError = 2;

struct Act {
  const char* name;
  absl::Status (*play)(World& world);
};

constexpr Act kActs[] = {
    {"enrolment", Enrol},       {"operation and rooms", OpenOperation},
    {"instructions", Instruct}, {"guides", ShareGuides},
    {"alerts", SendAlerts},     {"figures", CompareFigures},
};

absl::Status Play(World& world) {
  world.Phase("a new relay");
  CORDON_RETURN_IF_ERROR(world.StartRelay());
  for (const Act& act : kActs) {
    world.Phase(act.name);
    CORDON_RETURN_IF_ERROR(act.play(world));
  }
  world.Phase("ending all programs");
  CORDON_RETURN_IF_ERROR(world.Stop());
  world.Phase("");
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<World> world,
                          World::Open(options));
  CORDON_RETURN_IF_ERROR(Play(*world));
  Say(absl::StrCat("\n", Table(world->measures())));
  if (!options.keep.empty()) Say(world->HowToGoOn());
  return absl::OkStatus();
}

// The programs lie beside this one.
std::string OwnFolder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error)
      .parent_path()
      .string();
}

}  // namespace

int Main(int argc, char** argv) {
  Options options{.programs = OwnFolder()};
  CLI::App app(
      "Plays a whole joint operation on cordond and cordon, and compares every "
      "device's figures with the published ones.",
      "replay");
  app.add_flag("--small", options.small, "Six organisations");
  app.add_option(
      "--keep", options.keep,
      "A new folder to leave behind, with the relay and all profiles");
  app.add_option(
      "--programs", options.programs,
      "Folder of cordond and cordon; this program's own unless given");
  app.add_flag("--tamper", options.tamper,
               "Change one line of one record before it is sent: the "
               "comparison must fail");
  app.footer("Example:\n  replay --small --keep /tmp/operation");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  const absl::Status done = Run(options);
  if (done.ok()) return 0;
  std::fputs(
      absl::StrCat("replay: ", std::string(done.message()), "\n").c_str(),
      stderr);
  return kFailed;
}

}  // namespace cordon::replay

int main(int argc, char** argv) {
  return cordon::replay::Main(argc, argv);
}
