// Files of records: list, get.

#include "absl/types/span.h"

#include "client/cli/fields.h"
#include "client/cli/menu.h"
#include "client/cli/verb.h"
#include "client/core/command.h"

namespace cordon::cli {
namespace {

client::CommandBody MakeList(VerbInput& input) {
  return client::ListFiles{.room = input.in.Text("room", Need::kYes)};
}

client::CommandBody MakeGet(VerbInput& input) {
  client::GetFiles body;
  body.record = input.in.Text("record", Need::kYes);
  body.folder = input.in.Text("out", Need::kYes);
  body.name = input.in.Text("name");
  return body;
}

constexpr Verb kVerbs[] = {
    {"file list", Manner::kReads, MakeList},
    {"file get", Manner::kReads, MakeGet},
};

}  // namespace

absl::Span<const Verb> FileVerbs() {
  return kVerbs;
}

void AddFile(Menu& menu) {
  Menu file = menu.Noun("file", "Files that go with records");
  file.Verb("list", "Files of a room", "cordon file list stop3/general")
      .Word("ROOM", "room", "operation/name");
  file.Verb("get", "Fetch, check and open files",
            "cordon file get 018c3f --out downloads")
      .Word("ID", "record", "A unique prefix of a file's or a record's id")
      .Text("--out", "out", "Folder to write into", Need::kYes)
      .Text("--name", "name", "Only the file of that name");
}

}  // namespace cordon::cli
