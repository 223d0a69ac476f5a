#include "client/cli/session.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <nlohmann/json.hpp>

#include "client/cli/command_line.h"
#include "client/cli/face.h"
#include "client/cli/fields.h"
#include "client/cli/json_out.h"
#include "client/cli/json_text.h"
#include "client/cli/request.h"
#include "client/cli/verb.h"
#include "client/core/alert_rules.h"
#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/view/enrolment.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"

namespace cordon::cli {
namespace {

struct KindName {
  absl::string_view name;
  EventKind kind{};
};
constexpr KindName kKindNames[] = {
    {"arrival", EventKind::kArrival},
    {"record", EventKind::kRecord},
    {"finding", EventKind::kFinding},
    {"room_joined", EventKind::kRoomJoined},
    {"room_left", EventKind::kRoomLeft},
    {"join_request", EventKind::kJoinRequest},
    {"link", EventKind::kLink},
    {"refused", EventKind::kRefused},
    {"progress", EventKind::kProgress},
};

absl::StatusOr<EventKinds> KindOf(absl::string_view name) {
  if (name == "none") return EventKinds{0};
  // The short form repeats what the long one says.
  if (name == "all") return kAllEvents & ~BitOf(EventKind::kArrival);
  for (const KindName& known : kKindNames) {
    if (known.name == name) return BitOf(known.kind);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "there is no kind of event \"", name,
      "\"; there are none, all, arrival, record, finding, room_joined, "
      "room_left, join_request, link, refused, progress"));
}

Refusal Usage(std::string message) {
  return {.code = "usage", .message = std::move(message)};
}

Refusal TooLong() {
  return Usage(
      absl::StrCat("the line is longer than ", kSessionLineBytesMax, " bytes"));
}

}  // namespace

absl::StatusOr<EventKinds> ParseEventKinds(absl::string_view text) {
  EventKinds kinds = 0;
  for (const absl::string_view name :
       absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    CORDON_ASSIGN_OR_RETURN(const EventKinds more, KindOf(name));
    kinds |= more;
  }
  return kinds;
}

void PutEvent(const FaceItem& item, EventKinds wanted,
              absl::FunctionRef<void(const Json&)> put) {
  if (item.dropped > 0) {
    put({{"event", "dropped"}, {"count", item.dropped}});
  }
  if (const auto* arrived = std::get_if<client::RecordArrived>(&item.event)) {
    if ((wanted & BitOf(EventKind::kArrival)) != 0) {
      put(ArrivalJson(*arrived, item.at));
    }
    if ((wanted & BitOf(EventKind::kRecord)) != 0) put(ToJson(*arrived));
    return;
  }
  std::visit(
      [&](const auto& event) {
        using Event = std::decay_t<decltype(event)>;
        if constexpr (!std::is_same_v<Event, client::Answered>) {
          put(ToJson(event));
        }
      },
      item.event);
}

Session::Session(const Parts& parts, EventKinds wanted)
    : parts_(parts), wanted_(wanted) {}

void Session::Put(const Json& line) {
  absl::StrAppend(&output_, JsonLine(line), "\n");
}

void Session::PutDone(uint64_t id, Json result) {
  Put({{"id", id}, {"ok", true}, {"result", std::move(result)}});
}

void Session::PutRefused(uint64_t id, const Refusal& refusal) {
  Put({{"id", id}, {"ok", false}, {"error", ToJson(refusal)}});
}

void Session::Flush() {
  absl::string_view left = output_;
  while (!left.empty()) {
    const ssize_t wrote = write(parts_.out, left.data(), left.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) {
      state_ = State::kBroken;
      break;
    }
    left.remove_prefix(static_cast<size_t>(wrote));
  }
  {
    const WipeOnExit wipe(output_);  // An invitation may have been in it.
  }
  output_.clear();
}

void Session::PutReady(const absl::StatusOr<client::AnswerBody>& who) {
  const auto* identity =
      who.ok() ? std::get_if<client::IdentityView>(&*who) : nullptr;
  Put({{"event", "ready"},
       {"device", identity == nullptr ? "" : identity->device}});
  ready_ = true;
  parts_.face->Want(wanted_);
}

void Session::HandleItem(FaceItem& item) {
  auto* answered = std::get_if<client::Answered>(&item.event);
  if (answered != nullptr && answered->command == opening_) {
    PutReady(answered->answer);
    return;
  }
  if (answered == nullptr) {
    if (auto* progress = std::get_if<client::Progress>(&item.event)) {
      const auto asked = under_way_.find(progress->command);
      if (asked == under_way_.end()) return;
      progress->command = asked->second.id;
    }
    PutEvent(item, wanted_, [this](const Json& line) { Put(line); });
    return;
  }
  const auto asked = under_way_.find(answered->command);
  if (asked == under_way_.end()) return;
  const Asked question = asked->second;
  const uint64_t id = question.id;
  under_way_.erase(asked);
  if (!answered->answer.ok()) {
    PutRefused(id, RefusalFrom(answered->answer.status()));
    return;
  }
  if (auto* refused = std::get_if<client::ContentRefused>(&*answered->answer)) {
    PutRefused(id, RefusalFrom(std::move(refused->faults)));
    return;
  }
  if (question.enrols) {
    // Whoever joined wants to hear as whom.
    under_way_[parts_.face->Post(client::WhoAmI{})] = {.id = id};
    return;
  }
  PutDone(id, AnswerJson(*answered->answer));
}

void Session::WantEvents(uint64_t id, const Json& command) {
  std::vector<client::Finding> faults;
  Fields in(command, "", &faults);
  EventKinds kinds = 0;
  for (const std::string& name : in.Texts("kinds")) {
    const absl::StatusOr<EventKinds> more = KindOf(name);
    if (!more.ok()) {
      PutRefused(id, Usage(std::string(more.status().message())));
      return;
    }
    kinds |= *more;
  }
  in.Finish();
  if (!faults.empty()) {
    Refusal refusal = Usage("events: the arguments are wrong");
    refusal.faults = std::move(faults);
    PutRefused(id, refusal);
    return;
  }
  wanted_ = kinds;
  parts_.face->Want(wanted_);
  PutDone(id, Json::object());
}

void Session::HandleCommand(uint64_t id, Json command) {
  const auto verb = command.find("verb");
  if (verb == command.end() || !verb->is_string()) {
    PutRefused(id, Usage("the line names no verb"));
    return;
  }
  Request request;
  request.verb = verb->get<std::string>();
  command.erase("verb");
  if (request.verb == "quit") {
    quit_asked_ = true;
    quit_id_ = id;
    state_ = State::kEnding;
    return;
  }
  if (request.verb == "events") {
    WantEvents(id, command);
    return;
  }
  request.arguments = std::move(command);
  std::variant<client::CommandBody, Refusal> made =
      MakeCommand(request, {.secrets = parts_.secrets,
                            .now = parts_.clock->Now(),
                            .zone = parts_.zone});
  if (const auto* refusal = std::get_if<Refusal>(&made)) {
    PutRefused(id, *refusal);
    return;
  }
  const uint64_t own =
      parts_.face->Post(std::get<client::CommandBody>(std::move(made)));
  const Verb* const known = FindVerb(request.verb);
  under_way_[own] = {
      .id = id, .enrols = known != nullptr && known->manner == Manner::kEnrols};
}

void Session::HandleLine(absl::string_view line) {
  absl::StatusOr<Json> command = ParseJson(line);
  if (!command.ok()) {
    PutRefused(0, Usage(absl::StrCat("the line is no command: ",
                                     std::string(command.status().message()))));
    return;
  }
  if (!command->is_object()) {
    PutRefused(0, Usage("the line is no JSON object"));
    return;
  }
  uint64_t id = 0;
  if (const auto given = command->find("id"); given != command->end()) {
    if (!given->is_number_unsigned()) {
      PutRefused(0, Usage("id is not an unsigned integer"));
      return;
    }
    id = given->get<uint64_t>();
    command->erase("id");
  }
  HandleCommand(id, *std::move(command));
}

void Session::ReadSome() {
  constexpr size_t kReadBytes = size_t{64} * 1024;
  std::array<char, kReadBytes> buffer{};
  const ssize_t got = read(parts_.in, buffer.data(), buffer.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) {
    input_ended_ = true;
    // A last line may lack its end.
    if (!input_.empty()) input_.push_back('\n');
    return;
  }
  const WipeOnExit wipe(buffer);
  input_.append(buffer.data(), static_cast<size_t>(got));
}

void Session::HandleLines() {
  std::string read_so_far = std::exchange(input_, "");
  const WipeOnExit wipe(read_so_far);
  absl::string_view left = read_so_far;
  size_t end = left.find('\n');
  while (end != absl::string_view::npos && MayBegin()) {
    const absl::string_view line = left.substr(0, end);
    left.remove_prefix(end + 1);
    if (!std::exchange(skipping_, false) && !line.empty()) {
      if (line.size() > kSessionLineBytesMax) {
        PutRefused(0, TooLong());
      } else {
        HandleLine(line);
      }
    }
    end = left.find('\n');
  }
  has_whole_line_ = end != absl::string_view::npos;
  if (!has_whole_line_ && left.size() > kSessionLineBytesMax) {
    if (!std::exchange(skipping_, true)) PutRefused(0, TooLong());
    left = "";
  }
  input_ = std::string(left);
  if (input_ended_ && !has_whole_line_ && state_ == State::kOpen) {
    state_ = State::kEnding;
  }
}

bool Session::MayBegin() const {
  return ready_ && state_ == State::kOpen &&
         under_way_.size() < kCommandsUnderWayMax;
}

bool Session::Done() const {
  if (state_ == State::kBroken) return true;
  if (state_ == State::kOpen) return false;
  return under_way_.empty() || parts_.clock->Now() >= give_up_;
}

void Session::WaitForSomething(int signals) {
  const bool may_read = MayBegin() && !has_whole_line_ && !input_ended_;
  // A negative file is passed over.
  std::array<pollfd, 3> waiting = {
      {{.fd = parts_.face->file(), .events = POLLIN, .revents = 0},
       {.fd = signals, .events = POLLIN, .revents = 0},
       {.fd = may_read ? parts_.in : -1, .events = POLLIN, .revents = 0}}};
  constexpr int kCheckMs = 100;
  const int patience = give_up_ == absl::InfiniteFuture() ? -1 : kCheckMs;
  if (poll(waiting.data(), waiting.size(), patience) < 0) return;
  if (waiting[0].revents != 0) {
    for (FaceItem& item : parts_.face->Take()) HandleItem(item);
  }
  if (waiting[1].revents != 0 && give_up_ == absl::InfiniteFuture()) {
    state_ = State::kEnding;
    give_up_ = parts_.clock->Now() + kSignalPatience;
  }
  if (waiting[2].revents != 0) ReadSome();
}

int Session::Run() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  const int signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
  const absl::Cleanup close_signals = [signals] { close(signals); };
  opening_ = parts_.face->Post(client::WhoAmI{});
  while (!Done()) {
    WaitForSomething(signals);
    HandleLines();
    Flush();
  }
  if (quit_asked_) PutDone(quit_id_, Json::object());
  Flush();
  return state_ == State::kBroken ? kExitRefused : kExitDone;
}

}  // namespace cordon::cli
