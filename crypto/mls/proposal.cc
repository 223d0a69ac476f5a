#include "crypto/mls/proposal.h"

#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"

namespace cordon::mls {
namespace {

constexpr absl::string_view kRefLabel = "MLS 1.0 Proposal Reference";

// ProposalOrRefType.
constexpr uint8_t kByValue = 1;
constexpr uint8_t kByReference = 2;

// The alternatives of Proposal stand in the order of their types, from 1.
static_assert(
    std::is_same_v<std::variant_alternative_t<
                       kGroupContextExtensionsProposal.value - 1, Proposal>,
                   GroupContextExtensions>);
static_assert(std::variant_size_v<Proposal> ==
              kGroupContextExtensionsProposal.value);

absl::StatusOr<Proposal> ReadReInit(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const ByteSpan group_id, in.Vector());
  CORDON_ASSIGN_OR_RETURN(const uint16_t version, in.U16());
  CORDON_ASSIGN_OR_RETURN(const uint16_t cipher_suite, in.U16());
  CORDON_ASSIGN_OR_RETURN(Extensions extensions, ReadExtensions(in));
  return ReInit{.group_id = ToBytes(group_id),
                .version = ProtocolVersion{version},
                .cipher_suite = CipherSuite{cipher_suite},
                .extensions = std::move(extensions)};
}

}  // namespace

ProposalType TypeOf(const Proposal& proposal) {
  return ProposalType{static_cast<uint16_t>(proposal.index() + 1)};
}

void Write(const Add& add, codec::Writer& out) {
  Write(add.key_package, out);
}

void Write(const Update& update, codec::Writer& out) {
  Write(update.leaf_node, out);
}

void Write(const Remove& remove, codec::Writer& out) {
  out.U32(remove.removed.value);
}

void Write(const PreSharedKey& pre_shared_key, codec::Writer& out) {
  Write(pre_shared_key.psk, out);
}

void Write(const ReInit& re_init, codec::Writer& out) {
  out.Vector(re_init.group_id);
  out.U16(re_init.version.value);
  out.U16(re_init.cipher_suite.value);
  codec::WriteVectorOf(re_init.extensions, out);
}

void Write(const ExternalInit& external_init, codec::Writer& out) {
  out.Vector(external_init.kem_output);
}

void Write(const GroupContextExtensions& extensions, codec::Writer& out) {
  codec::WriteVectorOf(extensions.extensions, out);
}

void Write(const Proposal& proposal, codec::Writer& out) {
  out.U16(TypeOf(proposal).value);
  std::visit([&out](const auto& body) { Write(body, out); }, proposal);
}

absl::StatusOr<Proposal> ReadProposalBody(ProposalType type,
                                          codec::Reader& in) {
  if (type == kAddProposal) {
    CORDON_ASSIGN_OR_RETURN(KeyPackage key_package, ReadKeyPackage(in));
    return Add{.key_package = std::move(key_package)};
  }
  if (type == kUpdateProposal) {
    CORDON_ASSIGN_OR_RETURN(LeafNode leaf_node, ReadLeafNode(in));
    return Update{.leaf_node = std::move(leaf_node)};
  }
  if (type == kRemoveProposal) {
    CORDON_ASSIGN_OR_RETURN(const uint32_t removed, in.U32());
    return Remove{.removed = LeafIndex{removed}};
  }
  if (type == kPreSharedKeyProposal) {
    const auto psk = ReadPreSharedKeyId(in);
    if (!psk.ok()) return psk.status();
    return PreSharedKey{.psk = *psk};
  }
  if (type == kReInitProposal) return ReadReInit(in);
  if (type == kExternalInitProposal) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan kem_output, in.Vector());
    return ExternalInit{.kem_output = ToBytes(kem_output)};
  }
  if (type == kGroupContextExtensionsProposal) {
    CORDON_ASSIGN_OR_RETURN(Extensions extensions, ReadExtensions(in));
    return GroupContextExtensions{.extensions = std::move(extensions)};
  }
  return absl::InvalidArgumentError("proposal: unknown type");
}

absl::StatusOr<Proposal> ReadProposal(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint16_t type, in.U16());
  return ReadProposalBody(ProposalType{type}, in);
}

absl::StatusOr<Proposal> ParseProposal(ByteSpan bytes) {
  return codec::ParseWhole<Proposal>(bytes, ReadProposal);
}

ProposalRef MakeProposalRef(ByteSpan authenticated_content) {
  const auto hash = RefHash(kRefLabel, authenticated_content);
  return ToBytes(hash);
}

void Write(const ProposalOrRef& item, codec::Writer& out) {
  if (const auto* proposal = std::get_if<Proposal>(&item)) {
    out.U8(kByValue);
    Write(*proposal, out);
  } else {
    out.U8(kByReference);
    out.Vector(std::get<ProposalRef>(item));
  }
}

absl::StatusOr<ProposalOrRef> ReadProposalOrRef(codec::Reader& in) {
  CORDON_ASSIGN_OR_RETURN(const uint8_t type, in.U8());
  if (type == kByValue) {
    CORDON_ASSIGN_OR_RETURN(Proposal proposal, ReadProposal(in));
    return proposal;
  }
  if (type == kByReference) {
    CORDON_ASSIGN_OR_RETURN(const ByteSpan reference, in.Vector());
    return ToBytes(reference);
  }
  return absl::InvalidArgumentError("proposal: neither value nor reference");
}

}  // namespace cordon::mls
