#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/authenticated_content.h"
#include "crypto/mls/commit.h"
#include "crypto/mls/commit_maker.h"
#include "crypto/mls/extension.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/group_context.h"
#include "crypto/mls/group_secrets.h"
#include "crypto/mls/key_schedule.h"
#include "crypto/mls/message_protection.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/secret_tree.h"
#include "crypto/mls/suite.h"
#include "crypto/mls/transcript.h"
#include "crypto/mls/tree_math.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/mls_room.h"
#include "tests/support/seeded_random.h"
#include "tests/vectors/mls_makers.h"

namespace cordon::testing {
namespace {

using mls::AuthenticatedContent;
using mls::Commit;
using mls::Content;
using mls::LeafIndex;
using mls::MlsMessage;
using mls::Proposal;
using mls::PublicMessage;
using mls::Secret;
using mls::WireFormat;

// The epoch of two in which leaf 1 speaks.
struct Speaker {
  SeededRandom random{6};
  mls::GroupContext context{.group_id = {1, 2, 3, 4},
                            .epoch = Epoch{5},
                            .tree_hash = Bytes(32, 6),
                            .confirmed_transcript_hash = Bytes(32, 7)};
  Ed25519PrivateKey signer = Ed25519PrivateKey::Generate(random);
  Secret encryption = Secret::Random(random);
  Secret sender_data = Secret::Random(random);
  Secret membership = Secret::Random(random);

  AuthenticatedContent Say(Content content, WireFormat format) {
    AuthenticatedContent said{
        .wire_format = format,
        .content = {.group_id = context.group_id,
                    .epoch = context.epoch,
                    .sender = mls::MemberSender{LeafIndex{1}},
                    .authenticated_data = {8, 9},
                    .content = std::move(content)}};
    if (std::holds_alternative<Commit>(said.content.content)) {
      said.auth.confirmation_tag = Bytes(32, 10);
    }
    Sign(signer, codec::Serialize(context), said);
    return said;
  }
  Json Show(const Content& content) {
    return Hex(codec::Serialize(MlsMessage(
        Made(ProtectPublic(Say(content, WireFormat::kPublicMessage), membership,
                           codec::Serialize(context))))));
  }
  Json Seal(const Content& content) {
    auto tree =
        mls::SecretTree::Create(mls::LeafCount{2}, encryption.CloneSecret());
    auto sealed = Made(SealPrivate(Say(content, WireFormat::kPrivateMessage),
                                   {sender_data, tree}, random));
    return Hex(codec::Serialize(MlsMessage(std::move(sealed.message))));
  }
};

Json Body(const Content& content) {
  codec::Writer out;
  WriteContentBody(content, out);
  return Hex(out.bytes());
}

// A proposal as a message's vector has it, without its type.
Json Bare(const Proposal& proposal) {
  codec::Writer out;
  std::visit([&out](const auto& body) { Write(body, out); }, proposal);
  return Hex(out.bytes());
}

template <typename Message>
Json Framed(Message message) {
  return Hex(codec::Serialize(MlsMessage(std::move(message))));
}

// What the verifier does not look into: who speaks, and whether truly.
PublicMessage Unproven(Content content) {
  AuthenticatedContent said{
      .content = {.group_id = {1},
                  .epoch = Epoch{2},
                  .sender = mls::MemberSender{LeafIndex{3}},
                  .content = std::move(content)},
      .auth = {.signature = Bytes(64, 4)}};
  if (std::holds_alternative<Commit>(said.content.content)) {
    said.auth.confirmation_tag = Bytes(32, 5);
  }
  return {.content = std::move(said), .membership_tag = Bytes(32, 6)};
}

void AddProposals(const Proposal& add, const Proposal& update, Json& to) {
  SeededRandom random(8);
  to["add_proposal"] = Bare(add);
  to["update_proposal"] = Bare(update);
  to["remove_proposal"] = Bare(mls::Remove{LeafIndex{1}});
  to["pre_shared_key_proposal"] =
      Bare(mls::PreSharedKey{mls::MakeExternalPskId(AsBytes("id"), random)});
  to["re_init_proposal"] = Bare(mls::ReInit{.group_id = {1, 2},
                                            .version = mls::kMls10,
                                            .cipher_suite = mls::kCipherSuite});
  to["external_init_proposal"] = Bare(mls::ExternalInit{Bytes(32, 3)});
  to["group_context_extensions_proposal"] = Bare(
      mls::GroupContextExtensions{{{mls::ExtensionType{0xf100}, {1, 2, 3}}}});
}

}  // namespace

Cases MakeMessageProtection() {
  Speaker speaker;
  const Content proposal = Proposal(mls::Remove{LeafIndex{0}});
  const Content commit = Commit{
      .proposals = {Proposal(mls::Remove{LeafIndex{0}})}, .path = std::nullopt};
  const Content application = mls::ApplicationData{ToBytes("a message")};
  return {{{"cipher_suite", mls::kCipherSuite.value},
           {"group_id", Hex(speaker.context.group_id)},
           {"epoch", speaker.context.epoch.value},
           {"tree_hash", Hex(speaker.context.tree_hash)},
           {"confirmed_transcript_hash",
            Hex(speaker.context.confirmed_transcript_hash)},
           {"signature_priv", Hex(speaker.signer.CloneSeed().ExposeSecret())},
           {"signature_pub", Hex(speaker.signer.public_key())},
           {"encryption_secret", Hex(speaker.encryption.ExposeSecret())},
           {"sender_data_secret", Hex(speaker.sender_data.ExposeSecret())},
           {"membership_key", Hex(speaker.membership.ExposeSecret())},
           {"proposal", Body(proposal)},
           {"proposal_pub", speaker.Show(proposal)},
           {"proposal_priv", speaker.Seal(proposal)},
           {"commit", Body(commit)},
           {"commit_pub", speaker.Show(commit)},
           {"commit_priv", speaker.Seal(commit)},
           {"application", Hex(AsBytes("a message"))},
           {"application_priv", speaker.Seal(application)}}};
}

Cases MakeMessages() {
  auto room = MlsRoom::WithMembers(2, 7);
  const mls::OwnKeyPackage own = room->MakeKeyPackage("late");
  const auto sealed =
      Made(room->member(1).Seal(AsBytes("x"), AsBytes("y"), room->random()));
  const Proposal add = room->AddOf(own);
  auto pending = Made(room->member(0).Commit(
      {.proposals = {add}, .force_path = true}, room->services()));
  const auto message = Made(mls::ParseAs<PublicMessage>(pending.commit));
  const auto& commit = std::get<Commit>(message.content.content.content);
  const mls::GroupSecrets secrets{
      .joiner_secret = SecretBytes::Copy(Bytes(32, 1)),
      .path_secret = SecretBytes::Copy(Bytes(32, 2)),
      .psks = {}};
  Json made = {{"mls_welcome", Framed(*pending.welcome)},
               {"mls_group_info", Framed(pending.group_info)},
               {"mls_key_package", Framed(own.key_package())},
               {"ratchet_tree", Hex(codec::Serialize(room->member(0).tree()))},
               {"group_secrets", Hex(Serialize(secrets).ExposeSecret())},
               {"commit", Hex(codec::Serialize(commit))},
               {"public_message_application",
                Framed(Unproven(mls::ApplicationData{{7, 8}}))},
               {"public_message_proposal", Framed(Unproven(add))},
               {"public_message_commit", Hex(pending.commit)},
               {"private_message", Hex(sealed.message)}};
  AddProposals(add, mls::Update{commit.path->leaf_node}, made);
  return {made};
}

Cases MakeTranscriptHashes() {
  Speaker speaker;
  const Secret key = Secret::Random(speaker.random);
  const Bytes before(32, 11);
  AuthenticatedContent commit =
      speaker.Say(Commit{}, WireFormat::kPublicMessage);
  const auto confirmed = mls::ConfirmedTranscriptHash(before, commit);
  commit.auth.confirmation_tag = ToBytes(mls::ConfirmationTag(key, confirmed));
  return {{{"cipher_suite", mls::kCipherSuite.value},
           {"confirmation_key", Hex(key.ExposeSecret())},
           {"authenticated_content", Hex(codec::Serialize(commit))},
           {"interim_transcript_hash_before", Hex(before)},
           {"confirmed_transcript_hash_after", Hex(confirmed)},
           {"interim_transcript_hash_after",
            Hex(mls::InterimTranscriptHash(confirmed,
                                           commit.auth.confirmation_tag))}}};
}

}  // namespace cordon::testing
