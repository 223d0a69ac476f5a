#include "tests/support/mls_room.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/group.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/state_change.h"
#include "crypto/mls/welcome.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/mls_clients.h"
#include "tests/support/status_matchers.h"

namespace cordon::testing {

void PutPsks::Put(absl::string_view id, absl::string_view key) {
  external_.insert_or_assign(ToBytes(id), SecretBytes::Copy(AsBytes(key)));
}

void PutPsks::PutResumption(ByteSpan group_id, Epoch epoch, SecretBytes key) {
  resumption_.insert_or_assign({ToBytes(group_id), epoch}, std::move(key));
}

absl::StatusOr<SecretBytes> PutPsks::External(ByteSpan id) const {
  const auto found = external_.find(ToBytes(id));
  if (found == external_.end()) return absl::NotFoundError("psk");
  return found->second.CloneSecret();
}

absl::StatusOr<SecretBytes> PutPsks::Resumption(ByteSpan group_id,
                                                Epoch epoch) const {
  const auto found = resumption_.find({ToBytes(group_id), epoch});
  if (found == resumption_.end()) return absl::NotFoundError("psk");
  return found->second.CloneSecret();
}

void GroupStore::Apply(const mls::StateChanges& changes) {
  last_bytes_ = 0;
  for (const mls::StateChange& change : changes) {
    last_bytes_ += change.name.size();
    if (!change.value.has_value()) {
      pieces_.erase(change.name);
      continue;
    }
    last_bytes_ += change.value->size();
    pieces_.insert_or_assign(change.name, change.value->CloneSecret());
  }
}

absl::StatusOr<mls::Group> GroupStore::Load() const {
  std::vector<mls::StatePiece> pieces;
  for (const auto& [name, value] : pieces_) {
    pieces.push_back({name, value.CloneSecret()});
  }
  return mls::Group::Load(pieces);
}

std::unique_ptr<MlsRoom> MlsRoom::WithMembers(uint32_t count, uint64_t seed) {
  auto room = std::make_unique<MlsRoom>(seed);
  auto founder =
      mls::Group::Create(room->MakeKeyPackage("member-0"),
                         {.group_id = ToBytes("room")}, room->services());
  CORDON_CHECK(founder.ok());
  room->Enter(*std::move(founder));
  if (count == 1) return room;
  std::vector<mls::OwnKeyPackage> joiners;
  mls::CommitOptions options;
  for (uint32_t i = 1; i < count; ++i) {
    joiners.push_back(room->MakeKeyPackage(absl::StrCat("member-", i)));
    options.proposals.push_back(room->AddOf(joiners.back()));
  }
  auto pending = room->member(0).Commit(std::move(options), room->services());
  CORDON_CHECK(pending.ok());
  CORDON_CHECK(room->member(0).Adopt(std::move(pending->next)).ok());
  for (const mls::OwnKeyPackage& own : joiners) {
    auto joined =
        mls::Group::Join(*pending->welcome, own, {}, room->services());
    CORDON_CHECK(joined.ok());
    room->Enter(std::move(joined->group));
  }
  return room;
}

mls::Identity MlsRoom::MakeIdentity(absl::string_view name) {
  return {.credential = mls::Credential::Basic(AsBytes(name)),
          .capabilities = TestCapabilities(),
          .signer = Ed25519PrivateKey::Generate(random_)};
}

mls::OwnKeyPackage MlsRoom::MakeKeyPackage(absl::string_view name) {
  return mls::OwnKeyPackage::Create(
      MakeIdentity(name), {.not_before_s = 0, .not_after_s = 1}, random_);
}

mls::Proposal MlsRoom::AddOf(const mls::OwnKeyPackage& own) const {
  return mls::Add{.key_package = own.key_package()};
}

void MlsRoom::Enter(mls::Group group) {
  members_.push_back(std::make_unique<mls::Group>(std::move(group)));
}

void MlsRoom::Leave(size_t index) {
  members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(index));
}

void MlsRoom::DeliverProposal(ByteSpan message, size_t author) {
  for (size_t i = 0; i < members_.size(); ++i) {
    if (i == author) continue;
    ASSERT_OK(members_[i]->Process(message, services())) << "member " << i;
  }
}

void MlsRoom::DeliverCommit(mls::PendingCommit pending, size_t author) {
  for (size_t i = 0; i < members_.size(); ++i) {
    if (i == author) continue;
    auto processed = members_[i]->Process(pending.commit, services());
    ASSERT_OK(processed) << "member " << i;
    auto* next = std::get_if<mls::NextEpoch>(&*processed);
    ASSERT_NE(next, nullptr) << "member " << i;
    ASSERT_OK(members_[i]->Adopt(std::move(*next))) << "member " << i;
  }
  ASSERT_OK(members_[author]->Adopt(std::move(pending.next)));
}

void MlsRoom::DeliverAdd(mls::PendingCommit pending, size_t author,
                         const mls::OwnKeyPackage& joiner) {
  const mls::Welcome welcome = *pending.welcome;
  DeliverCommit(std::move(pending), author);
  auto joined = mls::Group::Join(welcome, joiner, {}, services());
  ASSERT_OK(joined);
  Enter(std::move(joined->group));
}

void MlsRoom::CommitBy(size_t author, mls::CommitOptions options) {
  auto pending = members_[author]->Commit(std::move(options), services());
  ASSERT_OK(pending);
  DeliverCommit(*std::move(pending), author);
}

void MlsRoom::ExpectAgreement() {
  const mls::Group& first = *members_[0];
  for (const auto& member : members_) {
    EXPECT_EQ(member->epoch(), first.epoch());
    EXPECT_EQ(member->context(), first.context());
    EXPECT_EQ(ToHex(member->EpochAuthenticator()),
              ToHex(first.EpochAuthenticator()));
  }
  for (size_t from = 0; from < members_.size(); ++from) {
    auto sealed = members_[from]->Seal(AsBytes("hello"), {}, random_);
    ASSERT_OK(sealed);
    for (size_t to = 0; to < members_.size(); ++to) {
      if (to == from) continue;
      auto opened = members_[to]->Open(sealed->message);
      ASSERT_OK(opened) << from << " to " << to;
      EXPECT_EQ(AsText(opened->data), "hello");
      EXPECT_EQ(opened->sender, members_[from]->self());
    }
  }
}

}  // namespace cordon::testing
