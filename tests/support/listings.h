#ifndef CORDON_TESTS_SUPPORT_LISTINGS_H_
#define CORDON_TESTS_SUPPORT_LISTINGS_H_

// What the lists of a client's screen hold. A list that is refused ends the
// program.

#include <string>
#include <vector>

#include "client/core/view/record.h"
#include "tests/support/test_client.h"

namespace cordon::testing {

// The cases of the operation "stop3", the newest first.
std::vector<client::RecordView> AlertsAt(TestClient& client);
// The guides of the operation "stop3".
std::vector<client::GuideView> GuidesAt(TestClient& client);
// What has not left.
std::vector<client::OutboxRowView> OutboxAt(TestClient& client);
// The records of a room, and the texts among them, in order.
std::vector<client::RecordView> RecordsIn(TestClient& client,
                                          const std::string& room);
std::vector<std::string> TextsIn(TestClient& client, const std::string& room);

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_LISTINGS_H_
