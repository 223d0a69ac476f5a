#include "tests/replay/cases.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "client/core/codelists/goods.h"
#include "client/core/figures.h"
#include "client/core/model/alert.h"
#include "client/core/model/codes.h"
#include "crypto/base/check.h"
#include "crypto/base/id.h"
#include "tests/replay/cast.h"
#include "tests/replay/clerk.h"
#include "tests/replay/dice.h"
#include "tests/replay/plan.h"
#include "tests/replay/published.h"

namespace cordon::replay {
namespace {

constexpr size_t kLinesMax = 5;
constexpr int kDayMinutes = 24 * 60;

absl::CivilDay DayOf(absl::string_view text) {
  absl::CivilDay day;
  CORDON_CHECK(absl::ParseCivilTime(text, &day));
  return day;
}

uint32_t LinesOf(const GoodsPlan& goods, bool ecommerce) {
  return ecommerce ? goods.ecommerce_lines : goods.other_lines;
}

std::vector<const GoodsPlan*> GoodsOf(const Plan& plan, const CasePlan& cases) {
  std::vector<const GoodsPlan*> found;
  for (const GoodsPlan& goods : plan.goods) {
    const client::Category* category = client::FindCategory(goods.category);
    CORDON_CHECK(category != nullptr);
    if (category->kind == cases.kind && LinesOf(goods, cases.ecommerce) > 0) {
      found.push_back(&goods);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [&cases](const GoodsPlan* a, const GoodsPlan* b) {
                     return LinesOf(*a, cases.ecommerce) >
                            LinesOf(*b, cases.ecommerce);
                   });
  return found;
}

// A case that is to have `room` more lines.
struct Slot {
  Draft draft;
  size_t room = 1;
};

// Room for `lines` lines in as many cases as planned, at least one in each and
// at most as many as there are goods.
std::vector<Slot> MakeSlots(const CasePlan& cases, size_t lines,
                            size_t lines_max, Dice& dice) {
  std::vector<Slot> slots(cases.cases);
  for (Slot& slot : slots) {
    slot.draft.kind = cases.kind;
    slot.draft.ecommerce = cases.ecommerce;
  }
  CORDON_CHECK(lines >= slots.size() && lines <= slots.size() * lines_max);
  for (size_t extra = lines - slots.size(); extra > 0;) {
    Slot& slot = slots[dice.Below(slots.size())];
    if (slot.room == lines_max) continue;
    ++slot.room;
    --extra;
  }
  return slots;
}

// Gives each of the goods to as many different cases as it has lines. The most
// frequent first, to the cases with most room: then it always comes out.
void DealPool(const Plan& plan, const CasePlan& cases, Dice& dice,
              std::vector<Draft>& drafts) {
  const std::vector<const GoodsPlan*> goods = GoodsOf(plan, cases);
  size_t lines = 0;
  for (const GoodsPlan* one : goods) lines += LinesOf(*one, cases.ecommerce);
  std::vector<Slot> slots =
      MakeSlots(cases, lines, std::min(kLinesMax, goods.size()), dice);
  for (const GoodsPlan* one : goods) {
    dice.Shuffle(slots);
    std::stable_sort(
        slots.begin(), slots.end(),
        [](const Slot& a, const Slot& b) { return a.room > b.room; });
    for (uint32_t i = 0; i < LinesOf(*one, cases.ecommerce); ++i) {
      CORDON_CHECK(slots[i].room > 0);
      --slots[i].room;
      slots[i].draft.lines.push_back({.goods = one});
    }
  }
  for (Slot& slot : slots) {
    CORDON_CHECK(slot.room == 0);
    drafts.push_back(std::move(slot.draft));
  }
}

void DealPieces(const Plan& plan, Dice& dice, std::vector<Draft>& drafts) {
  for (const GoodsPlan& goods : plan.goods) {
    std::vector<DraftLine*> lines;
    for (Draft& draft : drafts) {
      for (DraftLine& line : draft.lines) {
        if (line.goods == &goods) lines.push_back(&line);
      }
    }
    const std::vector<uint64_t> shares = dice.Split(goods.pieces, lines.size());
    for (size_t i = 0; i < lines.size(); ++i) lines[i]->pieces = shares[i];
  }
}

void DealDays(const Plan& plan, Dice& dice, std::vector<Draft>& drafts) {
  const absl::TimeZone zone = OperationZone();
  absl::CivilDay day = DayOf(kFirstDay);
  size_t next = 0;
  for (const uint64_t cases : plan.published.cases_by_day) {
    for (uint64_t i = 0; i < cases; ++i) {
      const auto minute = static_cast<int>(dice.Below(kDayMinutes));
      drafts.at(next++).when =
          absl::FromCivil(absl::CivilMinute(day) + minute, zone);
    }
    ++day;
  }
  CORDON_CHECK(next == drafts.size());
}

// Who reports each case: every reporting Member at least one.
std::vector<size_t> DealMembers(const Plan& plan,
                                absl::Span<const Organisation> cast,
                                Dice& dice) {
  std::vector<size_t> owners;
  for (const RegionCases& region : plan.published.cases_by_region) {
    std::vector<size_t> members;
    for (size_t i = 0; i < cast.size(); ++i) {
      if (cast[i].reports && cast[i].region == region.code) {
        members.push_back(i);
      }
    }
    if (region.cases == 0) continue;
    const std::vector<uint64_t> shares =
        dice.Split(region.cases, members.size());
    for (size_t i = 0; i < members.size(); ++i) {
      owners.insert(owners.end(), shares[i], members[i]);
    }
  }
  dice.Shuffle(owners);
  return owners;
}

}  // namespace

absl::TimeZone OperationZone() {
  absl::TimeZone zone;
  CORDON_CHECK(absl::LoadTimeZone(std::string(kZone), &zone));
  return zone;
}

std::vector<Case> MakeCases(const Plan& plan,
                            absl::Span<const Organisation> cast,
                            uint64_t seed) {
  Dice dice(seed);
  std::vector<Draft> drafts;
  for (const CasePlan& cases : plan.cases) DealPool(plan, cases, dice, drafts);
  dice.Shuffle(drafts);
  DealPieces(plan, dice, drafts);
  DealDays(plan, dice, drafts);
  const std::vector<size_t> owners = DealMembers(plan, cast, dice);
  CORDON_CHECK(owners.size() == drafts.size());
  std::vector<Case> cases;
  for (size_t i = 0; i < drafts.size(); ++i) {
    cases.push_back(
        {.organisation = owners[i],
         .alert = WriteAlert(drafts[i], cast[owners[i]], cast, dice)});
  }
  std::stable_sort(
      cases.begin(), cases.end(),
      [](const Case& a, const Case& b) { return a.alert.when < b.alert.when; });
  return cases;
}

client::Figures FiguresOf(absl::Span<const Case> cases,
                          absl::Span<const Organisation> cast) {
  client::FiguresOptions options{.zone = OperationZone(),
                                 .first_day = DayOf(kFirstDay),
                                 .last_day = DayOf(kLastDay)};
  for (const Organisation& one : cast) {
    if (!one.region.empty()) options.region_of[one.name] = one.region;
  }
  std::vector<client::CaseRecord> records;
  for (size_t i = 0; i < cases.size(); ++i) {
    std::array<uint8_t, RecordId::kBytes> id{};
    id[0] = static_cast<uint8_t>(i >> 8);
    id[1] = static_cast<uint8_t>(i);
    records.push_back({.id = RecordId(id),
                       .organisation = cast[cases[i].organisation].name,
                       .status = client::RecordStatus::kActual,
                       .replaces = std::nullopt,
                       .alert = cases[i].alert});
  }
  return client::ComputeFigures(records, options);
}

}  // namespace cordon::replay
