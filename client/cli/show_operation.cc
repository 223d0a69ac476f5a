// Operations, rooms and figures, for people; see show.h.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "client/cli/number_text.h"
#include "client/cli/screen.h"
#include "client/cli/show.h"
#include "client/core/figures.h"
#include "client/core/model/operation.h"
#include "client/core/view/operation.h"
#include "client/core/view/record.h"

namespace cordon::cli {
namespace {

std::string CountOrNothing(uint64_t count) {
  return count == 0 ? "" : absl::StrCat(count);
}

std::string RoomTable(const Screen& screen,
                      const std::vector<client::RoomView>& rooms) {
  Table table({"ROOM", "KIND", "DEVICES", "UNREAD", "UNSENT", "", "TITLE"});
  table.AlignRight(2).AlignRight(3).AlignRight(4);
  for (const client::RoomView& room : rooms) {
    std::string state;
    if (room.state != "joined") {
      state = screen.Paint(Ink::kRed, OneLine(room.state));
    } else if (room.findings > 0) {
      state =
          screen.Paint(Ink::kYellow, absl::StrCat(room.findings, " findings"));
    }
    table.Add({OneLine(room.room), OneLine(room.kind),
               absl::StrCat(room.members),
               screen.Paint(Ink::kBold, CountOrNothing(room.unread)),
               screen.Paint(Ink::kYellow, CountOrNothing(room.unsent)), state,
               OneLine(room.title)});
  }
  return table.Text(screen);
}

std::string Sentences(const Screen& screen, Ink ink, absl::string_view head,
                      const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) {
    absl::StrAppend(&text, screen.Paint(ink, head), "  ", OneLine(sentence),
                    "\n");
  }
  return text;
}

std::string SumsText(const client::Sums& sums) {
  return absl::StrJoin(sums, ", ", [](std::string* out, const auto& sum) {
    absl::StrAppend(out, QuantityText(sum.second, OneLine(sum.first)));
  });
}

void AddRow(Table& table, std::string name, const client::Group& group) {
  const client::Tally& tally = group.tally;
  table.Add({std::move(name), GroupedText(tally.cases),
             GroupedText(tally.seizures),
             ShareText(tally.ecommerce_seizures, tally.seizures),
             SumsText(group.sums)});
}

Table FiguresTable(absl::string_view of) {
  Table table({std::string(of), "CASES", "SEIZURES", "BY E-COMMERCE (SEIZURES)",
               "QUANTITY"});
  table.AlignRight(1).AlignRight(2).AlignRight(3);
  return table;
}

std::string Totals(const Screen& screen, const client::FiguresView& view) {
  const client::Figures& figures = view.figures;
  const client::Tally& total = figures.total;
  Table table({});
  const auto row = [&](absl::string_view name, std::string value) {
    table.Add({screen.Paint(Ink::kFaint, name), std::move(value)});
  };
  row("cases", GroupedText(total.cases));
  row("seizures", GroupedText(total.seizures));
  row("reporting Members", GroupedText(figures.reporting_members));
  row("e-commerce, of cases", ShareText(total.ecommerce_cases, total.cases));
  row("e-commerce, of seizures",
      ShareText(total.ecommerce_seizures, total.seizures));
  row("medical pieces", SumText(figures.medical_pieces_milli));
  row("IPR pieces", SumText(figures.ipr_pieces_milli));
  row("other pieces", SumText(figures.other_pieces_milli));
  for (const auto& [what, sum] : figures.unconverted) {
    row("in no sum", absl::StrCat(SumText(sum), " ", OneLine(what)));
  }
  if (figures.cases_outside_days > 0) {
    row("outside the days, apart", GroupedText(figures.cases_outside_days));
  }
  if (figures.cases_not_actual > 0) {
    row("exercise and test, apart", GroupedText(figures.cases_not_actual));
  }
  if (figures.cases_cancelled > 0) {
    row("cancelled, apart", GroupedText(figures.cases_cancelled));
  }
  return table.Text(screen);
}

}  // namespace

std::string Show(const Screen& screen, const client::RoomsView& view) {
  return view.rooms.empty() ? "No rooms.\n" : RoomTable(screen, view.rooms);
}

std::string Show(const Screen& screen, const client::RoomDetail& view) {
  const client::RoomView& room = view.room;
  std::string text = absl::StrCat(
      screen.Paint(Ink::kBold, OneLine(room.room)), "  ", OneLine(room.title),
      "\n", OneLine(room.kind), ", ", OneLine(room.state),
      room.state_reason.empty() ? "" : ": ", OneLine(room.state_reason),
      ", read up to ", room.seq.value, ", epoch ", room.epoch.value, "\n\n");
  Table members({"DEVICE", "ROLES", "ORGANISATION"});
  for (const client::MemberView& member : view.members) {
    members.Add({OneLine(member.device), absl::StrJoin(member.roles, ", "),
                 OneLine(member.title)});
  }
  absl::StrAppend(&text, members.Text(screen), "\n",
                  Sentences(screen, Ink::kFaint, "rule", view.rules),
                  Sentences(screen, Ink::kYellow, "finding", view.findings));
  return text;
}

std::string Show(const Screen& screen, const client::OperationsView& view) {
  if (view.operations.empty()) return "No operations.\n";
  Table table(
      {"OPERATION", "FROM", "TO", "PARTICIPANTS", "ROOMS", "UNREAD", "TITLE"});
  table.AlignRight(3).AlignRight(4).AlignRight(5);
  for (const client::OperationView& one : view.operations) {
    table.Add({OneLine(one.profile.name), DayText(one.profile.first_day),
               DayText(one.profile.last_day), absl::StrCat(one.participants),
               absl::StrCat(one.rooms),
               screen.Paint(Ink::kBold, CountOrNothing(one.unread)),
               OneLine(one.profile.title)});
  }
  return table.Text(screen);
}

std::string Show(const Screen& screen, const client::OperationDetail& view) {
  const client::OperationProfile& profile = view.operation.profile;
  std::string text = absl::StrCat(
      screen.Paint(Ink::kBold, OneLine(profile.title)), "  ",
      DayText(profile.first_day), " to ", DayText(profile.last_day), ", ",
      OneLine(profile.zone), "\n\n");
  Table table({"ORGANISATION", "COUNTRY", "REGION", "TITLE"});
  for (const client::Participant& one : view.participants) {
    table.Add({OneLine(one.organisation), OneLine(one.country),
               OneLine(one.region), OneLine(one.title)});
  }
  absl::StrAppend(&text, table.Text(screen), "\n",
                  RoomTable(screen, view.rooms));
  return text;
}

std::string Show(const Screen& screen, const client::MembershipChange& view) {
  const size_t devices = view.devices.size();
  return absl::StrCat(
      view.rooms.size(), view.rooms.size() == 1 ? " room" : " rooms", "; ",
      devices == 0 ? "nobody" : absl::StrCat(devices),
      devices == 0   ? ""
      : devices == 1 ? " device"
                     : " devices",
      " came in or went out\n",
      Sentences(screen, Ink::kFaint, "room", view.rooms),
      Sentences(screen, Ink::kYellow, "left out", view.left_out));
}

std::string Show(const Screen& screen, const client::FiguresView& view) {
  const client::Figures& figures = view.figures;
  std::string text = absl::StrCat(
      screen.Paint(Ink::kBold, OneLine(view.operation.title)), "  ",
      DayText(view.operation.first_day), " to ",
      DayText(view.operation.last_day), ", days of ",
      OneLine(view.operation.zone), "\n\n", Totals(screen, view), "\n");
  Table days = FiguresTable("DAY");
  for (const auto& [day, group] : figures.by_day) {
    AddRow(days, DayText(day), group);
  }
  Table regions = FiguresTable("REGION");
  for (const auto& [region, group] : figures.by_region) {
    AddRow(regions, region.empty() ? "none" : OneLine(region), group);
  }
  Table categories = FiguresTable("CATEGORY");
  for (const auto& [category, group] : figures.by_category) {
    AddRow(categories, OneLine(category), group);
    for (const auto& [names, sub] : figures.by_subcategory) {
      if (names.first != category || names.second.empty()) continue;
      AddRow(categories, absl::StrCat("  ", OneLine(names.second)), sub);
    }
  }
  for (const Table* const table : {&days, &regions, &categories}) {
    if (!table->empty()) absl::StrAppend(&text, table->Text(screen), "\n");
  }
  absl::StrAppend(&text, "Computed ", screen.Time(view.computed), " from ",
                  OneLine(view.room), " up to entry ", view.head.seq.value,
                  ", head ", ShortId(view.head.hash.span()), ".\n");
  if (view.missed > 0) {
    absl::StrAppend(
        &text,
        screen.Paint(
            Ink::kYellow,
            absl::StrCat("May be incomplete: this device was not in the room "
                         "at ",
                         view.missed, view.missed == 1 ? " entry" : " entries",
                         " of that log (alerts, or changes of members).")),
        "\n");
  }
  if (view.unsent > 0) {
    absl::StrAppend(
        &text,
        screen.Paint(Ink::kYellow, absl::StrCat(view.unsent,
                                                " of your alerts are not sent "
                                                "and not counted.")),
        "\n");
  }
  return text;
}

}  // namespace cordon::cli
