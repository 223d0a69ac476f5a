// What is not sent yet: sync, outbox.

#include "absl/types/span.h"

#include "client/cli/fields.h"
#include "client/cli/menu.h"
#include "client/cli/verb.h"
#include "client/core/command.h"

namespace cordon::cli {
namespace {

client::CommandBody MakeSync(VerbInput& input) {
  client::Sync body;
  body.settle = true;
  body.patience = input.in.Duration("patience").value_or(body.patience);
  return body;
}

client::CommandBody MakeOutbox(VerbInput& /*input*/) {
  return client::ListOutbox{};
}

client::CommandBody MakeRetry(VerbInput& input) {
  return client::RetryOutbox{.record = input.in.Text("record")};
}

client::CommandBody MakeDiscard(VerbInput& input) {
  return client::DiscardOutbox{.record = input.in.Text("record", Need::kYes)};
}

constexpr Verb kVerbs[] = {
    {"sync", Manner::kAsks, MakeSync},
    {"outbox", Manner::kReads, MakeOutbox},
    {"outbox retry", Manner::kWrites, MakeRetry},
    {"outbox discard", Manner::kHere, MakeDiscard},
};

}  // namespace

absl::Span<const Verb> OutboxVerbs() {
  return kVerbs;
}

void AddOutbox(Menu& menu) {
  menu.Verb("sync", "Read what is new, send what waits, let newcomers in",
            "cordon sync --patience 1m")
      .Text("--patience", "patience", "How long to try: 30s, 1m (30s)");
  Menu outbox = menu.VerbAndNoun("outbox", "What is written and not sent yet",
                                 "cordon outbox");
  outbox
      .Verb("retry", "Let refused records wait again",
            "cordon outbox retry 018c3f")
      .Word("RECORD", "record", "Only this one", Need::kNo);
  outbox
      .Verb("discard", "Throw a record away that was not sent",
            "cordon outbox discard 018c3f")
      .Word("RECORD", "record", "A unique prefix of its id");
}

}  // namespace cordon::cli
