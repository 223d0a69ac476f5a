// Opening the operation, and the instructions.
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/clock.h"
#include "crypto/base/status.h"
#include "tests/replay/acts.h"
#include "tests/replay/cast.h"
#include "tests/replay/loop.h"
#include "tests/replay/session.h"
#include "tests/replay/world.h"

namespace cordon::replay {
namespace {

// instructions, alerts, library, general; a rights holder has its intake room.
constexpr size_t kRoomsOfParticipant = 4;
constexpr size_t kRoomsOfRightsHolder = 1;

size_t RoomsOf(const Organisation& organisation) {
  return organisation.IsInAlerts() ? kRoomsOfParticipant : kRoomsOfRightsHolder;
}

constexpr absl::Duration kAcknowledgeWithin = absl::Hours(24);

struct Order {
  absl::string_view type;
  absl::string_view title;
  absl::string_view text;
};

constexpr Order kOrders[] = {
    {"instruction", "How to report",
     "Report every seizure as one alert, one line for each kind of goods. "
     "Say whether the goods were sold online."},
    {"daily_briefing", "First day",
     "Parcels from small senders come first. Look for medicines without a "
     "leaflet and for labels packed apart from the goods."},
    {"security_notice", "Keep it here",
     "Talk about the operation in its rooms and nowhere else."},
};

class Instructions {
 public:
  explicit Instructions(World& world) : world_(world) {}

  absl::Status Run() {
    world_.OnEvent([this](Session& session, const json& event) {
      if (event.value("event", "") == "arrival") TakeRecord(session, event);
    });
    for (const Order& order : kOrders) Send(order);
    // One record for everybody together, and one for each rights holder.
    const size_t others = world_.size() - 1;
    CORDON_RETURN_IF_ERROR(world_.loop().Run(
        {.what = "everybody has acknowledged",
         .done =
             [this, others] {
               return sent_ == std::size(kOrders) &&
                      acknowledged_ == others * std::size(kOrders);
             },
         .progress =
             [this, others] {
               return absl::StrCat(acknowledged_, " of ",
                                   others * std::size(kOrders),
                                   " acknowledgements");
             }}));
    return AskTheBoard();
  }

 private:
  void Send(const Order& order) {
    world_.unit().Ask(
        {{"verb", "instruct"},
         {"target", std::string(kOperation)},
         {"title", std::string(order.title)},
         {"text", std::string(order.text)},
         {"type", std::string(order.type)},
         {"ack", "understood"},
         {"ack_deadline",
          absl::FormatTime(absl::RFC3339_sec,
                           SystemClock().Now() + kAcknowledgeWithin,
                           absl::UTCTimeZone())},
         {"to_rightsholders", true}},
        [this](const json& result) {
          ++sent_;
          for (const json& one : result.value("records", json::array())) {
            orders_.push_back(one.value("id", ""));
          }
        });
  }

  void TakeRecord(Session& session, const json& event) {
    const std::string kind = event.value("kind", "");
    if (kind == "ack" && &session == &world_.unit()) ++acknowledged_;
    if (kind != "instruction" || &session == &world_.unit()) return;
    session.Ask({{"verb", "ack"},
                 {"record", event.value("record", "")},
                 {"level", "understood"}},
                [](const json&) {});
  }

  absl::Status AskTheBoard() {
    size_t complete = 0;
    for (const std::string& order : orders_) {
      world_.unit().Ask(
          {{"verb", "acks"}, {"record", order}},
          [this, &complete](const json& result) {
            ++complete;
            const json missing = result.value("missing", json::array());
            for (const json& one : missing) {
              if (one == world_.unit().name()) continue;  // It wrote them.
              world_.loop().Fail(absl::InternalError(absl::StrCat(
                  "not acknowledged by everybody: ", missing.dump())));
            }
          });
    }
    return world_.loop().Run(
        {.what = "the board has answered",
         .done = [this, &complete] { return complete == orders_.size(); }});
  }

  World& world_;
  std::vector<std::string> orders_;
  size_t sent_ = 0;
  size_t acknowledged_ = 0;
};

}  // namespace

absl::Status OpenOperation(World& world) {
  std::map<const Session*, std::set<std::string>> rooms;
  world.OnEvent([&rooms](Session& session, const json& event) {
    if (event.value("event", "") == "room_joined") {
      rooms[&session].insert(event.value("room", ""));
    }
  });
  bool created = false;
  world.unit().Ask(
      {{"verb", "operation create"},
       {"operation", std::string(kOperation)},
       {"title", "Joint operation against counterfeit medicines"},
       {"from", std::string(kFirstDay)},
       {"to", std::string(kLastDay)},
       {"zone", std::string(kZone)}},
      [&world, &created](const json& result) {
        created = true;
        const json left_out = result.value("left_out", json::array());
        if (!left_out.empty()) {
          world.loop().Fail(absl::InternalError(absl::StrCat(
              "not everybody is in the operation: ", left_out.dump())));
        }
      });
  const auto in_all_rooms = [&world, &rooms] {
    size_t devices = 0;
    for (size_t i = 1; i < world.size(); ++i) {
      const Session& one = world.session(i);
      if (rooms[&one].size() == RoomsOf(one.organisation())) ++devices;
    }
    return devices;
  };
  const absl::Status opened = world.loop().Run(
      {.what = "every device is in its rooms",
       .done = [&] { return created && in_all_rooms() + 1 == world.size(); },
       .patience = absl::Minutes(3),
       .progress =
           [&] {
             return absl::StrCat(in_all_rooms(), " of ", world.size() - 1,
                                 " devices are in all their rooms");
           }});
  world.OnEvent([](Session&, const json&) {});
  return opened;
}

absl::Status Instruct(World& world) {
  return Instructions(world).Run();
}

}  // namespace cordon::replay
