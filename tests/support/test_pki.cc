#include "tests/support/test_pki.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/check.h"
#include "crypto/cert/csr.h"
#include "tests/support/must.h"

namespace cordon::testing {
namespace {

using cert::Csr;
using cert::Usage;

void NextList(cert::CrlContent& list, absl::Time now) {
  ++list.number.value;
  list.this_update = now;
}

}  // namespace

TestPki::TestPki(uint64_t seed) : TestPki(seed, FakeClock()) {}

TestPki::TestPki(uint64_t seed, FakeClock clock)
    : clock_(clock), random_(seed) {
  root_ = std::make_unique<cert::RootIssuer>(
      cert::RootIssuer::Create(Ed25519PrivateKey::Generate(random_), Now()));
  root_revoked_ = EmptyList();
}

cert::CrlContent TestPki::EmptyList() const {
  return {.number = cert::CrlNumber{1},
          .this_update = clock_.Now(),
          .next_update = clock_.Now() + absl::Hours(24 * 90),
          .revocations = {}};
}

TestPki::Issued& TestPki::OrgEntry(absl::string_view name) {
  const auto known = orgs_.find(name);
  if (known != orgs_.end()) return known->second;
  Ed25519PrivateKey key = Ed25519PrivateKey::Generate(random_);
  const Csr request = Csr::ForIssuing(Must(cert::OrgName::Parse(name)), key);
  auto issuer = std::make_unique<cert::OrgIssuer>(Must(cert::OrgIssuer::Load(
      Must(root_->IssueIssuing(request, Now())), std::move(key))));
  return orgs_
      .emplace(std::string(name), Issued{std::move(issuer), EmptyList()})
      .first->second;
}

const cert::OrgIssuer& TestPki::Org(absl::string_view name) {
  return *OrgEntry(name).issuer;
}

const TestDevice& TestPki::Device(absl::string_view name,
                                  const cert::RoleSet& roles) {
  const auto known = devices_.find(name);
  if (known != devices_.end()) {
    CORDON_CHECK(known->second.identity.roles() == roles);
    return known->second;
  }
  const cert::DeviceName device = Must(cert::DeviceName::Parse(name));
  const cert::OrgIssuer& org = Org(device.org().text());
  Ed25519PrivateKey identity = Ed25519PrivateKey::Generate(random_);
  Ed25519PrivateKey transport = Ed25519PrivateKey::Generate(random_);
  const auto issue = [&](Usage usage, const Ed25519PrivateKey& key) {
    return Must(
        org.IssueDevice(Csr::ForDevice(usage, device, key), roles, Now()));
  };
  cert::Certificate identity_certificate = issue(Usage::kIdentity, identity);
  cert::Certificate transport_certificate = issue(Usage::kTransport, transport);
  return devices_
      .emplace(std::string(name),
               TestDevice{device, std::move(identity), std::move(transport),
                          std::move(identity_certificate),
                          std::move(transport_certificate), org.certificate()})
      .first->second;
}

void TestPki::Revoke(const TestDevice& device) {
  cert::CrlContent& list = OrgEntry(device.name.org().text()).revoked;
  NextList(list, clock_.Now());
  list.revocations.push_back({device.identity.serial(), clock_.Now()});
  list.revocations.push_back({device.transport.serial(), clock_.Now()});
}

void TestPki::RevokeOrg(absl::string_view name) {
  NextList(root_revoked_, clock_.Now());
  root_revoked_.revocations.push_back(
      {Org(name).certificate().serial(), clock_.Now()});
}

std::vector<TestPki::SignedList> TestPki::Lists() {
  std::vector<SignedList> lists;
  lists.push_back({Must(root_->SignCrl(root_revoked_)), root_->certificate()});
  for (const auto& [name, org] : orgs_) {
    lists.push_back(
        {Must(org.issuer->SignCrl(org.revoked)), org.issuer->certificate()});
  }
  return lists;
}

std::unique_ptr<cert::ChainVerifier> TestPki::Verifier() {
  auto verifier = std::make_unique<cert::ChainVerifier>(root_->certificate());
  for (const SignedList& list : Lists()) {
    CORDON_CHECK(verifier->AdoptCrl(list.crl.der(), list.issuer).ok());
  }
  return verifier;
}

}  // namespace cordon::testing
