#ifndef CORDON_STORAGE_VAULT_IDENTITY_STORE_H_
#define CORDON_STORAGE_VAULT_IDENTITY_STORE_H_

// Who this device is: its name and private keys, its certificates, the relay
// it talks to, the root it trusts; the enrolment on its way to that; settings.
//
// Private keys come and go as secrets and are written nowhere but here.
// Threads and errors: as vault.h; kNotFound from a Get when nothing was put.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/base/secret.h"
#include "storage/vault/statements.h"

namespace cordon::vault {

inline constexpr size_t kPrivateKeyBytes = 32;
using PrivateKeyBytes = SecretArray<kPrivateKeyBytes>;

// SHA-256 of a relay's public key.
using RelayPin = Id<struct RelayPinTag, 32>;

inline constexpr size_t kSettingBytesMax = 64 * 1024;
inline constexpr size_t kSettingNameBytesMax = 128;
inline constexpr size_t kSettingsMax = 1000;

// Set once, at the end of an enrolment.
struct OwnDevice {
  std::string name;
  PrivateKeyBytes identity_seed;
  PrivateKeyBytes transport_seed;
  PrivateKeyBytes inbox_key;
  SecretBytes issuing_seed;  // empty: this device issues no certificates
};

// Each in DER, the leaf first; replaced whole at a renewal.
struct OwnCertificates {
  std::vector<Bytes> identity_chain;
  std::vector<Bytes> transport_chain;
  std::vector<Bytes> issuing_chain;  // empty unless this device issues
};

struct RelayAccess {
  std::string address;
  RelayPin pin;
  std::optional<RelayPin> next_pin;  // announced, not yet in use
  Bytes root_certificate;            // DER
};

// What a joiner must keep until its certificates come.
struct Enrolment {
  SecretBytes invitation;  // as it was given; it holds a secret
  SecretBytes keys;        // the private keys made for it, the client's form
  Bytes request;           // as posted: repeating it posts the same bytes
  absl::Time made;
};

struct Setting {
  std::string name;
  Bytes value;
};

class IdentityStore {
 public:
  explicit IdentityStore(Statements* sql) : sql_(sql) {}

  // PutDevice is kAlreadyExists when the vault already belongs to a device.
  absl::Status PutDevice(const OwnDevice& device);
  absl::StatusOr<OwnDevice> GetDevice() const;

  absl::Status PutCertificates(const OwnCertificates& certificates);
  // GetCertificates gives empty chains when none were put.
  absl::StatusOr<OwnCertificates> GetCertificates() const;

  // PutRelay replaces; so the next pin becomes the pin.
  absl::Status PutRelay(const RelayAccess& relay);
  absl::StatusOr<RelayAccess> GetRelay() const;

  // PutEnrolment is kAlreadyExists while another one is in progress: its keys
  // may already be certified. EraseEnrolment ends it either way.
  absl::Status PutEnrolment(const Enrolment& enrolment);
  absl::StatusOr<Enrolment> GetEnrolment() const;
  absl::Status EraseEnrolment();

  // Settings are the client's own small values. kInvalidArgument for an empty
  // or too long name; kResourceExhausted beyond kSettingBytesMax or, for a new
  // name, kSettingsMax.
  absl::Status PutSetting(absl::string_view name, ByteSpan value);
  absl::StatusOr<Bytes> GetSetting(absl::string_view name) const;
  // EraseSetting is OK for one that is not there.
  absl::Status EraseSetting(absl::string_view name);
  // ListSettings gives all of them, by name.
  absl::StatusOr<std::vector<Setting>> ListSettings() const;

 private:
  Statements* const sql_;
};

}  // namespace cordon::vault

#endif  // CORDON_STORAGE_VAULT_IDENTITY_STORE_H_
