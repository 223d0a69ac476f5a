// mls_bench [MEMBERS…]: what MLS costs, one table. Each row is the median of
// several runs in this process; primitives of the same run stand above, since
// machines differ. See README.md for how to read it.

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
#include "crypto/cert/chain_verifier.h"
#include "crypto/cert/role.h"
#include "crypto/cert/x509_credential.h"
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
#include "tests/support/fake_clock.h"
#include "tests/support/mls_clients.h"
#include "tests/support/seeded_random.h"
#include "tests/support/test_pki.h"
#include "tests/support/warm_group.h"

namespace cordon::mls {
namespace {

using ::cordon::testing::GroupOver;
using ::cordon::testing::KnownTree;
using ::cordon::testing::NameChecker;
using ::cordon::testing::SeededRandom;
using ::cordon::testing::TestCapabilities;
using ::cordon::testing::TestDevice;
using ::cordon::testing::TestPki;

void Row(absl::string_view what, absl::Duration time,
         absl::string_view note = "") {
  std::cout << absl::StrFormat("  %-36s %12.3f ms  %s\n", what,
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

// What everybody's key packages become.
struct Grown {
  Group group;      // the creator's
  Welcome welcome;  // of the last commit
  size_t commit_bytes = 0;
};

Grown CreateAndAdd(const std::vector<OwnKeyPackage>& members,
                   const Services& services) {
  auto group =
      Group::Create(members.front(), {.group_id = ToBytes("g")}, services);
  CORDON_CHECK(group.ok());
  Grown grown{.group = *std::move(group), .welcome = {}};
  for (size_t i = 1; i < members.size();) {
    // The tree goes beside the Welcome, as the relay stores it: once.
    CommitOptions options{.tree = TreePlace::kBeside};
    for (; i < members.size() && options.proposals.size() < kAddsPerCommitMax;
         ++i) {
      options.proposals.emplace_back(
          Add{.key_package = members[i].key_package()});
    }
    auto pending = grown.group.Commit(std::move(options), services);
    CORDON_CHECK(pending.ok());
    grown.commit_bytes += pending->commit.size();
    grown.welcome = *std::move(pending->welcome);
    CORDON_CHECK(grown.group.Adopt(std::move(pending->next)).ok());
  }
  return grown;
}

// The last of the members joins, `runs` times.
absl::Duration JoinTime(int runs, const Grown& grown,
                        const OwnKeyPackage& joiner, const Services& services) {
  const JoinOptions beside{.tree = codec::Serialize(grown.group.tree())};
  return Median(runs, [&] {
    const Stopwatch join;
    auto joined = Group::Join(grown.welcome, joiner, beside, services);
    CORDON_CHECK(joined.ok());
    return join.Read();
  });
}

// One size of group, with X.509 credentials: what proving certificates adds.
class CertifiedBench {
 public:
  explicit CertifiedBench(uint32_t members) {
    for (uint32_t i = 0; i < members; ++i) AddMember(i);
  }

  void Run() {
    // Cold: no chain was proven before.
    const auto admitter = pki_.Verifier();
    const cert::X509CredentialChecker checker(admitter.get());
    const Services services = With(checker);
    const Stopwatch watch;
    Grown grown = CreateAndAdd(members_, services);
    Row("create and add all, X.509 cold", watch.Read(),
        absl::StrCat(grown.commit_bytes, " B of commits"));
    const Stopwatch again;
    (void)CreateAndAdd(members_, services);
    Row("create and add all, X.509 cached", again.Read());

    const auto newcomer = pki_.Verifier();
    const cert::X509CredentialChecker joining(newcomer.get());
    Row("join from Welcome, X.509 cold",
        JoinTime(1, grown, members_.back(), With(joining)),
        absl::StrCat(codec::Serialize(grown.group.tree()).size(),
                     " B of tree"));
    Row("join from Welcome, X.509 cached",
        JoinTime(3, grown, members_.back(), With(joining)));

    auto joined = Group::Join(grown.welcome, members_.back(),
                              {.tree = codec::Serialize(grown.group.tree())},
                              With(joining));
    CORDON_CHECK(joined.ok());
    Commits(grown.group, joined->group, services, With(joining));
    Texts(grown.group, joined->group);
  }

 private:
  // A leaf that comes with a commit is proven again: its signature is new.
  void Commits(Group& sender, Group& receiver, const Services& sending,
               const Services& receiving) {
    const int runs = members_.size() > 100 ? 3 : 15;
    Bytes commit;
    const absl::Duration made = Median(runs, [&] {
      const Stopwatch watch;
      auto pending = sender.Commit(CommitOptions{}, sending);
      CORDON_CHECK(pending.ok());
      const absl::Duration time = watch.Read();
      commit = pending->commit;
      return time;
    });
    Row("empty commit made, X.509", made, absl::StrCat(commit.size(), " B"));
    const auto process = [&](const Services& services) {
      const Stopwatch watch;
      CORDON_CHECK(receiver.Process(commit, services).ok());
      return watch.Read();
    };
    Row("empty commit processed, X.509 cold", Median(runs, [&] {
          const auto stranger = pki_.Verifier();
          const cert::X509CredentialChecker checker(stranger.get());
          return process(With(checker));
        }));
    Row("empty commit processed, X.509 cached",
        Median(runs, [&] { return process(receiving); }));
  }

  // Credentials play no part in these.
  void Texts(Group& sender, Group& receiver) {
    constexpr int kTimes = 300;
    std::vector<Bytes> sealed;
    const Stopwatch sealing;
    for (int i = 0; i < kTimes; ++i) {
      auto message = sender.Seal(Bytes(256, 7), {}, random_);
      CORDON_CHECK(message.ok());
      sealed.push_back(std::move(message->message));
    }
    Row("message sealed, 256 B, X.509", sealing.Read() / kTimes,
        absl::StrCat(sealed[0].size(), " B"));
    const Stopwatch opening;
    for (const Bytes& message : sealed) {
      CORDON_CHECK(receiver.Open(message).ok());
    }
    Row("message opened, 256 B, X.509", opening.Read() / kTimes);
  }

  void AddMember(uint32_t number) {
    const TestDevice& device =
        pki_.Device(absl::StrCat("fr.customs/officer", number, "/desk"),
                    {cert::Role::kOfficer});
    Capabilities capabilities = TestCapabilities();
    capabilities.credentials = {kX509Credential};
    const Identity identity{
        .credential = cert::X509CredentialOf(device.identity, device.issuing),
        .capabilities = std::move(capabilities),
        .signer = device.identity_key.CloneSecret()};
    const absl::Time now = SystemClock().Now();
    members_.push_back(
        OwnKeyPackage::Create(identity,
                              {.not_before_s = SecondsOf(now - absl::Hours(1)),
                               .not_after_s = SecondsOf(now + absl::Hours(24))},
                              random_));
  }
  static uint64_t SecondsOf(absl::Time time) {
    return static_cast<uint64_t>(absl::ToUnixSeconds(time));
  }
  Services With(const CredentialChecker& checker) {
    return {.checker = checker, .clock = SystemClock(), .random = random_};
  }

  SeededRandom random_{1};
  TestPki pki_{1, testing::FakeClock(SystemClock().Now())};
  std::vector<OwnKeyPackage> members_;
};

// One size of group, with basic credentials, which are believed.
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
  OwnKeyPackage KeyPackageOf(absl::string_view name) {
    const Identity named{.credential = Credential::Basic(AsBytes(name)),
                         .capabilities = TestCapabilities(),
                         .signer = Ed25519PrivateKey::Generate(random_)};
    return OwnKeyPackage::Create(named, {.not_before_s = 0}, random_);
  }

  void CreateAddJoin() {
    std::vector<OwnKeyPackage> members;
    for (uint32_t i = 0; i < members_; ++i) {
      members.push_back(KeyPackageOf(absl::StrCat("member-", i)));
    }
    const Stopwatch watch;
    const Grown grown = CreateAndAdd(members, services_);
    Row("create and add all", watch.Read(),
        absl::StrCat(grown.commit_bytes, " B of commits"));
    Row("join from Welcome, validated",
        JoinTime(3, grown, members.back(), services_),
        absl::StrCat(codec::Serialize(grown.welcome).size(), " B of Welcome, ",
                     codec::Serialize(grown.group.tree()).size(),
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
  for (const uint32_t members : sizes) {
    cordon::mls::Bench(members).Run();
    cordon::mls::CertifiedBench(members).Run();
  }
  return 0;
}
