#ifndef CORDON_CLIENT_CLI_FIELDS_H_
#define CORDON_CLIENT_CLI_FIELDS_H_

// Reads one JSON object field by field and notes all that is wrong with it, so
// that a reader hears of every fault at once, each with its path:
// "lines[1].quantity.unit", as in client/core/alert_rules.h.
//
//   Fields in(object, "", &faults);
//   body.room = in.Text("room", Need::kYes);
//   in.Finish();   // what was not asked for is unknown, and a fault
//
// A field that is absent or null gives the empty value, and a fault only when
// it is needed. A malformed one gives a fault and the empty value.
// Threads: none. Lifetime: object and faults outlive it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "client/cli/json_text.h"
#include "client/core/alert_rules.h"
#include "client/core/model/codes.h"

namespace cordon::cli {

enum class Need : uint8_t { kNo = 0, kYes = 1 };

class Fields {
 public:
  Fields(const Json& object, std::string path,
         std::vector<client::Finding>* faults);
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  std::string Text(absl::string_view key, Need need = Need::kNo);
  std::vector<std::string> Texts(absl::string_view key, Need need = Need::kNo);
  bool Flag(absl::string_view key, bool fallback = false);
  std::optional<uint32_t> Count(absl::string_view key);
  // A decimal in units of 10^-places.
  std::optional<int64_t> Decimal(absl::string_view key, int places,
                                 Need need = Need::kNo);
  std::optional<absl::Time> Time(absl::string_view key, Need need = Need::kNo);
  std::optional<absl::CivilDay> Day(absl::string_view key,
                                    Need need = Need::kNo);
  std::optional<absl::Duration> Duration(absl::string_view key);

  // Code is kNone when the field is absent or no name of its list.
  template <typename Enum>
  Enum Code(absl::string_view key, Need need = Need::kNo) {
    const std::string name = Text(key, need);
    if (name.empty()) return Enum::kNone;
    const std::optional<Enum> value = client::ParseCode<Enum>(name);
    if (value.has_value()) return *value;
    Fault(key, absl::StrCat("is not one of ",
                            absl::StrJoin(client::Codes<Enum>(), ", ",
                                          [](std::string* out,
                                             const client::Code<Enum>& code) {
                                            absl::StrAppend(out, code.name);
                                          })));
    return Enum::kNone;
  }

  // Object gives the fields of an object inside; false if there is none.
  bool Object(absl::string_view key, Need need,
              absl::FunctionRef<void(Fields&)> read);
  // Content is a needed object that is a thing of its own: the paths of what is
  // wrong in it start inside.
  bool Content(absl::string_view key, absl::FunctionRef<void(Fields&)> read);
  // Objects gives each object of a list in turn, with its place from 0.
  void Objects(absl::string_view key, Need need,
               absl::FunctionRef<void(Fields&, size_t)> read);

  bool Has(absl::string_view key) const;
  void Fault(absl::string_view key, std::string what);
  // All that was noted so far, of other objects too.
  std::vector<client::Finding>& faults() { return faults_; }
  // Finish names the fields that nobody asked for.
  void Finish();

 private:
  // The value, or nullptr if it is absent or null; from now on it is known.
  const Json* Take(absl::string_view key, Need need);
  std::string PathOf(absl::string_view key) const;
  bool Inside(const Json* value, std::string path,
              absl::FunctionRef<void(Fields&)> read);

  const Json& object_;
  const std::string path_;
  std::vector<client::Finding>& faults_;
  std::vector<std::string> known_;
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_FIELDS_H_
