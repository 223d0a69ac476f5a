#include "tests/replay/world.h"

#include <stdlib.h>
#include <sys/types.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/status.h"
#include "tests/replay/cases.h"
#include "tests/replay/cast.h"
#include "tests/replay/child.h"
#include "tests/replay/loop.h"
#include "tests/replay/plan.h"
#include "tests/replay/proc.h"
#include "tests/replay/report.h"
#include "tests/replay/session.h"

namespace cordon::replay {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPassphraseBytes = 16;
constexpr int64_t kMilli = 1000;
// A program that has closed its output is gone a moment later; nothing tells.
constexpr absl::Duration kLookAgain = absl::Milliseconds(20);
// Everybody knocks from one address here, which is no sign of an attack.
constexpr absl::string_view kStrangersPerSecond = "500";
constexpr absl::string_view kStrangersBurst = "5000";

absl::StatusOr<std::string> MakeFolder(const std::string& wanted) {
  std::error_code error;
  if (wanted.empty()) {
    std::string name =
        (fs::temp_directory_path(error) / "cordon_replay_XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) return name;
    return absl::InternalError(absl::StrCat("cannot make ", name));
  }
  if (fs::exists(wanted, error) && !fs::is_empty(wanted, error)) {
    return absl::AlreadyExistsError(
        absl::StrCat(wanted, " is there and not empty; name a new folder"));
  }
  fs::create_directories(wanted, error);
  if (error) return absl::InternalError(absl::StrCat("cannot make ", wanted));
  return fs::absolute(wanted).lexically_normal().string();
}

absl::Status WritePassphrase(const std::string& path) {
  Bytes random(kPassphraseBytes);
  SystemRandom().Fill(MutableByteSpan(random));
  std::ofstream out(path);
  out << ToHex(random) << "\n";
  out.close();
  std::error_code error;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  if (out.good() && !error) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cannot write ", path));
}

// The words of a line after its label: "set-up code 12-34" -> "12-34".
bool TakeLabelled(absl::string_view line, absl::string_view label,
                  std::string& out) {
  if (!absl::ConsumePrefix(&line, label)) return false;
  out = std::string(absl::StripAsciiWhitespace(line));
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<World>> World::Open(const Options& options) {
  CORDON_ASSIGN_OR_RETURN(std::string folder, MakeFolder(options.keep));
  std::unique_ptr<World> world(new World(options, std::move(folder)));
  CORDON_RETURN_IF_ERROR(world->MakeFolders());
  return world;
}

World::World(const Options& options, std::string folder)
    : options_(options),
      plan_(options.small ? SmallPlan() : WholePlan()),
      folder_(std::move(folder)),
      cast_(MakeCast(plan_.published)),
      cases_(MakeCases(plan_, cast_, kSeed)),
      phase_began_(SystemClock().Now()) {
  if (options.tamper) {
    cases_[cases_.size() / 2].alert.lines[0].quantity.value_milli += kMilli;
  }
  for (const Organisation& one : cast_) {
    sessions_.push_back(std::make_unique<Session>(&one, &loop_));
  }
  measures_.devices = cast_.size();
}

World::~World() {
  sessions_.clear();
  if (relay_ != nullptr) loop_.Forget(relay_.get());
  relay_.reset();
  std::error_code ignored;
  if (options_.keep.empty()) fs::remove_all(folder_, ignored);
}

absl::Status World::MakeFolders() const {
  for (const char* name : {"profiles", "logs", "papers", "fetched"}) {
    std::error_code error;
    fs::create_directory(Path(name), error);
    if (error) return absl::InternalError(absl::StrCat("cannot make ", name));
  }
  CORDON_RETURN_IF_ERROR(WritePassphrase(Path("passphrase")));
  return WritePassphrase(Path("root-passphrase"));
}

std::string World::Path(absl::string_view name) const {
  return absl::StrCat(folder_, "/", name);
}

std::string World::Program(absl::string_view name) const {
  return absl::StrCat(options_.programs, "/", name);
}

std::string World::ProfileOf(const Organisation& organisation) const {
  return absl::StrCat(Path("profiles/"), organisation.name);
}

absl::Status World::StartRelay() {
  const std::string log = Path("logs/cordond");
  loop_.ExpectEnds(true);
  CORDON_ASSIGN_OR_RETURN(const std::unique_ptr<Child> init,
                          Child::Start({Program("cordond"), "init", "--data",
                                        Path("relay"), "--host", "127.0.0.1"},
                                       log));
  loop_.Watch(init.get(), [this](absl::string_view line) {
    if (!TakeLabelled(line, "pin", pin_)) {
      TakeLabelled(line, "set-up code", setup_code_);
    }
  });
  std::optional<int> ended;
  const absl::Status made =
      loop_.Run({.what = "the relay is made", .done = [&ended, &init] {
                   ended = init->Reap();
                   return ended.has_value() && init->output() < 0;
                 }});
  loop_.Forget(init.get());
  CORDON_RETURN_IF_ERROR(made);
  if (!EndedWell(*ended) || pin_.empty() || setup_code_.empty()) {
    return absl::InternalError(
        absl::StrCat("cordond init failed: ", init->LastWords()));
  }
  loop_.ExpectEnds(false);
  CORDON_ASSIGN_OR_RETURN(
      relay_,
      Child::Start({Program("cordond"), "serve", "--data", Path("relay"),
                    "--listen", "127.0.0.1:0", "--strangers-per-second",
                    std::string(kStrangersPerSecond), "--strangers-burst",
                    std::string(kStrangersBurst)},
                   log));
  loop_.Watch(relay_.get(), [this](absl::string_view line) {
    TakeLabelled(line, "cordond listening on", address_);
  });
  return loop_.Run({.what = "the relay listens",
                    .done = [this] { return !address_.empty(); }});
}

absl::Status World::StartSession(size_t index) {
  Session& one = session(index);
  std::vector<std::string> argv = {
      Program("cordon"),
      "--profile",
      ProfileOf(one.organisation()),
      "--passphrase-file",
      Path("passphrase"),
      "session",
      "--new",
      "--events",
      "arrival,room_joined,join_request,finding,refused"};
  if (index == 0) {
    argv.insert(argv.begin() + 1,
                {"--root-passphrase-file", Path("root-passphrase")});
  }
  return one.Start(argv, absl::StrCat(Path("logs/"), one.name()));
}

void World::OnEvent(const Session::TakeEvent& take) {
  for (const auto& one : sessions_) {
    one->OnEvent([this, take](Session& session, const json& event) {
      if (event.value("event", "") == "arrival") {
        ++measures_.deliveries;
        record_ids_.insert(event.value("record", ""));
      }
      take(session, event);
    });
  }
}

void World::Phase(const std::string& name) {
  const absl::Time now = SystemClock().Now();
  if (!phase_.empty()) {
    measures_.phases.emplace_back(phase_, now - phase_began_);
  }
  phase_ = name;
  phase_began_ = now;
  if (!name.empty()) Say(absl::StrCat("== ", name));
}

absl::Status World::Stop() {
  measures_.records = record_ids_.size();
  measures_.relay_memory_kib = PeakMemoryKib(relay_->pid());
  measures_.relay_cpu = CpuOf(relay_->pid());
  measures_.driver_cpu = CpuOf(getpid());
  std::vector<uint64_t> memory;
  for (const auto& one : sessions_) {
    memory.push_back(PeakMemoryKib(one->child()->pid()));
  }
  std::sort(memory.begin(), memory.end());
  measures_.device_memory_kib = memory[memory.size() / 2];
  CORDON_RETURN_IF_ERROR(EndSessions());
  return EndRelay();
}

absl::Status World::EndSessions() {
  loop_.ExpectEnds(true);
  for (const auto& one : sessions_) one->child()->CloseInput();
  const auto has_ended = [](const std::unique_ptr<Session>& one) {
    return one->child()->output() < 0 && one->child()->Reap().has_value();
  };
  CORDON_RETURN_IF_ERROR(loop_.Run(
      {.what = "every session has ended",
       .done =
           [this, has_ended] {
             return std::all_of(sessions_.begin(), sessions_.end(), has_ended);
           },
       .beat = [] {},
       .beat_every = kLookAgain}));
  for (const auto& one : sessions_) {
    const int how = *one->child()->Reap();
    if (EndedWell(how)) continue;
    return absl::InternalError(
        absl::StrCat(one->name(), " did not end well: ", HowItEnded(how),
                     "; it said: ", one->child()->LastWords()));
  }
  return absl::OkStatus();
}

absl::Status World::EndRelay() {
  relay_->Signal(SIGTERM);
  CORDON_RETURN_IF_ERROR(
      loop_.Run({.what = "the relay has ended",
                 .done = [this] { return relay_->Reap().has_value(); },
                 .beat = [] {},
                 .beat_every = kLookAgain}));
  if (EndedWell(*relay_->Reap())) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("cordond did not end well: ", HowItEnded(*relay_->Reap())));
}

std::string World::HowToGoOn() const {
  const std::string with =
      absl::StrCat(" --passphrase-file ", Path("passphrase"), " --profile ",
                   Path("profiles/"));
  return absl::StrCat(
      "Kept in ", folder_, ". To go on by hand, start the relay again:\n  ",
      Program("cordond"), " serve --data ", Path("relay"), " --listen ",
      address_,
      "\nand in another terminal, as the coordinating unit or as a "
      "Member:\n  ",
      Program("cordon"), with, cast_[0].name, " operation show ", kOperation,
      "\n  ", Program("cordon"), with, cast_[1].name, " figures ", kOperation,
      "\n  ", Program("cordon"), with, cast_[1].name, " send ", kOperation,
      "/general 'Good morning'\n  ", Program("cordon"), with, cast_[0].name,
      " read ", kOperation, "/general\n");
}

}  // namespace cordon::replay
