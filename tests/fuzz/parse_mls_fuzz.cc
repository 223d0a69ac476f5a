// What a relay or a member can send of MLS: whatever of it parses is written
// back byte by byte, so that no two byte strings mean one thing and what was
// signed is what was read. The first byte chooses the parser.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/group_secrets.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/mls/welcome.h"

namespace cordon::mls {
namespace {

template <typename T>
void Same(const absl::StatusOr<T>& parsed, ByteSpan in) {
  if (parsed.ok()) CORDON_CHECK(Equal(codec::Serialize(*parsed), in));
}

// The relay reads the header, a member the whole: they must see one message.
void TryMessage(ByteSpan in) {
  const auto message = ParseMlsMessage(in);
  Same(message, in);
  if (!message.ok()) return;
  const auto header = ParseFrameHeader(in);
  if (const auto* shown = std::get_if<PublicMessage>(&*message)) {
    const FramedContent& content = shown->content.content;
    CORDON_CHECK(header.ok() && header->group_id == content.group_id);
    CORDON_CHECK(header->epoch == content.epoch);
    CORDON_CHECK(header->sender == content.sender);
    CORDON_CHECK(header->content_type == TypeOf(content.content));
  } else if (const auto* sealed = std::get_if<PrivateMessage>(&*message)) {
    CORDON_CHECK(header.ok() && header->group_id == sealed->group_id);
    CORDON_CHECK(header->epoch == sealed->epoch);
    CORDON_CHECK(header->sender == std::nullopt);
    CORDON_CHECK(header->content_type == sealed->content_type);
  } else {
    CORDON_CHECK(!header.ok());
  }
}

void TryContent(ByteSpan in) {
  Same(codec::ParseWhole<AuthenticatedContent>(in, ReadAuthenticatedContent),
       in);
}

void TrySecrets(ByteSpan in) {
  const auto parsed = ParseGroupSecrets(in);
  if (parsed.ok()) {
    CORDON_CHECK(Equal(Serialize(*parsed).ExposeSecret(), in));
  }
}

// Extensions that we look into: nothing is written back, and nothing breaks.
void TryExtensions(ByteSpan in) {
  const auto context = ParseGroupContext(in);
  Same(context, in);
  if (!context.ok()) return;
  (void)FindExternalSenders(context->extensions);
  (void)FindRequiredCapabilities(context->extensions);
}

void ParseOne(uint8_t kind, ByteSpan in) {
  switch (kind % 10) {
    case 0:
      return TryMessage(in);
    case 1:
      return Same(ParseCommit(in), in);
    case 2:
      return Same(ParseWelcome(in), in);
    case 3:
      return Same(ParseGroupInfo(in), in);
    case 4:
      return Same(ParseKeyPackage(in), in);
    case 5:
      return Same(ParseTreeNodes(in), in);
    case 6:
      return TrySecrets(in);
    case 7:
      return Same(ParseProposal(in), in);
    case 8:
      return TryExtensions(in);
    default:
      return TryContent(in);
  }
}

}  // namespace
}  // namespace cordon::mls

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0) cordon::mls::ParseOne(data[0], {data + 1, size - 1});
  return 0;
}
