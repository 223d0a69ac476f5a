#include <memory>
#include <optional>
#include <utility>

#include "crypto/base/bytes.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/tree_math.h"
#include "tests/support/mls_room.h"
#include "tests/vectors/mls_makers.h"

namespace cordon::testing {
namespace {

using mls::LeafIndex;
using mls::OwnKeyPackage;
using mls::PendingCommit;

constexpr char kPskId[] = "a key's name";
constexpr char kPsk[] = "a key that both sides were given";

// Somebody joins a room of three; what it is given and what it finds.
class Joining {
 public:
  explicit Joining(uint64_t seed)
      : room_(MlsRoom::WithMembers(3, seed)),
        own_(room_->MakeKeyPackage("late")) {
    room_->psks().Put(kPskId, kPsk);
  }

  MlsRoom& room() { return *room_; }

  Json JoinBy(mls::CommitOptions options) {
    options.proposals.push_back(room_->AddOf(own_));
    PendingCommit pending =
        Made(room_->member(0).Commit(std::move(options), room_->services()));
    Json made = {
        {"cipher_suite", mls::kCipherSuite.value},
        {"key_package",
         Hex(codec::Serialize(mls::MlsMessage(own_.key_package())))},
        {"signature_priv", Hex(own_.signer().CloneSeed().ExposeSecret())},
        {"encryption_priv", Hex(own_.leaf_key().private_key.ExposeSecret())},
        {"init_priv", Hex(own_.init_key().private_key.ExposeSecret())},
        {"welcome", Hex(codec::Serialize(mls::MlsMessage(*pending.welcome)))},
        {"initial_epoch_authenticator",
         Hex(pending.next.epoch_authenticator())},
        {"ratchet_tree", nullptr},
        {"external_psks", Json::array()},
        {"epochs", Json::array()}};
    room_->DeliverCommit(std::move(pending), 0);
    return made;
  }

  // Epoch is one more commit of `author`, with what waits for it.
  Json EpochBy(size_t author, Json proposals) {
    PendingCommit pending =
        Made(room_->member(author).Commit({}, room_->services()));
    Json made = {
        {"proposals", std::move(proposals)},
        {"commit", Hex(pending.commit)},
        {"epoch_authenticator", Hex(pending.next.epoch_authenticator())}};
    room_->DeliverCommit(std::move(pending), author);
    return made;
  }
  Json Propose(size_t author, mls::Proposal proposal, bool encrypt) {
    const Bytes message = Made(room_->member(author).Propose(
        std::move(proposal), {.encrypt = encrypt}, room_->services()));
    room_->DeliverProposal(message, author);
    return Hex(message);
  }
  Json ProposeUpdate(size_t author) {
    const Bytes message = Made(room_->member(author).ProposeUpdate(
        std::nullopt, {}, room_->services()));
    room_->DeliverProposal(message, author);
    return Hex(message);
  }
  mls::Proposal Psk() {
    return mls::PreSharedKey{
        mls::MakeExternalPskId(AsBytes(kPskId), room_->random())};
  }

 private:
  std::unique_ptr<MlsRoom> room_;
  OwnKeyPackage own_;
};

Json GivenPsk() {
  return Json::array(
      {{{"psk_id", Hex(AsBytes(kPskId))}, {"psk", Hex(AsBytes(kPsk))}}});
}

}  // namespace

Cases MakeWelcome() {
  auto room = MlsRoom::WithMembers(1, 12);
  const OwnKeyPackage own = room->MakeKeyPackage("late");
  const PendingCommit pending = Made(room->member(0).Commit(
      {.proposals = {room->AddOf(own)}}, room->services()));
  const auto& signer = room->member(0).current().member().signer;
  return {
      {{"cipher_suite", mls::kCipherSuite.value},
       {"init_priv", Hex(own.init_key().private_key.ExposeSecret())},
       {"signer_pub", Hex(signer.public_key())},
       {"key_package",
        Hex(codec::Serialize(mls::MlsMessage(own.key_package())))},
       {"welcome", Hex(codec::Serialize(mls::MlsMessage(*pending.welcome)))}}};
}

Cases MakePassiveClientWelcome() {
  Joining plain(13);
  Json inside = plain.JoinBy({.force_path = true});

  Joining keyed(14);
  Json beside = keyed.JoinBy(
      {.proposals = {keyed.Psk()}, .tree = mls::TreePlace::kBeside});
  beside["external_psks"] = GivenPsk();
  beside["ratchet_tree"] = Hex(codec::Serialize(keyed.room().member(0).tree()));
  return {inside, beside};
}

Cases MakePassiveClientHandlingCommit() {
  Joining joining(15);
  Json made = joining.JoinBy({});
  made["external_psks"] = GivenPsk();

  const Json keyed = joining.Propose(1, joining.Psk(), /*encrypt=*/true);
  const Json renewed = joining.ProposeUpdate(2);
  made["epochs"].push_back(joining.EpochBy(0, Json::array({keyed, renewed})));
  const Json added = joining.Propose(
      1, joining.room().AddOf(joining.room().MakeKeyPackage("later")),
      /*encrypt=*/false);
  made["epochs"].push_back(joining.EpochBy(2, Json::array({added})));
  made["epochs"].push_back(joining.EpochBy(1, Json::array()));
  return {made};
}

}  // namespace cordon::testing
