#ifndef CORDON_CLIENT_CLI_MENU_H_
#define CORDON_CLIENT_CLI_MENU_H_

// The command line as nouns, verbs and flags. Every flag sets one argument of
// the verb's request, under the name it has in JSON.
//
//   Menu room = menu.Noun("room", "Rooms of an operation");
//   room.Verb("create", "Make a room", "cordon room create stop3 press …")
//       .Word("OPERATION", "operation", "Which operation")
//       .Text("--kind", "kind", "channel, broadcast, …", Need::kYes);
//
// Threads: none. Lifetime: the CLI::App and the Invocation outlive it.

#include <string>
#include <utility>

#include "client/cli/fields.h"

namespace CLI {
class App;
}  // namespace CLI

namespace cordon::cli {

struct Globals;
struct Invocation;

void AddGlobals(CLI::App& app, Globals& globals);

// One verb's flags.
class Entry {
 public:
  Entry(CLI::App* app, Invocation* out) : app_(app), out_(out) {}

  // A word by its place, needed unless said otherwise.
  Entry& Word(const char* shown, const char* key, const char* help,
              Need need = Need::kYes);
  // The words that are left.
  Entry& Words(const char* shown, const char* key, const char* help);
  Entry& Text(const char* flag, const char* key, const char* help,
              Need need = Need::kNo);
  // May be given several times.
  Entry& Texts(const char* flag, const char* key, const char* help,
               Need need = Need::kNo);
  Entry& Flag(const char* flag, const char* key, const char* help);
  Entry& Count(const char* flag, const char* key, const char* help);
  // A file whose text, or whose JSON, is the argument.
  Entry& TextFile(const char* flag, const char* key, const char* help);
  Entry& JsonFile(const char* flag, const char* key, const char* help);

  // The words that are left, as one text.
  Entry& Sentence(const char* shown, const char* key, const char* help);
  // A flag that says that the word shown so is left out on purpose.
  Entry& Instead(const char* flag, const char* shown, const char* help);
  // A flag whose one value sets an argument to true.
  Entry& FlagNamed(const char* flag, const char* value, const char* key,
                   const char* help);

  // What only the command line knows: see Invocation.
  Entry& Follows(const char* flag, const char* help);
  Entry& FetchesPhotos(const char* flag, const char* help);
  Entry& Watches();
  Entry& IsSession();

 private:
  CLI::App* const app_;
  Invocation* const out_;
};

class Menu {
 public:
  Menu(CLI::App* app, std::string path, Invocation* out)
      : app_(app), path_(std::move(path)), out_(out) {}

  Menu Noun(const char* name, const char* help);
  // The verb is the path of nouns and `name`.
  Entry Verb(const char* name, const char* help, const char* example);
  // A noun that is a verb too, when no other follows.
  Menu VerbAndNoun(const char* name, const char* help, const char* example);

 private:
  CLI::App* const app_;
  const std::string path_;
  Invocation* const out_;
};

// ---- the words of each noun
void AddAuthority(Menu& menu);
void AddInvite(Menu& menu);
void AddDirectory(Menu& menu);
void AddOperation(Menu& menu);
void AddRoom(Menu& menu);
void AddMessage(Menu& menu);
void AddInstruction(Menu& menu);
void AddAlert(Menu& menu);
void AddGuide(Menu& menu);
void AddFile(Menu& menu);
void AddOutbox(Menu& menu);

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_MENU_H_
