#include "crypto/cert/profile.h"

#include <openssl/asn1.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "crypto/cert/certificate.h"
#include "crypto/cert/name.h"
#include "crypto/cert/openssl.h"
#include "crypto/cert/role.h"
#include "tests/support/status_matchers.h"

namespace cordon::cert {
namespace {

using ::cordon::testing::StatusIs;

class ProfileTest : public ::testing::Test {
 protected:
  static Profile Device(Usage usage, RoleSet roles) {
    return {.usage = usage,
            .org = {},
            .device = *DeviceName::Parse("fr.customs/alice/laptop"),
            .roles = roles};
  }
  static Profile Issuing() {
    return {.usage = Usage::kIssuing,
            .org = *OrgName::Parse("fr.customs"),
            .device = {},
            .roles = {}};
  }
  // The extensions with one more, `nid`, given as OpenSSL's type.
  static absl::Status WithAnother(const Profile& profile, int nid,
                                  void* value) {
    STACK_OF(X509_EXTENSION)* list =
        WriteProfile(profile, ProfileOf::kCertificate).release();
    X509V3_add1_i2d(&list, nid, value, 1, X509V3_ADD_APPEND);
    const ExtensionsPtr owner(list);
    return ReadProfile(list, ProfileOf::kCertificate).status();
  }
};

TEST_F(ProfileTest, EachOfTheFourReadsBack) {
  for (const Profile& profile :
       {Profile{}, Issuing(),
        Device(Usage::kIdentity, {Role::kOfficer, Role::kAnalyst}),
        Device(Usage::kTransport, {})}) {
    const ExtensionsPtr extensions =
        WriteProfile(profile, ProfileOf::kCertificate);

    ASSERT_OK_AND_ASSIGN(
        const Profile read,
        ReadProfile(extensions.get(), ProfileOf::kCertificate));

    EXPECT_EQ(read.usage, profile.usage);
    EXPECT_EQ(read.org, profile.org);
    EXPECT_EQ(read.device, profile.device);
    EXPECT_EQ(read.roles, profile.roles);
  }
}

TEST_F(ProfileTest, ARequestAsksForNoRoles) {
  const ExtensionsPtr request = WriteProfile(
      Device(Usage::kIdentity, {Role::kOfficer}), ProfileOf::kRequest);

  ASSERT_OK_AND_ASSIGN(const Profile read,
                       ReadProfile(request.get(), ProfileOf::kRequest));
  EXPECT_TRUE(read.roles.empty());
  EXPECT_THAT(ReadProfile(request.get(), ProfileOf::kCertificate),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ProfileTest, NoExtensionsAreNoProfile) {
  EXPECT_THAT(ReadProfile(nullptr, ProfileOf::kCertificate),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ProfileTest, AnExtensionThatStandsThereTwiceIsRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  const Profile device = Device(Usage::kIdentity, {});
  const BasicConstraintsPtr basic(BASIC_CONSTRAINTS_new());
  const Asn1BitStringPtr bits(ASN1_BIT_STRING_new());
  ASN1_BIT_STRING_set_bit(bits.get(), 0, 1);
  const GeneralNamesPtr names(GENERAL_NAMES_new());

  EXPECT_THAT(WithAnother(device, NID_basic_constraints, basic.get()), refused);
  EXPECT_THAT(WithAnother(device, NID_key_usage, bits.get()), refused);
  EXPECT_THAT(WithAnother(device, NID_subject_alt_name, names.get()), refused);
}

TEST_F(ProfileTest, SubjectsOfIssuersAreConstantsAndOfDevicesEmpty) {
  EXPECT_EQ(X509_NAME_entry_count(SubjectOf(Usage::kIdentity).get()), 0);
  EXPECT_EQ(X509_NAME_entry_count(SubjectOf(Usage::kTransport).get()), 0);
  EXPECT_NE(X509_NAME_cmp(SubjectOf(Usage::kRoot).get(),
                          SubjectOf(Usage::kIssuing).get()),
            0);
}

}  // namespace
}  // namespace cordon::cert
