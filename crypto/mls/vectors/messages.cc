// Messages: every structure decodes and encodes to the same bytes, whatever the
// suite.

#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group_info.h"
#include "crypto/mls/group_secrets.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/mls/vectors/fields.h"
#include "crypto/mls/vectors/kinds.h"
#include "crypto/mls/welcome.h"

namespace cordon::mls::vectors {
namespace {

template <typename Message>
absl::Status VerifyMessage(const Fields& vector, absl::string_view name) {
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex(name));
  CORDON_ASSIGN_OR_RETURN(const MlsMessage message, ParseMlsMessage(bytes));
  CORDON_RETURN_IF_ERROR(Expect(std::holds_alternative<Message>(message),
                                absl::StrCat(name, ": of another kind")));
  return vector.Expect(name, codec::Serialize(message));
}

absl::Status VerifyPublicMessage(const Fields& vector, absl::string_view name,
                                 ContentType type) {
  CORDON_RETURN_IF_ERROR(VerifyMessage<PublicMessage>(vector, name));
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex(name));
  CORDON_ASSIGN_OR_RETURN(const auto message, ParseAs<PublicMessage>(bytes));
  return Expect(TypeOf(message.content.content.content) == type,
                absl::StrCat(name, ": content of another type"));
}

absl::Status VerifyProposal(const Fields& vector, absl::string_view name,
                            ProposalType type) {
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex(name));
  CORDON_ASSIGN_OR_RETURN(
      const Proposal proposal,
      codec::ParseWhole<Proposal>(bytes, [type](codec::Reader& in) {
        return ReadProposalBody(type, in);
      }));
  codec::Writer out;
  std::visit([&out](const auto& body) { Write(body, out); }, proposal);
  return vector.Expect(name, out.bytes());
}

template <typename T, typename Read>
absl::Status VerifyValue(const Fields& vector, absl::string_view name,
                         Read read) {
  CORDON_ASSIGN_OR_RETURN(const Bytes bytes, vector.Hex(name));
  CORDON_ASSIGN_OR_RETURN(const T value, codec::ParseWhole<T>(bytes, read));
  return vector.Expect(name, codec::Serialize(value));
}

absl::Status VerifyProposals(const Fields& vector) {
  constexpr std::pair<absl::string_view, ProposalType> kBodies[] = {
      {"add_proposal", kAddProposal},
      {"update_proposal", kUpdateProposal},
      {"remove_proposal", kRemoveProposal},
      {"pre_shared_key_proposal", kPreSharedKeyProposal},
      {"re_init_proposal", kReInitProposal},
      {"external_init_proposal", kExternalInitProposal},
      {"group_context_extensions_proposal", kGroupContextExtensionsProposal},
  };
  for (const auto& [name, type] : kBodies) {
    CORDON_RETURN_IF_ERROR(VerifyProposal(vector, name, type));
  }
  return absl::OkStatus();
}

absl::Status VerifyFramed(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(VerifyMessage<Welcome>(vector, "mls_welcome"));
  CORDON_RETURN_IF_ERROR(VerifyMessage<GroupInfo>(vector, "mls_group_info"));
  CORDON_RETURN_IF_ERROR(VerifyMessage<KeyPackage>(vector, "mls_key_package"));
  CORDON_RETURN_IF_ERROR(
      VerifyMessage<PrivateMessage>(vector, "private_message"));
  CORDON_RETURN_IF_ERROR(VerifyPublicMessage(
      vector, "public_message_application", ContentType::kApplication));
  CORDON_RETURN_IF_ERROR(VerifyPublicMessage(vector, "public_message_proposal",
                                             ContentType::kProposal));
  return VerifyPublicMessage(vector, "public_message_commit",
                             ContentType::kCommit);
}

}  // namespace

absl::Status VerifyMessages(const Fields& vector) {
  CORDON_RETURN_IF_ERROR(VerifyFramed(vector));
  CORDON_RETURN_IF_ERROR(VerifyProposals(vector));
  CORDON_RETURN_IF_ERROR(VerifyValue<Commit>(vector, "commit", ReadCommit));
  CORDON_RETURN_IF_ERROR(
      VerifyValue<TreeNodes>(vector, "ratchet_tree", ReadTreeNodes));
  CORDON_ASSIGN_OR_RETURN(const Bytes secrets, vector.Hex("group_secrets"));
  CORDON_ASSIGN_OR_RETURN(const GroupSecrets parsed,
                          ParseGroupSecrets(secrets));
  return vector.Expect("group_secrets", Serialize(parsed).ExposeSecret());
}

}  // namespace cordon::mls::vectors
