#ifndef CORDON_CRYPTO_MLS_PROPOSAL_H_
#define CORDON_CRYPTO_MLS_PROPOSAL_H_

// Proposals: the seven changes that a commit can make. RFC 9420, section 12.1.
//
//   struct { uint16 proposal_type; select { … }; } Proposal;
//   struct { uint8 type; select { proposal: Proposal proposal;
//                                 reference: opaque reference<V>; }; }
//                                                            ProposalOrRef;
//
// What a proposal is; when one is valid stands in proposal_rules.h. A proposal
// of another type cannot be read: nothing says how long it is. That refuses
// only what would be invalid anyway, since our leaves support no other type.
// Threads: values and pure functions.
// Errors: kInvalidArgument for what does not parse.

#include <cstdint>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/key_package.h"
#include "crypto/mls/leaf_node.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/hash.h"

namespace cordon::mls {

inline constexpr ProposalType kAddProposal{1};
inline constexpr ProposalType kUpdateProposal{2};
inline constexpr ProposalType kRemoveProposal{3};
inline constexpr ProposalType kPreSharedKeyProposal{4};
inline constexpr ProposalType kReInitProposal{5};
inline constexpr ProposalType kExternalInitProposal{6};
inline constexpr ProposalType kGroupContextExtensionsProposal{7};

struct Add {
  KeyPackage key_package;
  friend bool operator==(const Add&, const Add&) = default;
};

struct Update {
  LeafNode leaf_node;
  friend bool operator==(const Update&, const Update&) = default;
};

struct Remove {
  LeafIndex removed;
  friend bool operator==(const Remove&, const Remove&) = default;
};

struct PreSharedKey {
  PreSharedKeyId psk;
  friend bool operator==(const PreSharedKey&, const PreSharedKey&) = default;
};

struct ReInit {
  Bytes group_id;
  ProtocolVersion version;
  CipherSuite cipher_suite;
  Extensions extensions = {};
  friend bool operator==(const ReInit&, const ReInit&) = default;
};

struct ExternalInit {
  Bytes kem_output;
  friend bool operator==(const ExternalInit&, const ExternalInit&) = default;
};

struct GroupContextExtensions {
  Extensions extensions;
  friend bool operator==(const GroupContextExtensions&,
                         const GroupContextExtensions&) = default;
};

using Proposal = std::variant<Add, Update, Remove, PreSharedKey, ReInit,
                              ExternalInit, GroupContextExtensions>;

ProposalType TypeOf(const Proposal& proposal);

void Write(const Proposal& proposal, codec::Writer& out);
absl::StatusOr<Proposal> ReadProposal(codec::Reader& in);
absl::StatusOr<Proposal> ParseProposal(ByteSpan bytes);

// The bodies alone, without their type.
void Write(const Add& add, codec::Writer& out);
void Write(const Update& update, codec::Writer& out);
void Write(const Remove& remove, codec::Writer& out);
void Write(const PreSharedKey& pre_shared_key, codec::Writer& out);
void Write(const ReInit& re_init, codec::Writer& out);
void Write(const ExternalInit& external_init, codec::Writer& out);
void Write(const GroupContextExtensions& extensions, codec::Writer& out);

// ReadProposalBody reads the body of a `type`.
absl::StatusOr<Proposal> ReadProposalBody(ProposalType type, codec::Reader& in);

// The hash of the AuthenticatedContent a proposal was sent in (5.2). Kept as
// bytes because other suites have longer hashes.
using ProposalRef = Bytes;
ProposalRef MakeProposalRef(ByteSpan authenticated_content);

using ProposalOrRef = std::variant<Proposal, ProposalRef>;
void Write(const ProposalOrRef& item, codec::Writer& out);
absl::StatusOr<ProposalOrRef> ReadProposalOrRef(codec::Reader& in);

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_PROPOSAL_H_
