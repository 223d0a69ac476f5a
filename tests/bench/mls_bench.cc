// mls_bench [MEMBERS…]: what MLS costs, one table. Each row is the median of
// several runs in this process; primitives of the same run stand above, since
// machines differ. Basic credentials; see README.md for how to read it.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/clock.h"
#include "crypto/base/limits.h"
#include "crypto/base/random.h"
#include "crypto/codec/writer.h"
#include "crypto/hpke/hpke.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/framing.h"
#include "crypto/mls/group.h"
#include "crypto/mls/own_key_package.h"
#include "crypto/mls/proposal.h"
#include "crypto/mls/public_group.h"
#include "crypto/mls/services.h"
#include "crypto/mls/tree_math.h"
#include "crypto/mls/tree_nodes.h"
#include "crypto/mls/welcome.h"
#include "crypto/prim/kem_x25519.h"
#include "crypto/prim/sign_ed25519.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/warm_group.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::GroupOver;
using ::cordon::testing::KnownTree;
using ::cordon::testing::NameChecker;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::TestCapabilities;

void Row(absl::string_view what, absl::Duration time,
         absl::string_view note = "") {
  std::cout << absl::StrFormat("  %-34s %12.3f ms  %s\n", what,
                               absl::ToDoubleMilliseconds(time), note)
            << std::flush;
}

// Median of `runs` timings; each starts from what `run` sets up by itself.
absl::Duration Median(int runs, const std::function<absl::Duration()>& run) {
  std::vector<absl::Duration> times;
  for (int i = 0; i < runs; ++i) times.push_back(run());
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

class Stopwatch {
 public:
  Stopwatch() : start_(absl::GetCurrentTimeNanos()) {}
  absl::Duration Read() const {
    return absl::Nanoseconds(absl::GetCurrentTimeNanos() - start_);
  }

 private:
  int64_t start_;
};

void Primitives() {
  constexpr int kTimes = 1000;
  SeededRandom random(1);
  const auto signer = Ed25519PrivateKey::Generate(random);
  const auto pair = hpke::KeyPair::Generate(random);
  const Bytes text(256, 7);
  const auto signature = signer.Sign(text);
  const auto each = [](const std::function<void()>& call) {
    const Stopwatch watch;
    for (int i = 0; i < kTimes; ++i) call();
    return watch.Read() / kTimes;
  };
  std::cout << "primitives\n";
  Row("Ed25519 sign", each([&] { (void)signer.Sign(text); }));
  Row("Ed25519 verify", each([&] {
        CORDON_CHECK(VerifyEd25519(signer.public_key(), text, signature));
      }));
  Row("X25519", each([&] {
        CORDON_CHECK(X25519(pair.private_key, pair.public_key).ok());
      }));
  Row("HPKE seal", each([&] {
        CORDON_CHECK(
            hpke::Seal(pair.public_key, {}, {}, Bytes(32, 1), random).ok());
      }));
}

// One size of group.
class Bench {
 public:
  explicit Bench(uint32_t members) : members_(members) {}

  void Run() {
    std::cout << members_ << " members\n";
    CreateAddJoin();
    Epochs("cold", KnownTree::Cold(members_, random_));
    KnownTree warm = KnownTree::Warm(members_, random_);
    Messages(warm);
    Epochs("warm", std::move(warm));
  }

 private:
  Identity Named(absl::string_view name) {
    return {.credential = Credential::Basic(AsBytes(name)),
            .capabilities = TestCapabilities(),
            .signer = Ed25519PrivateKey::Generate(random_)};
  }
  OwnKeyPackage KeyPackageOf(absl::string_view name) {
    return OwnKeyPackage::Create(Named(name), {.not_before_s = 0}, random_);
  }

  void CreateAddJoin() {
    std::vector<OwnKeyPackage> joiners;
    for (uint32_t i = 1; i < members_; ++i) {
      joiners.push_back(KeyPackageOf(absl::StrCat("joiner-", i)));
    }
    const OwnKeyPackage creator = KeyPackageOf("creator");
    const Stopwatch watch;
    auto group = Group::Create(creator, {.group_id = ToBytes("g")}, services_);
    CORDON_CHECK(group.ok());
    Welcome welcome;
    size_t commit_bytes = 0;
    for (size_t i = 0; i < joiners.size();) {
      // The tree goes beside the Welcome, as the relay stores it: once.
      CommitOptions options{.tree = TreePlace::kBeside};
      for (; i < joiners.size() && options.proposals.size() < kAddsPerCommitMax;
           ++i) {
        options.proposals.emplace_back(
            Add{.key_package = joiners[i].key_package()});
      }
      auto pending = group->Commit(std::move(options), services_);
      CORDON_CHECK(pending.ok());
      commit_bytes += pending->commit.size();
      welcome = *std::move(pending->welcome);
      CORDON_CHECK(group->Adopt(std::move(pending->next)).ok());
    }
    Row("create and add all", watch.Read(),
        absl::StrCat(commit_bytes, " B of commits"));
    const Bytes bytes = codec::Serialize(welcome);
    const JoinOptions beside{.tree = codec::Serialize(group->tree())};
    Row("join from Welcome, validated",
        Median(3,
               [&] {
                 const Stopwatch join;
                 auto joined =
                     Group::Join(welcome, joiners.back(), beside, services_);
                 CORDON_CHECK(joined.ok());
                 return join.Read();
               }),
        absl::StrCat(bytes.size(), " B of Welcome, ", beside.tree->size(),
                     " B of tree"));
  }

  void Epochs(absl::string_view kind, KnownTree known) {
    Group sender = GroupOver(known, LeafIndex{0});
    Group receiver = GroupOver(known, LeafIndex{members_ - 1});
    const int runs = members_ > 100 && kind == "cold" ? 3 : 15;
    Bytes commit;
    const absl::Duration made = Median(runs, [&] {
      const Stopwatch watch;
      auto pending = sender.Commit(CommitOptions{}, services_);
      CORDON_CHECK(pending.ok());
      const absl::Duration time = watch.Read();
      commit = pending->commit;
      return time;
    });
    Row(absl::StrCat("empty commit made, ", kind), made,
        absl::StrCat(commit.size(), " B"));
    Row(absl::StrCat("empty commit processed, ", kind), Median(runs, [&] {
          const Stopwatch watch;
          auto processed = receiver.Process(commit, services_);
          CORDON_CHECK(processed.ok());
          return watch.Read();
        }));
    Follow(kind, known, sender, commit);
  }

  // The relay's share.
  void Follow(absl::string_view kind, KnownTree& known, Group& sender,
              const Bytes& commit) {
    auto nodes = ParseTreeNodes(codec::Serialize(known.tree()));
    const PublicChecks checks{.checker = checker_,
                              .instant = services_.clock.Now()};
    auto group = PublicGroup::FromGroupInfo(sender.ExportGroupInfo({}),
                                            *std::move(nodes), checks);
    CORDON_CHECK(group.ok());
    const auto message = ParseAs<PublicMessage>(commit);
    CORDON_CHECK(message.ok());
    Row(absl::StrCat("commit followed without keys, ", kind), Median(9, [&] {
          const Stopwatch watch;
          CORDON_CHECK(group->Follow(*message, checks).ok());
          return watch.Read();
        }));
  }

  void Messages(KnownTree& known) {
    Group sender = GroupOver(known, LeafIndex{0});
    Group receiver = GroupOver(known, LeafIndex{members_ - 1});
    for (const size_t size : {size_t{256}, size_t{4096}}) {
      const Bytes text(size, 7);
      std::vector<Bytes> sealed;
      size_t vault_bytes = 0;
      constexpr int kTimes = 300;
      const Stopwatch watch;
      for (int i = 0; i < kTimes; ++i) {
        auto message = sender.Seal(text, {}, random_);
        CORDON_CHECK(message.ok());
        sealed.push_back(std::move(message->message));
      }
      const absl::Duration seal = watch.Read() / kTimes;
      // What a vault writes for one message more.
      (void)sender.TakeChanges();
      CORDON_CHECK(sender.Seal(text, {}, random_).ok());
      for (const StateChange& change : sender.TakeChanges()) {
        if (change.value.has_value()) vault_bytes += change.value->size();
      }
      Row(absl::StrCat("message sealed, ", size, " B"), seal,
          absl::StrCat(sealed[0].size(), " B, ", vault_bytes,
                       " B to the vault"));
      const Stopwatch opening;
      for (const Bytes& message : sealed) {
        CORDON_CHECK(receiver.Open(message).ok());
      }
      Row(absl::StrCat("message opened, ", size, " B"),
          opening.Read() / kTimes);
    }
  }

  const uint32_t members_;
  SeededRandom random_{1};
  NameChecker checker_;
  Services services_{
      .checker = checker_, .clock = SystemClock(), .random = random_};
};

}  // namespace
}  // namespace cordon::mls

int main(int argc, char** argv) {
  std::vector<uint32_t> sizes = {2, 10, 100, 1000, 5000};
  if (argc > 1) sizes.clear();
  for (int i = 1; i < argc; ++i) {
    sizes.push_back(static_cast<uint32_t>(std::strtoul(argv[i], nullptr, 10)));
  }
  cordon::mls::Primitives();
  for (const uint32_t members : sizes) cordon::mls::Bench(members).Run();
  return 0;
}
