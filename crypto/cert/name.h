#ifndef CORDON_CRYPTO_CERT_NAME_H_
#define CORDON_CRYPTO_CERT_NAME_H_

// Names of organisations, users and devices, and their one spelling.
//
//   organisation  fr.customs                  labels [a-z0-9-], the last its
//   kind user          fr.customs/alice            segment [a-z0-9._-] device
//   fr.customs/alice/laptop device's URI  cordon://fr.customs/alice/laptop, as
//   certificates carry it
//
// There is one spelling: no capitals, no escapes, no user information, no port;
// a segment begins with a letter or digit, so that it is never "." or "..".
// Names are values that exist only in this form; they order and hash.
// Threads: values. Errors: kInvalidArgument for any other spelling.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/id.h"

namespace cordon::cert {

inline constexpr size_t kOrgNameBytesMax = 64;
inline constexpr size_t kNameSegmentBytesMax = 64;
inline constexpr absl::string_view kNameScheme = "cordon://";
inline constexpr size_t kDeviceUriBytesMax =
    kNameScheme.size() + kOrgNameBytesMax + 2 * (1 + kNameSegmentBytesMax);

// The kind of an organisation, from the last label of its name. Numbers are
// on the wire (policies); they are never used again.
enum class OrgKind : uint8_t {
  kAuthority = 1,
  kCustoms = 2,
  kRilo = 3,
  kPartner = 4,
  kRightsholder = 5,
  kPlatform = 6,
};
inline constexpr OrgKind kOrgKinds[] = {
    OrgKind::kAuthority, OrgKind::kCustoms,      OrgKind::kRilo,
    OrgKind::kPartner,   OrgKind::kRightsholder, OrgKind::kPlatform};

// OrgKindLabel is the last label: "customs".
absl::string_view OrgKindLabel(OrgKind kind);

class OrgName {
 public:
  static absl::StatusOr<OrgName> Parse(absl::string_view text);

  const std::string& text() const { return text_; }
  OrgKind kind() const { return kind_; }

  friend bool operator==(const OrgName&, const OrgName&) = default;
  friend auto operator<=>(const OrgName&, const OrgName&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const OrgName& name) {
    return H::combine(std::move(state), name.text_);
  }

 private:
  OrgName(absl::string_view text, OrgKind kind) : text_(text), kind_(kind) {}

  std::string text_;
  OrgKind kind_;
};

class UserName {
 public:
  static absl::StatusOr<UserName> Create(const OrgName& org,
                                         absl::string_view user);
  // Parse reads "fr.customs/alice".
  static absl::StatusOr<UserName> Parse(absl::string_view text);

  const OrgName& org() const { return org_; }
  const std::string& user() const { return user_; }
  std::string text() const;

  friend bool operator==(const UserName&, const UserName&) = default;
  friend auto operator<=>(const UserName&, const UserName&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const UserName& name) {
    return H::combine(std::move(state), name.org_, name.user_);
  }

 private:
  UserName(OrgName org, absl::string_view user)
      : org_(std::move(org)), user_(user) {}

  OrgName org_;
  std::string user_;
};

class DeviceName {
 public:
  static absl::StatusOr<DeviceName> Create(const UserName& owner,
                                           absl::string_view device);
  // Parse reads "fr.customs/alice/laptop".
  static absl::StatusOr<DeviceName> Parse(absl::string_view text);
  // ParseUri reads "cordon://fr.customs/alice/laptop".
  static absl::StatusOr<DeviceName> ParseUri(absl::string_view uri);

  const OrgName& org() const { return owner_.org(); }
  const UserName& owner() const { return owner_; }
  const std::string& device() const { return device_; }
  std::string text() const;
  std::string uri() const;
  // Id is the SHA-256 of the URI.
  DeviceId id() const;

  friend bool operator==(const DeviceName&, const DeviceName&) = default;
  friend auto operator<=>(const DeviceName&, const DeviceName&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const DeviceName& name) {
    return H::combine(std::move(state), name.owner_, name.device_);
  }

 private:
  DeviceName(UserName owner, absl::string_view device)
      : owner_(std::move(owner)), device_(device) {}

  UserName owner_;
  std::string device_;
};

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_NAME_H_
