#include "client/cli/menu.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <CLI/App.hpp>
#include <CLI/Option.hpp>
#include <nlohmann/json.hpp>

#include "client/cli/fields.h"
#include "client/cli/invocation.h"

namespace cordon::cli {
namespace {

std::string Joined(const std::string& path, const char* name) {
  return path.empty() ? name : absl::StrCat(path, " ", name);
}

std::string Example(const char* example) {
  return absl::StrCat("Example:\n  ", example);
}

}  // namespace

void AddGlobals(CLI::App& app, Globals& globals) {
  const std::string group = "For every command";
  app.add_option("--profile", globals.profile,
                 "Profile folder (or CORDON_PROFILE)")
      ->type_name("DIR")
      ->group(group);
  app.add_option("--passphrase-file", globals.secrets.passphrase,
                 "Its first line opens the vault (or CORDON_PASSPHRASE_FILE)")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--root-passphrase-file", globals.secrets.root_passphrase,
                 "Its first line opens the root key "
                 "(or CORDON_ROOT_PASSPHRASE_FILE)")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("--json", globals.json, "One JSON object a line")->group(group);
  app.add_flag("--offline", globals.offline, "Do not try the relay")
      ->group(group);
  app.add_flag("--no-wait", globals.no_wait,
               "Do not wait until what was written has left")
      ->group(group);
  app.add_flag("--verbose", globals.verbose,
               "Log lines on standard error: numbers and aliases only")
      ->group(group);
}

Entry& Entry::Word(const char* shown, const char* key, const char* help,
                   Need need) {
  app_->add_option_function<std::string>(
          shown,
          [out = out_, key = std::string(key)](const std::string& value) {
            out->request.arguments[key] = value;
          },
          help)
      ->type_name("")
      ->required(need == Need::kYes);
  return *this;
}

Entry& Entry::Words(const char* shown, const char* key, const char* help) {
  app_->add_option_function<std::vector<std::string>>(
          shown,
          [out = out_,
           key = std::string(key)](const std::vector<std::string>& values) {
            out->request.arguments[key] = values;
          },
          help)
      ->type_name("")
      ->required();
  return *this;
}

Entry& Entry::Text(const char* flag, const char* key, const char* help,
                   Need need) {
  app_->add_option_function<std::string>(
          flag,
          [out = out_, key = std::string(key)](const std::string& value) {
            out->request.arguments[key] = value;
          },
          help)
      ->required(need == Need::kYes);
  return *this;
}

Entry& Entry::Texts(const char* flag, const char* key, const char* help,
                    Need need) {
  app_->add_option_function<std::vector<std::string>>(
          flag,
          [out = out_,
           key = std::string(key)](const std::vector<std::string>& values) {
            out->request.arguments[key] = values;
          },
          help)
      ->allow_extra_args(false)
      ->required(need == Need::kYes);
  return *this;
}

Entry& Entry::Flag(const char* flag, const char* key, const char* help) {
  app_->add_flag_callback(
      flag,
      [out = out_, key = std::string(key)] {
        out->request.arguments[key] = true;
      },
      help);
  return *this;
}

Entry& Entry::Count(const char* flag, const char* key, const char* help) {
  app_->add_option_function<uint32_t>(
      flag,
      [out = out_, key = std::string(key)](const uint32_t& value) {
        out->request.arguments[key] = value;
      },
      help);
  return *this;
}

Entry& Entry::TextFile(const char* flag, const char* key, const char* help) {
  app_->add_option_function<std::string>(
          flag,
          [out = out_, key = std::string(key)](const std::string& path) {
            out->files.push_back({.key = key, .path = path});
          },
          help)
      ->type_name("FILE");
  return *this;
}

Entry& Entry::JsonFile(const char* flag, const char* key, const char* help) {
  app_->add_option_function<std::string>(
          flag,
          [out = out_, key = std::string(key)](const std::string& path) {
            out->files.push_back({.key = key, .path = path, .is_json = true});
          },
          help)
      ->type_name("FILE")
      ->required();
  return *this;
}

Entry& Entry::Sentence(const char* shown, const char* key, const char* help) {
  app_->add_option_function<std::vector<std::string>>(
          shown,
          [out = out_,
           key = std::string(key)](const std::vector<std::string>& words) {
            out->request.arguments[key] = absl::StrJoin(words, " ");
          },
          help)
      ->type_name("")
      ->required();
  return *this;
}

Entry& Entry::Instead(const char* flag, const char* shown, const char* help) {
  app_->add_flag_callback(flag, [] {}, help)->excludes(app_->get_option(shown));
  return *this;
}

Entry& Entry::FlagNamed(const char* flag, const char* value, const char* key,
                        const char* help) {
  app_->add_option_function<std::string>(
          flag,
          [out = out_, key = std::string(key)](const std::string& /*value*/) {
            out->request.arguments[key] = true;
          },
          help)
      ->check([wanted = std::string(value)](const std::string& given) {
        return given == wanted ? std::string()
                               : absl::StrCat("is not ", wanted);
      });
  return *this;
}

Entry& Entry::Follows(const char* flag, const char* help) {
  app_->add_flag(flag, out_->follow, help);
  return *this;
}

Entry& Entry::FetchesPhotos(const char* flag, const char* help) {
  app_->add_option(flag, out_->photos_folder, help)->type_name("DIR");
  return *this;
}

Entry& Entry::Watches() {
  app_->callback([out = out_] {
    out->watch = true;
    out->follow = true;
  });
  return *this;
}

Entry& Entry::IsSession() {
  app_->add_option("--events", out_->events,
                   "none, all, or kinds with commas between (none)");
  app_->add_flag("--new", out_->new_profile,
                 "Make the profile if it is not there");
  app_->callback([out = out_] { out->session = true; });
  return *this;
}

Menu Menu::Noun(const char* name, const char* help) {
  CLI::App* const noun = app_->add_subcommand(name, help);
  noun->require_subcommand(1);
  return {noun, Joined(path_, name), out_};
}

Entry Menu::Verb(const char* name, const char* help, const char* example) {
  CLI::App* const verb = app_->add_subcommand(name, help);
  verb->footer(Example(example));
  verb->callback(
      [out = out_, name = Joined(path_, name)] { out->request.verb = name; });
  AddGlobals(*verb, out_->globals);
  return {verb, out_};
}

Menu Menu::VerbAndNoun(const char* name, const char* help,
                       const char* example) {
  CLI::App* const noun = app_->add_subcommand(name, help);
  noun->require_subcommand(0, 1);
  noun->footer(Example(example));
  noun->callback([out = out_, noun, name = Joined(path_, name)] {
    if (noun->get_subcommands().empty()) out->request.verb = name;
  });
  AddGlobals(*noun, out_->globals);
  return {noun, Joined(path_, name), out_};
}

}  // namespace cordon::cli
