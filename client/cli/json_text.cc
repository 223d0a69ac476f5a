#include "client/cli/json_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

namespace cordon::cli {
namespace {

// Where a person finds the byte of that number, counted from 1.
std::string PlaceOf(absl::string_view text, size_t position) {
  const absl::string_view before =
      text.substr(0, position == 0 ? 0 : position - 1);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const size_t last = before.rfind('\n');
  const size_t column =
      before.size() - (last == absl::string_view::npos ? 0 : last + 1) + 1;
  return absl::StrCat("line ", lines + 1, ", column ", column);
}

// Builds the tree as the parser meets its parts. Its method names are the
// library's.
class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  explicit TreeBuilder(absl::string_view text) : text_(text) {}

  bool null() override { return Put(Json()); }
  bool boolean(bool value) override { return Put(Json(value)); }
  bool number_integer(int64_t value) override { return Put(Json(value)); }
  bool number_unsigned(uint64_t value) override { return Put(Json(value)); }
  bool number_float(double /*value*/, const std::string& digits) override {
    return Put(Json::binary({digits.begin(), digits.end()}));
  }
  bool string(std::string& value) override {
    return Put(Json(std::move(value)));
  }
  bool binary(Json::binary_t& /*value*/) override { return false; }

  bool start_object(size_t /*count*/) override { return Open(Json::object()); }
  bool key(std::string& name) override {
    Json& object = *open_.back();
    if (object.contains(name)) {
      return Fail(absl::StrCat("the key \"", name, "\" stands twice"));
    }
    key_ = std::move(name);
    return true;
  }
  bool end_object() override { return Close(); }
  bool start_array(size_t /*count*/) override { return Open(Json::array()); }
  bool end_array() override { return Close(); }

  bool parse_error(size_t position, const std::string& /*last_token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return Fail(absl::StrCat("no valid JSON at ", PlaceOf(text_, position)));
  }

  const std::string& trouble() const { return trouble_; }
  Json Take() { return std::move(root_); }

 private:
  bool Fail(std::string trouble) {
    if (trouble_.empty()) trouble_ = std::move(trouble);
    return false;
  }

  Json* Add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    Json& place = parent[key_];
    place = std::move(value);
    return &place;
  }
  bool Put(Json value) {
    Add(std::move(value));
    return true;
  }
  // A child's address holds while it is open: its parent grows only after it
  // has been closed.
  bool Open(Json value) {
    if (open_.size() >= kJsonDepthMax) return Fail("nested too deep");
    open_.push_back(Add(std::move(value)));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const absl::string_view text_;
  Json root_;
  std::vector<Json*> open_;
  std::string key_;
  std::string trouble_;
};

}  // namespace

absl::StatusOr<Json> ParseJson(absl::string_view text) {
  TreeBuilder builder(text);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
    return absl::InvalidArgumentError(builder.trouble());
  }
  return builder.Take();
}

std::optional<std::string> DecimalLiteral(const Json& value) {
  if (!value.is_binary()) return std::nullopt;
  const Json::binary_t& digits = value.get_binary();
  return std::string(digits.begin(), digits.end());
}

std::string JsonLine(const Json& value) {
  return value.dump(/*indent=*/-1, /*indent_char=*/' ', /*ensure_ascii=*/false,
                    Json::error_handler_t::replace);
}

}  // namespace cordon::cli
