#include "tests/support/listings.h"

#include <string>
#include <variant>
#include <vector>

#include "client/core/command/record.h"
#include "client/core/model/record.h"
#include "client/core/view/record.h"
#include "tests/support/must.h"
#include "tests/support/test_client.h"

namespace cordon::testing {

std::vector<client::RecordView> AlertsAt(TestClient& client) {
  return Must(client.As<client::RecordsView>(
                  client::ListAlerts{.operation = "stop3"}))
      .records;
}

std::vector<client::GuideView> GuidesAt(TestClient& client) {
  return Must(client.As<client::GuidesView>(
                  client::ListGuides{.operation = "stop3"}))
      .guides;
}

std::vector<client::OutboxRowView> OutboxAt(TestClient& client) {
  return Must(client.As<client::OutboxView>(client::ListOutbox{})).rows;
}

std::vector<client::RecordView> RecordsIn(TestClient& client,
                                          const std::string& room) {
  return Must(client.As<client::RecordsView>(client::ReadRoom{.room = room}))
      .records;
}

std::vector<std::string> TextsIn(TestClient& client, const std::string& room) {
  std::vector<std::string> texts;
  for (const client::RecordView& record : RecordsIn(client, room)) {
    if (const auto* text = std::get_if<client::Text>(&record.content)) {
      texts.push_back(text->body);
    }
  }
  return texts;
}

}  // namespace cordon::testing
