// Every device's picture of the operation against the published one.
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "crypto/base/status.h"
#include "tests/replay/acts.h"
#include "tests/replay/cast.h"
#include "tests/replay/compare.h"
#include "tests/replay/loop.h"
#include "tests/replay/report.h"
#include "tests/replay/session.h"
#include "tests/replay/world.h"

namespace cordon::replay {
namespace {

const json& FiguresCommand() {
  static const json& command =
      *new json({{"verb", "figures"}, {"operation", std::string(kOperation)}});
  return command;
}

class Pictures {
 public:
  explicit Pictures(World& world) : world_(world) {}

  absl::Status Run() {
    world_.OnEvent([](Session&, const json&) {});
    CORDON_RETURN_IF_ERROR(AskAll());
    if (compared_ != world_.published().alerts_devices) {
      return absl::InternalError(
          absl::StrCat("only ", compared_, " devices were compared"));
    }
    Say(absl::StrCat("   the published figures, on each of ", compared_,
                     " devices"));
    return SeeRefused();
  }

 private:
  absl::Status AskAll() {
    size_t asked = 0;
    for (size_t i = 0; i < world_.size(); ++i) {
      Session& session = world_.session(i);
      if (!session.organisation().IsInAlerts()) continue;
      ++asked;
      session.Ask(FiguresCommand(), [this, &session](const json& result) {
        Compare(session, result);
      });
    }
    return world_.loop().Run(
        {.what = "every device has computed the figures",
         .done = [this, asked] { return compared_ == asked; }});
  }

  void Compare(const Session& session, json figures) {
    ++compared_;
    const std::vector<std::string> differences =
        Differences(figures, world_.published());
    if (!differences.empty()) {
      world_.loop().Fail(absl::InternalError(absl::StrCat(
          session.name(), ": ", absl::StrJoin(differences, "; "))));
      return;
    }
    // Beyond what is published: everybody's picture is the same, to the last
    // subcategory, at the same place of the same log.
    figures.erase("computed");
    if (first_.is_null()) first_ = figures;
    if (figures == first_) return;
    world_.loop().Fail(absl::InternalError(absl::StrCat(
        session.name(), " has another picture than ", world_.unit().name())));
  }

  absl::Status SeeRefused() {
    size_t refused = 0;
    size_t asked = 0;
    std::string sentence;
    for (size_t i = 0; i < world_.size(); ++i) {
      Session& session = world_.session(i);
      if (session.organisation().part != Part::kRightsHolder) continue;
      ++asked;
      session.AskWhatever(
          FiguresCommand(), [&](const json& result, const json& error) {
            ++refused;
            sentence = error.is_null() ? "" : error.value("message", "");
            if (!error.is_null()) return;
            world_.loop().Fail(absl::InternalError(absl::StrCat(
                session.name(),
                ", a rights holder, was shown figures: ", result.dump())));
          });
    }
    CORDON_RETURN_IF_ERROR(
        world_.loop().Run({.what = "rights holders have been refused",
                           .done = [&] { return refused == asked; }}));
    Say(absl::StrCat("   a rights holder is refused: ", sentence));
    return absl::OkStatus();
  }

  World& world_;
  size_t compared_ = 0;
  json first_;
};

}  // namespace

absl::Status CompareFigures(World& world) {
  return Pictures(world).Run();
}

}  // namespace cordon::replay
