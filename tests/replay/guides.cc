#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"
#include "tests/replay/acts.h"
#include "tests/replay/cases.h"
#include "tests/replay/cast.h"
#include "tests/replay/dice.h"
#include "tests/replay/loop.h"
#include "tests/replay/papers.h"
#include "tests/replay/session.h"
#include "tests/replay/world.h"

namespace cordon::replay {
namespace {

// One guide's way: from its owner by the curator to a Member.
struct Way {
  Session* owner = nullptr;
  Session* reader = nullptr;
  std::set<std::string> digests;  // of document and photo, in hexadecimal
  std::string submitted;          // the record in the intake room
  std::string approved;           // the record in the library
  bool fetching = false;
  bool fetched = false;
};

class Guides {
 public:
  explicit Guides(World& world) : world_(world) {
    size_t reader = 0;
    for (size_t i = 0; i < world.size(); ++i) {
      if (world.cast()[i].part != Part::kRightsHolder) continue;
      // Another Member for each guide, as long as there are.
      reader = reader % world.published().members + 1;
      ways_.push_back(
          {.owner = &world.session(i), .reader = &world.session(reader)});
    }
  }

  absl::Status Run() {
    world_.OnEvent([this](Session& session, const json& event) {
      if (event.value("event", "") != "arrival") return;
      here_[&session].insert(event.value("record", ""));
      Advance();
    });
    Dice dice(kSeed);
    for (Way& way : ways_) CORDON_RETURN_IF_ERROR(Submit(way, dice));
    return world_.loop().Run(
        {.what = "every guide was fetched",
         .done = [this] { return fetched_ == ways_.size(); },
         .progress =
             [this] {
               return absl::StrCat(fetched_, " of ", ways_.size(),
                                   " guides fetched");
             }});
  }

 private:
  absl::Status Submit(Way& way, Dice& dice) {
    const Organisation& owner = way.owner->organisation();
    const size_t bytes =
        kDocumentBytesMin + dice.Below(kDocumentBytesMax - kDocumentBytesMin);
    CORDON_ASSIGN_OR_RETURN(
        const Papers papers,
        WritePapers(owner, bytes, world_.Path("papers"), dice));
    for (const std::string& path : {papers.document, papers.photo}) {
      CORDON_ASSIGN_OR_RETURN(const Digest digest, HashFile(path));
      way.digests.insert(ToHex(digest));
    }
    way.owner->Ask({{"verb", "guide submit"},
                    {"operation", std::string(kOperation)},
                    {"guide", GuideJson(owner, SystemClock().Now())},
                    {"document", papers.document},
                    {"photos", {papers.photo}}},
                   [this, &way](const json& result) {
                     way.submitted = FirstRecord(result);
                     Advance();
                   });
    return absl::OkStatus();
  }

  static std::string FirstRecord(const json& composed) {
    const json::json_pointer first("/records/0/id");
    return composed.contains(first) ? composed.at(first).get<std::string>()
                                    : "";
  }

  // What can be done now: a record may arrive before its sender is answered.
  void Advance() {
    for (Way& way : ways_) {
      if (here_[&world_.unit()].erase(way.submitted) > 0) Approve(way);
      if (!way.fetching && here_[way.reader].contains(way.approved)) {
        Fetch(way);
      }
    }
  }

  void Approve(Way& way) {
    world_.unit().Ask({{"verb", "guide approve"},
                       {"record", way.submitted},
                       {"note", "Checked: no order to seize"}},
                      [this, &way](const json& result) {
                        way.approved = FirstRecord(result);
                        Advance();
                      });
  }

  void Fetch(Way& way) {
    way.fetching = true;
    const std::string folder =
        absl::StrCat(world_.Path("fetched/"), way.owner->name());
    way.reader->Ask(
        {{"verb", "guide get"}, {"record", way.approved}, {"out", folder}},
        [this, &way](const json& result) {
          const absl::Status same = Compare(way, result);
          if (!same.ok()) world_.loop().Fail(same);
          ++fetched_;
        });
  }

  static absl::Status Compare(const Way& way, const json& result) {
    std::set<std::string> digests;
    for (const json& file : result.value("files", json::array())) {
      CORDON_ASSIGN_OR_RETURN(const Digest digest,
                              HashFile(file.value("path", "")));
      digests.insert(ToHex(digest));
    }
    if (digests == way.digests) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat(way.reader->name(),
                                            " fetched other bytes than ",
                                            way.owner->name(), " handed over"));
  }

  World& world_;
  std::vector<Way> ways_;
  std::map<const Session*, std::set<std::string>> here_;
  size_t fetched_ = 0;
};

}  // namespace

absl::Status ShareGuides(World& world) {
  return Guides(world).Run();
}

}  // namespace cordon::replay
