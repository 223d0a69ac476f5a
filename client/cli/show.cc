#include "client/cli/show.h"

#include <string>
#include <variant>

#include "client/cli/screen.h"
#include "client/core/event.h"
#include "client/core/model/record.h"

namespace cordon::cli {
namespace {

struct Shower {
  std::string operator()(const client::Nothing&) const { return "Done.\n"; }
  std::string operator()(const client::RecordView& view) const {
    return ShowWhole(screen, view);
  }
  template <typename View>
  std::string operator()(const View& view) const {
    return Show(screen, view);
  }
  const Screen& screen;
};

}  // namespace

std::string ShowAnswer(const Screen& screen, const client::AnswerBody& answer) {
  return std::visit(Shower{screen}, answer);
}

}  // namespace cordon::cli
