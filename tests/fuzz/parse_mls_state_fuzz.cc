// What is stored of MLS: whatever of it parses is written back byte by byte,
// and nothing else than kDataLoss comes of the rest. The first byte chooses the
// parser; two parts of an input have the first one's length before them.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/group.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/pending_proposals.h"
#include "crypto/mls/public_group.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/tree_math.h"

namespace cordon::mls {
namespace {

// The relay's state of a room, and its tree.
void TryPublicGroup(ByteSpan in) {
  codec::Reader reader(in);
  const auto state = reader.Vector();
  if (!state.ok()) return;
  const ByteSpan tree = reader.rest();
  const auto group = PublicGroup::Parse(*state, tree);
  if (!group.ok()) return;
  CORDON_CHECK(Equal(codec::Serialize(*group), *state));
  CORDON_CHECK(Equal(codec::Serialize(group->tree()), tree));
}

void TryOwnKeyPackage(ByteSpan in) {
  const auto own = OwnKeyPackage::Parse(in);
  if (own.ok()) CORDON_CHECK(Equal(own->Serialize().ExposeSecret(), in));
}

// A name and a value, as SaveTo writes them.
template <typename Loaded>
void TryPiece(ByteSpan in, Loaded loaded) {
  codec::Reader reader(in);
  const auto name = reader.Vector();
  if (!name.ok()) return;
  const absl::Status status = loaded.LoadPiece(*name, reader.rest());
  CORDON_CHECK(status.ok() || status.code() == absl::StatusCode::kDataLoss);
}

void TryGroup(ByteSpan in) {
  codec::Reader reader(in);
  std::vector<StatePiece> pieces;
  while (!reader.AtEnd()) {
    const auto name = reader.Vector();
    if (!name.ok()) return;
    const auto value = reader.Vector();
    if (!value.ok()) return;
    pieces.push_back({ToBytes(*name), SecretBytes::Copy(*value)});
  }
  auto group = Group::Load(pieces);
  if (!group.ok()) {
    CORDON_CHECK(group.status().code() == absl::StatusCode::kDataLoss);
    return;
  }
  // All of it is stored already, but for what a past epoch no longer needs.
  for (const StateChange& change : group->TakeChanges()) {
    CORDON_CHECK(!change.value.has_value());
  }
}

void ParseOne(uint8_t kind, ByteSpan in) {
  switch (kind % 5) {
    case 0:
      return TryPublicGroup(in);
    case 1:
      return TryOwnKeyPackage(in);
    case 2:
      return TryPiece(in, SecretTree::Restore(LeafCount{8}));
    case 3:
      return TryPiece(in, PendingProposals());
    default:
      return TryGroup(in);
  }
}

}  // namespace
}  // namespace cordon::mls

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0) cordon::mls::ParseOne(data[0], {data + 1, size - 1});
  return 0;
}
