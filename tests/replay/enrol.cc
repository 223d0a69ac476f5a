#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/status.h"
#include "tests/replay/acts.h"
#include "tests/replay/cast.h"
#include "tests/replay/loop.h"
#include "tests/replay/session.h"
#include "tests/replay/world.h"

namespace cordon::replay {
namespace {

// How many requests are worth opening the root key for.
constexpr size_t kApprovalsWorth = 24;

class Enrolment {
 public:
  explicit Enrolment(World& world)
      : world_(world), invitations_(world.size()) {}

  absl::Status Run() {
    world_.OnEvent([this](Session& session, const json& event) {
      TakeEvent(session, event);
    });
    CORDON_RETURN_IF_ERROR(CreateAuthority());
    for (size_t i = 1; i < world_.size(); ++i) Invite(i);
    return world_.loop().Run(
        {.what = "everybody has joined",
         .done = [this] { return joined_ + 1 == world_.size(); },
         .progress =
             [this] {
               return absl::StrCat(invited_, " invited, ", requested_,
                                   " asked to join, ", approved_, " approved, ",
                                   joined_, " joined");
             }});
  }

 private:
  absl::Status CreateAuthority() {
    CORDON_RETURN_IF_ERROR(world_.StartSession(0));
    CORDON_RETURN_IF_ERROR(
        world_.loop().Run({.what = "the unit's vault is open",
                           .done = [this] { return world_.unit().ready(); }}));
    const Organisation& unit = world_.unit().organisation();
    bool created = false;
    world_.unit().Ask({{"verb", "authority create"},
                       {"server", world_.address()},
                       {"pin", world_.pin()},
                       {"setup_code", world_.setup_code()},
                       {"org", unit.name},
                       {"org_name", unit.title},
                       {"user", unit.user()},
                       {"name", "Coordinator on duty"},
                       {"device", unit.device()}},
                      [&created](const json&) { created = true; });
    return world_.loop().Run({.what = "the authority is created",
                              .done = [&created] { return created; }});
  }

  void Invite(size_t index) {
    const Organisation& one = world_.cast()[index];
    json command = {{"verb", "invite org"},
                    {"org", one.name},
                    {"title", one.title},
                    {"contact", one.user()},
                    {"contact_name", absl::StrCat("Desk of ", one.title)}};
    if (!one.country.empty()) command["country"] = one.country;
    if (!one.region.empty()) command["region"] = one.region;
    world_.unit().Ask(std::move(command), [this, index](const json& result) {
      ++invited_;
      invitations_[index] = result.value("invitation", "");
      to_open_.push_back(index);
      OpenMore();
    });
  }

  void OpenMore() {
    while (opening_ < kOpeningsMax && !to_open_.empty()) {
      const size_t index = to_open_.front();
      to_open_.pop_front();
      ++opening_;
      const absl::Status started = world_.StartSession(index);
      if (!started.ok()) {
        world_.loop().Fail(started);
        return;
      }
    }
  }

  void TakeEvent(Session& session, const json& event) {
    const std::string kind = event.value("event", "");
    if (kind == "join_request") {
      ++requested_;
      ApproveSome();
    } else if (kind == "ready" && &session != &world_.unit()) {
      --opening_;
      OpenMore();
      Join(session);
    }
  }

  void Join(Session& session) {
    const auto index =
        static_cast<size_t>(&session.organisation() - world_.cast().data());
    session.Ask({{"verb", "join"},
                 {"invitation", invitations_[index]},
                 {"device", session.organisation().device()}},
                [this](const json&) { ++joined_; });
  }

  void ApproveSome() {
    const size_t waiting = requested_ - approved_;
    const bool all_there = requested_ + 1 == world_.size();
    if (approving_ || waiting == 0) return;
    if (!all_there && waiting < kApprovalsWorth) return;
    approving_ = true;
    world_.unit().Ask({{"verb", "approve"}}, [this](const json& result) {
      approving_ = false;
      approved_ += result.value("names", json::array()).size();
      const json refusals = result.value("refusals", json::array());
      if (!refusals.empty()) {
        world_.loop().Fail(absl::InternalError(
            absl::StrCat("requests to join were refused: ", refusals.dump())));
      }
      ApproveSome();
    });
  }

  World& world_;
  std::vector<std::string> invitations_;
  std::deque<size_t> to_open_;
  size_t opening_ = 0;
  size_t invited_ = 0;
  size_t requested_ = 0;
  size_t approved_ = 0;
  size_t joined_ = 0;
  bool approving_ = false;
};

}  // namespace

absl::Status Enrol(World& world) {
  return Enrolment(world).Run();
}

}  // namespace cordon::replay
