#include "client/cli/one_shot.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

#include "client/cli/command_line.h"
#include "client/cli/face.h"
#include "client/cli/invocation.h"
#include "client/cli/json_text.h"
#include "client/cli/progress_line.h"
#include "client/cli/verb.h"
#include "client/core/command.h"
#include "client/core/event.h"
#include "client/core/model/record.h"
#include "client/core/view/enrolment.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"
#include "crypto/base/bytes.h"
#include "crypto/base/id.h"

namespace cordon::cli {
namespace {

using client::AnswerBody;

// What of some records did not leave, or is worth nothing.
struct Left {
  std::string why;         // empty: nothing
  bool refused = false;    // and waits for a person
  bool put_aside = false;  // it left, and counts for nobody
};

// One run of the program, with what arrived while it waited for answers.
class Run {
 public:
  Run(const Invocation& invocation, const Desk& desk)
      : invocation_(invocation), desk_(desk) {}

  Outcome Once(client::CommandBody body);
  int Follow();

 private:
  // Ask posts one command and waits for its answer, however long it takes.
  absl::StatusOr<AnswerBody> Ask(client::CommandBody body);
  void NoteFile(const client::Progress& progress);
  void Look(Manner manner);
  Left Unsent(const std::set<RecordId>& written);
  void NotePutAside(const std::set<RecordId>& written, Left& left) const;
  Left SendOff(const std::set<RecordId>& written);
  int SeeOff(const AnswerBody& answer);
  void SeeOffRest();
  void BringIn(const client::Approved& approved);
  int FetchPhotos(const AnswerBody& answer);
  bool NothingBegan(const absl::Status& refusal);
  void PrintArrival(const FaceItem& item);
  void NoteLink(const client::LinkChanged& link);

  const Invocation& invocation_;
  const Desk desk_;
  std::vector<FaceItem> arrived_;  // while an answer was waited for
  std::set<RecordId> printed_;
  // Bytes of a file that were on their way when that was last told, and whether
  // there were more of them since somebody last looked.
  uint64_t file_bytes_ = 0;
  bool file_moved_ = false;
  bool offline_ = false;  // and said so
};

absl::StatusOr<AnswerBody> Run::Ask(client::CommandBody body) {
  ProgressLine line(desk_.clock->Now());
  const uint64_t id = desk_.face->Post(std::move(body));
  std::optional<absl::StatusOr<AnswerBody>> answer;
  while (!answer.has_value()) {
    desk_.face->WaitUntil(line.next());
    for (FaceItem& item : desk_.face->Take()) {
      if (auto* answered = std::get_if<client::Answered>(&item.event)) {
        if (answered->command == id) answer = std::move(answered->answer);
        continue;
      }
      const auto* progress = std::get_if<client::Progress>(&item.event);
      if (progress == nullptr) {
        arrived_.push_back(std::move(item));
      } else if (progress->command == id) {
        line.Note(*progress);
        NoteFile(*progress);
      }
    }
    const std::optional<std::string> due = line.Due(desk_.clock->Now());
    if (due.has_value() && !answer.has_value()) {
      desk_.printer->ShowProgress(*due);
    }
  }
  desk_.printer->ClearProgress();
  return *std::move(answer);
}

void Run::NoteFile(const client::Progress& progress) {
  if (progress.stage != client::Stage::kSendingFile) return;
  file_moved_ = file_moved_ || progress.done != file_bytes_;
  file_bytes_ = progress.done;
}

// Look reads what is new, for a moment, and says when that could not be done.
void Run::Look(Manner manner) {
  const absl::StatusOr<AnswerBody> answer =
      Ask(client::Sync{.patience = kLookPatience});
  if (!answer.ok()) {
    // A device that has not joined has nothing to look for; the command itself
    // will say so.
    return;
  }
  const auto* sync = std::get_if<client::SyncView>(&*answer);
  if (sync == nullptr || sync->online) return;
  if (manner == Manner::kWrites) return;  // SeeOff says it
  desk_.printer->Remark(absl::StrCat(
      "offline (", sync->trouble.empty() ? "no answer yet" : sync->trouble,
      "): this is how it was last seen"));
}

// What is still in the outbox of what was just written; what was refused first.
Left Run::Unsent(const std::set<RecordId>& written) {
  Left left;
  const absl::StatusOr<AnswerBody> answer = Ask(client::ListOutbox{});
  const auto* outbox =
      answer.ok() ? std::get_if<client::OutboxView>(&*answer) : nullptr;
  if (outbox == nullptr) {
    left.why = std::string(answer.status().message());
    return left;
  }
  for (const client::OutboxRowView& row : outbox->rows) {
    if (!written.contains(row.record) || left.refused) continue;
    left.why = row.reason.empty() ? row.state : row.reason;
    left.refused = row.state == "refused";
  }
  if (left.why.empty()) NotePutAside(written, left);
  return left;
}

void Run::NotePutAside(const std::set<RecordId>& written, Left& left) const {
  for (const FaceItem& item : arrived_) {
    const auto* refused = std::get_if<client::RecordRefused>(&item.event);
    if (refused == nullptr || refused->in_outbox) continue;
    if (!written.contains(refused->record)) continue;
    left.why = refused->reason;
    left.put_aside = true;
  }
}

// SendOff waits until they have left: kSendPatience, and for as long as a file
// goes on being sent.
Left Run::SendOff(const std::set<RecordId>& written) {
  while (true) {
    file_moved_ = false;
    const absl::StatusOr<AnswerBody> synced =
        Ask(client::Sync{.patience = kSendPatience});
    Left left = Unsent(written);
    const auto* sync =
        synced.ok() ? std::get_if<client::SyncView>(&*synced) : nullptr;
    const bool online = sync != nullptr && sync->online;
    if (left.why.empty() || left.refused || left.put_aside) return left;
    if (sync != nullptr && !online) left.why = sync->trouble;
    if (!online || !file_moved_) return left;
  }
}

// SeeOff says what became of what was written: the exit code.
int Run::SeeOff(const AnswerBody& answer) {
  const auto* composed = std::get_if<client::Composed>(&answer);
  if (composed == nullptr) return kExitDone;
  std::set<RecordId> written;
  for (const client::Composed::One& one : composed->records) {
    written.insert(one.id);
  }
  Left left{.why = "not waited for"};
  if (invocation_.globals.offline) {
    left.why = "offline, as asked";
  } else if (!invocation_.globals.no_wait) {
    left = SendOff(written);
  }
  if (left.refused || left.put_aside) {
    desk_.printer->Refused(
        {.code = "record_refused",
         .message =
             left.refused
                 ? absl::StrCat(
                       "it was refused and waits in the outbox: ", left.why,
                       "; `cordon outbox retry` or `discard`")
                 : absl::StrCat("it was sent, and everybody puts it aside: ",
                                left.why, "; look at the case and say it anew"),
         .faults = {}});
    return kExitRefused;
  }
  desk_.printer->Remark(left.why.empty()
                            ? "sent"
                            : absl::StrCat("waits in the outbox: ", left.why));
  return kExitDone;
}

// SeeOffRest waits until the records have left that a change of rooms made
// beside it: profile and roster of an operation.
void Run::SeeOffRest() {
  if (invocation_.globals.offline || invocation_.globals.no_wait) return;
  const absl::StatusOr<AnswerBody> synced =
      Ask(client::Sync{.patience = kSendPatience});
  const auto* sync =
      synced.ok() ? std::get_if<client::SyncView>(&*synced) : nullptr;
  if (sync == nullptr || sync->unsent == 0) return;
  desk_.printer->Remark(
      absl::StrCat(sync->unsent, " records wait in the outbox; ",
                   "`cordon sync` sends them when the relay is back"));
}

// BringIn stays until those who were just approved are in their rooms: nobody
// else may be there who lets them in.
void Run::BringIn(const client::Approved& approved) {
  if (approved.names.empty() || invocation_.globals.no_wait) return;
  const absl::StatusOr<AnswerBody> answer = Ask(
      client::BringIn{.users = approved.names, .patience = kNewcomerPatience});
  if (!answer.ok()) {
    desk_.printer->Remark(absl::StrCat(
        "they were not let into the rooms: ", answer.status().message(),
        "; `cordon sync` tries again"));
    return;
  }
  const auto* newcomers = std::get_if<client::NewcomersView>(&*answer);
  if (newcomers == nullptr || newcomers->outside.empty()) return;
  desk_.printer->Answer(*answer);
  desk_.printer->Remark(
      "they come into their rooms by `cordon sync`, once their device has been "
      "online");
}

// FetchPhotos is the second half of `alert show --photos DIR`.
int Run::FetchPhotos(const AnswerBody& answer) {
  const auto* record = std::get_if<client::RecordView>(&answer);
  if (record == nullptr || record->attachments.empty()) {
    desk_.printer->Remark("no photos with it");
    return kExitDone;
  }
  const absl::StatusOr<AnswerBody> fetched = Ask(client::GetFiles{
      .record = ToHex(record->id.span()), .folder = invocation_.photos_folder});
  if (!fetched.ok()) {
    desk_.printer->Refused(RefusalFrom(fetched.status()));
    return kExitRefused;
  }
  desk_.printer->Answer(*fetched);
  return kExitDone;
}

// A refusal that says for certain that nothing has begun, unlike a lost answer.
bool RefusedWhole(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kCancelled:
      return false;
    default:
      return true;
  }
}

// What reads, writes or changes rooms does so on the newest there is.
bool LooksFirst(Manner manner) {
  return manner == Manner::kReads || manner == Manner::kChanges ||
         manner == Manner::kWrites;
}

// Some of those who were named were refused; the others are done. Or nothing
// could be fetched or sent, the relay not being there. Whom an operation's
// rooms have left out comes in later (client/core/operations.h).
bool FellShort(const AnswerBody& answer, absl::string_view verb) {
  if (const auto* approved = std::get_if<client::Approved>(&answer)) {
    return !approved->refusals.empty();
  }
  if (const auto* synced = std::get_if<client::SyncView>(&answer)) {
    return !synced->online;
  }
  const auto* change = std::get_if<client::MembershipChange>(&answer);
  return change != nullptr && !change->left_out.empty() &&
         (verb == "room add" || verb == "room remove");
}

// Whether a record belongs to what is followed.
bool Concerns(const client::RecordView& record, const Invocation& invocation) {
  const Json& arguments = invocation.request.arguments;
  const std::string room = arguments.value("room", "");
  if (!room.empty()) return record.room == room;
  const std::string operation = arguments.value("operation", "");
  return operation.empty() ||
         absl::StartsWith(record.room, absl::StrCat(operation, "/"));
}

// A file that is readable when SIGINT or SIGTERM has come.
int SignalFile() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

void Run::PrintArrival(const FaceItem& item) {
  if (item.dropped > 0) {
    desk_.printer->Remark(absl::StrCat(
        item.dropped,
        " records came too fast to be shown; cordon read has them"));
  }
  if (const auto* arrived = std::get_if<client::RecordArrived>(&item.event)) {
    const client::RecordView& record = arrived->record;
    if (!Concerns(record, invocation_)) return;
    if (!printed_.insert(record.id).second) return;
    desk_.printer->Record(record);
  } else if (const auto* finding =
                 std::get_if<client::RoomFinding>(&item.event)) {
    desk_.printer->Remark(absl::StrCat(finding->room, ": ", finding->what));
  } else if (const auto* link = std::get_if<client::LinkChanged>(&item.event)) {
    NoteLink(*link);
  }
}

// NoteLink says once that the relay went away, and once that it is back.
void Run::NoteLink(const client::LinkChanged& link) {
  if (link.link == client::Link::kOffline && !offline_) {
    offline_ = true;
    desk_.printer->Remark(
        absl::StrCat("offline (", link.reason, "): trying again"));
  } else if (link.link == client::Link::kCaughtUp && offline_) {
    offline_ = false;
    desk_.printer->Remark("back: nothing was missed");
  }
}

// NothingBegan: keys that wait for an answer are something.
bool Run::NothingBegan(const absl::Status& refusal) {
  if (!RefusedWhole(refusal)) return false;
  const absl::StatusOr<AnswerBody> answer = Ask(client::WhoAmI{});
  if (!answer.ok()) return false;
  const auto* identity = std::get_if<client::IdentityView>(&*answer);
  return identity != nullptr && identity->device.empty() && !identity->joining;
}

Outcome Run::Once(client::CommandBody body) {
  const Verb* const verb = FindVerb(invocation_.request.verb);
  const Manner manner = verb == nullptr ? Manner::kHere : verb->manner;
  const bool online = !invocation_.globals.offline;
  if (online && LooksFirst(manner)) Look(manner);
  absl::StatusOr<AnswerBody> answer = Ask(std::move(body));
  if (answer.ok() && manner == Manner::kEnrols) {
    // Whoever admits this device needs keys of it at the relay.
    (void)Ask(client::Sync{.patience = kSendPatience});
    answer = Ask(client::WhoAmI{});
  }
  if (!answer.ok()) {
    desk_.printer->Refused(RefusalFrom(answer.status()));
    return {.exit_code = kExitRefused,
            .refused_whole =
                manner == Manner::kEnrols && NothingBegan(answer.status())};
  }
  if (auto* refused = std::get_if<client::ContentRefused>(&*answer)) {
    desk_.printer->Refused(RefusalFrom(std::move(refused->faults)));
    return {.exit_code = kExitRefused};
  }
  desk_.printer->Answer(*answer);
  const int sent = SeeOff(*answer);
  if (sent != kExitDone) return {.exit_code = sent};
  if (manner == Manner::kChanges) SeeOffRest();
  if (const auto* approved = std::get_if<client::Approved>(&*answer)) {
    BringIn(*approved);
  }
  if (!invocation_.photos_folder.empty()) {
    return {.exit_code = FetchPhotos(*answer)};
  }
  if (const auto* records = std::get_if<client::RecordsView>(&*answer)) {
    for (const client::RecordView& record : records->records) {
      printed_.insert(record.id);
    }
  }
  const bool whole =
      desk_.printer->ok() && !FellShort(*answer, invocation_.request.verb);
  return {.exit_code = whole ? kExitDone : kExitRefused};
}

int Run::Follow() {
  const int signals = SignalFile();
  const absl::Cleanup close_signals = [signals] { close(signals); };
  for (const FaceItem& item : std::exchange(arrived_, {})) PrintArrival(item);
  while (desk_.printer->ok()) {
    std::array<pollfd, 2> waiting = {
        {{.fd = desk_.face->file(), .events = POLLIN, .revents = 0},
         {.fd = signals, .events = POLLIN, .revents = 0}}};
    if (poll(waiting.data(), waiting.size(), /*timeout=*/-1) < 0) continue;
    for (const FaceItem& item : desk_.face->Take()) PrintArrival(item);
    if (waiting[1].revents != 0) return kExitDone;
  }
  return kExitRefused;
}

constexpr EventKinds kFollowed = BitOf(EventKind::kRecord) |
                                 BitOf(EventKind::kFinding) |
                                 BitOf(EventKind::kLink);

}  // namespace

Outcome RunOnce(const Invocation& invocation, client::CommandBody body,
                const Desk& desk) {
  desk.face->Want(BitOf(EventKind::kProgress) | BitOf(EventKind::kRefused) |
                  (invocation.follow ? kFollowed : 0));
  Run run(invocation, desk);
  const Outcome outcome = run.Once(std::move(body));
  if (!invocation.follow || outcome.exit_code != kExitDone) return outcome;
  return {.exit_code = run.Follow()};
}

Outcome Watch(const Invocation& invocation, const Desk& desk) {
  desk.face->Want(kFollowed);
  return {.exit_code = Run(invocation, desk).Follow()};
}

}  // namespace cordon::cli
