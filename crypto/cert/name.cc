#include "crypto/cert/name.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/status.h"
#include "crypto/prim/hash.h"

namespace cordon::cert {
namespace {

// Not absl::ascii_isalnum: capitals are another spelling.
bool IsLetterOrDigit(char c) {
  return absl::ascii_islower(static_cast<unsigned char>(c)) ||
         absl::ascii_isdigit(static_cast<unsigned char>(c));
}

// The rule of a DNS label, in lower case.
bool IsLabel(absl::string_view label) {
  return !label.empty() && IsLetterOrDigit(label.front()) &&
         IsLetterOrDigit(label.back()) &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return IsLetterOrDigit(c) || c == '-'; });
}

std::optional<OrgKind> KindOf(absl::string_view label) {
  for (const OrgKind kind : kOrgKinds) {
    if (OrgKindLabel(kind) == label) return kind;
  }
  return std::nullopt;
}

absl::Status CheckSegment(absl::string_view segment) {
  if (segment.empty() || segment.size() > kNameSegmentBytesMax) {
    return absl::InvalidArgumentError(
        "name: a user or device has 1 to 64 characters");
  }
  const bool spelled =
      IsLetterOrDigit(segment.front()) &&
      std::all_of(segment.begin(), segment.end(), [](char c) {
        return IsLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
      });
  if (!spelled) {
    return absl::InvalidArgumentError(
        "name: a user or device is spelled with a-z, 0-9, '.', '_' and '-', "
        "and begins with a letter or digit");
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view OrgKindLabel(OrgKind kind) {
  switch (kind) {
    case OrgKind::kAuthority:
      return "authority";
    case OrgKind::kCustoms:
      return "customs";
    case OrgKind::kRilo:
      return "rilo";
    case OrgKind::kPartner:
      return "partner";
    case OrgKind::kRightsholder:
      return "rightsholder";
    case OrgKind::kPlatform:
      return "platform";
  }
  return "unknown";
}

absl::StatusOr<OrgName> OrgName::Parse(absl::string_view text) {
  if (text.size() > kOrgNameBytesMax) {
    return absl::InvalidArgumentError(
        "name: an organisation has at most 64 characters");
  }
  const std::vector<absl::string_view> labels = absl::StrSplit(text, '.');
  if (labels.size() < 2 ||
      !std::all_of(labels.begin(), labels.end(), IsLabel)) {
    return absl::InvalidArgumentError(
        "name: an organisation is spelled NAME.KIND with a-z, 0-9 and '-'");
  }
  const std::optional<OrgKind> kind = KindOf(labels.back());
  if (!kind.has_value()) {
    return absl::InvalidArgumentError(
        "name: an organisation's name ends in .authority, .customs, .rilo, "
        ".partner, .rightsholder or .platform");
  }
  return OrgName(text, *kind);
}

absl::StatusOr<UserName> UserName::Create(const OrgName& org,
                                          absl::string_view user) {
  CORDON_RETURN_IF_ERROR(CheckSegment(user));
  return UserName(org, user);
}

absl::StatusOr<UserName> UserName::Parse(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (parts.size() != 2) {
    return absl::InvalidArgumentError(
        "name: a user is spelled ORGANISATION/USER");
  }
  CORDON_ASSIGN_OR_RETURN(const OrgName org, OrgName::Parse(parts[0]));
  return Create(org, parts[1]);
}

std::string UserName::text() const {
  return absl::StrCat(org_.text(), "/", user_);
}

absl::StatusOr<DeviceName> DeviceName::Create(const UserName& owner,
                                              absl::string_view device) {
  CORDON_RETURN_IF_ERROR(CheckSegment(device));
  return DeviceName(owner, device);
}

absl::StatusOr<DeviceName> DeviceName::Parse(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (parts.size() != 3) {
    return absl::InvalidArgumentError(
        "name: a device is spelled ORGANISATION/USER/DEVICE");
  }
  CORDON_ASSIGN_OR_RETURN(const OrgName org, OrgName::Parse(parts[0]));
  CORDON_ASSIGN_OR_RETURN(const UserName owner,
                          UserName::Create(org, parts[1]));
  return Create(owner, parts[2]);
}

absl::StatusOr<DeviceName> DeviceName::ParseUri(absl::string_view uri) {
  if (!absl::ConsumePrefix(&uri, kNameScheme)) {
    return absl::InvalidArgumentError("name: not a cordon:// name");
  }
  return Parse(uri);
}

std::string DeviceName::text() const {
  return absl::StrCat(owner_.text(), "/", device_);
}

std::string DeviceName::uri() const {
  return absl::StrCat(kNameScheme, text());
}

DeviceId DeviceName::id() const {
  return DeviceId(Sha256(AsBytes(uri())));
}

}  // namespace cordon::cert
