#include "tests/replay/compare.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include <nlohmann/json.hpp>

#include "tests/replay/published.h"

namespace cordon::replay {
namespace {

using nlohmann::json;

class Comparison {
 public:
  explicit Comparison(const json& figures) : figures_(figures) {}

  // The number at `path`, an integer or a decimal as text.
  void Number(absl::string_view name, const char* path, uint64_t published) {
    Expect(name, Text(figures_, path), absl::StrCat(published));
  }
  void Expect(absl::string_view name, const std::string& found,
              const std::string& published) {
    if (found == published) return;
    differences_.push_back(
        absl::StrCat(name, " is ", found, ", published ", published));
  }

  // What stands in a list's row whose `key` is `value`; 0 without that row.
  std::string InRow(const char* list, const char* key, absl::string_view value,
                    const char* path) const {
    for (const json& row : Rows(list)) {
      if (row.value(key, "") == std::string(value)) return Text(row, path);
    }
    return "0";
  }

  const json& Rows(const char* list) const {
    static const json& none = *new json(json::array());
    const auto found = figures_.find(list);
    return found == figures_.end() || !found->is_array() ? none : *found;
  }

  static std::string Text(const json& in, const char* path) {
    const json::json_pointer pointer(path);
    if (!in.contains(pointer)) return "missing";
    const json& value = in.at(pointer);
    return value.is_string() ? value.get<std::string>() : value.dump();
  }

  std::vector<std::string> Take() { return std::move(differences_); }

 private:
  const json& figures_;
  std::vector<std::string> differences_;
};

std::string NameOf(const Goods& goods) {
  return absl::StrCat(std::string(goods.category), "/",
                      std::string(goods.subcategory));
}

// Goods by what stands at `path`, the most first; ties by name.
std::vector<std::string> Ranked(const Comparison& in,
                                absl::string_view category, const char* path) {
  std::vector<std::pair<int64_t, std::string>> rows;
  for (const json& row : in.Rows("by_subcategory")) {
    const std::string of = row.value("category", "");
    if (!category.empty() && of != std::string(category)) continue;
    int64_t amount = 0;
    if (!absl::SimpleAtoi(Comparison::Text(row, path), &amount)) continue;
    rows.emplace_back(-amount,
                      absl::StrCat(of, "/", row.value("subcategory", "")));
  }
  std::sort(rows.begin(), rows.end());
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.second);
  return names;
}

void Order(Comparison& in, absl::string_view name,
           const std::vector<std::string>& ranked,
           absl::Span<const Goods> published) {
  for (size_t i = 0; i < published.size(); ++i) {
    in.Expect(absl::StrCat(name, ", place ", i + 1),
              i < ranked.size() ? ranked[i] : "missing", NameOf(published[i]));
  }
}

void CompareTotals(Comparison& in, const Published& published) {
  in.Number("cases", "/total/cases", published.cases);
  in.Number("seizures", "/total/seizures", published.seizures);
  in.Number("cases by e-commerce", "/total/ecommerce_cases",
            published.ecommerce_cases);
  in.Number("seizures by e-commerce", "/total/ecommerce_seizures",
            published.ecommerce_seizures);
  in.Number("e-commerce per mille of cases",
            "/ecommerce_share/permille_of_cases",
            published.ecommerce_per_case_permille);
  in.Number("e-commerce per mille of seizures",
            "/ecommerce_share/permille_of_seizures",
            published.ecommerce_per_seizure_permille);
  in.Number("reporting Members", "/reporting_members",
            published.reporting_members);
  in.Number("medical pieces", "/pieces/medical", published.medical_pieces);
  in.Number("pieces infringing intellectual property", "/pieces/ipr",
            published.ipr_pieces);
  in.Number("other pieces", "/pieces/other", published.other_pieces);
  in.Number("cases outside the days", "/cases_outside_days", 0);
  in.Number("cases that are not actual", "/cases_not_actual", 0);
  in.Number("cancelled cases", "/cases_cancelled", 0);
  in.Expect("what is in no sum of pieces", in.Rows("unconverted").dump(), "[]");
}

void CompareGroups(Comparison& in, const Published& published) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(kFirstDay, &day)) return;
  for (const uint64_t cases : published.cases_by_day) {
    const std::string text = absl::FormatCivilTime(day);
    in.Expect(absl::StrCat("cases of ", text),
              in.InRow("by_day", "day", text, "/cases"), absl::StrCat(cases));
    ++day;
  }
  for (const RegionCases& region : published.cases_by_region) {
    in.Expect(absl::StrCat("cases of region ", std::string(region.code)),
              in.InRow("by_region", "region", region.code, "/cases"),
              absl::StrCat(region.cases));
    if (region.cases == 0) continue;
    const std::string ecommerce =
        in.InRow("by_region", "region", region.code, "/ecommerce_cases");
    in.Expect(absl::StrCat("e-commerce in region ", std::string(region.code)),
              ecommerce == "0" ? "none" : "some", "some");
  }
}

void CompareOrders(Comparison& in, const Published& published) {
  Order(in, "cases by e-commerce", Ranked(in, "", "/ecommerce_cases"),
        published.most_ecommerce_cases);
  Order(in, "cases of medicines", Ranked(in, "medicines", "/cases"),
        {published.most_medicine_cases});
  Order(in, "pieces", Ranked(in, "", "/sums/H87"), published.most_pieces);
  Order(in, "pieces infringing intellectual property",
        Ranked(in, "ipr", "/sums/H87"), {published.most_ipr_pieces});
}

}  // namespace

std::vector<std::string> Differences(const json& figures,
                                     const Published& published) {
  Comparison in(figures);
  CompareTotals(in, published);
  CompareGroups(in, published);
  CompareOrders(in, published);
  return in.Take();
}

}  // namespace cordon::replay
