#include "client/core/key_packages.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/delivery_types.h"
#include "client/core/own_device.h"
#include "client/core/own_identity.h"
#include "client/core/parts.h"
#include "client/core/task.h"
#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/credential.h"
#include "crypto/mls/own_key_package.h"
#include "storage/vault/group_store.h"
#include "storage/vault/vault.h"
#include "storage/vault/vault_txn.h"

namespace cordon::client {
namespace {

// When the last resort that the relay has ends: uint64, Unix seconds.
constexpr absl::string_view kLastResortSetting = "key-packages/last-resort";

absl::StatusOr<bool> NeedsLastResort(const Parts& parts) {
  uint64_t ends_s = 0;
  const absl::Status read =
      parts.vault->Read([&ends_s](const vault::VaultTxn& txn) -> absl::Status {
        CORDON_ASSIGN_OR_RETURN(const Bytes value,
                                txn.identity().GetSetting(kLastResortSetting));
        codec::Reader in(value);
        CORDON_ASSIGN_OR_RETURN(ends_s, in.U64());
        return absl::OkStatus();
      });
  if (absl::IsNotFound(read)) return true;
  CORDON_RETURN_IF_ERROR(read);
  const absl::Time ends = absl::FromUnixSeconds(static_cast<int64_t>(ends_s));
  return parts.clock->Now() + kLastResortRenewBefore > ends;
}

absl::Status NoteLastResort(const Parts& parts, absl::Time ends) {
  codec::Writer out;
  out.U64(static_cast<uint64_t>(absl::ToUnixSeconds(ends)));
  return parts.vault->Update([&out](vault::VaultTxn& txn) {
    return txn.identity().PutSetting(kLastResortSetting, out.bytes());
  });
}

// New packages with their private halves in the vault, to be published.
class Maker {
 public:
  Maker(const Parts& parts, const OwnDevice& own)
      : parts_(parts),
        lifetime_(KeyPackageLifetime(own, parts.clock->Now())),
        own_(own) {}

  absl::Time ends() const {
    return absl::FromUnixSeconds(static_cast<int64_t>(lifetime_.not_after_s));
  }

  absl::StatusOr<std::vector<KeyPackageUpload>> Make(size_t count,
                                                     bool last_resort) {
    CORDON_ASSIGN_OR_RETURN(const mls::Identity identity,
                            LoadIdentity(*parts_.vault, own_));
    std::vector<vault::KeyPackageSecrets> secrets;
    std::vector<KeyPackageUpload> uploads;
    for (size_t i = 0; i < count; ++i) {
      Add(identity, /*last_resort=*/false, secrets, uploads);
    }
    if (last_resort) Add(identity, /*last_resort=*/true, secrets, uploads);
    const absl::Time forget = parts_.clock->Now() - kCertificateBackdate;
    const absl::Status stored =
        parts_.vault->Update([&](vault::VaultTxn& txn) -> absl::Status {
          CORDON_RETURN_IF_ERROR(
              txn.groups().EraseKeyPackagesBefore(forget).status());
          for (const vault::KeyPackageSecrets& one : secrets) {
            CORDON_RETURN_IF_ERROR(txn.groups().PutKeyPackage(one));
          }
          return absl::OkStatus();
        });
    CORDON_RETURN_IF_ERROR(stored);
    return uploads;
  }

 private:
  void Add(const mls::Identity& identity, bool last_resort,
           std::vector<vault::KeyPackageSecrets>& secrets,
           std::vector<KeyPackageUpload>& uploads) {
    const mls::OwnKeyPackage package =
        mls::OwnKeyPackage::Create(identity, lifetime_, *parts_.random);
    secrets.push_back({.ref = vault::KeyPackageRef(package.ref()),
                       .secrets = package.Serialize(),
                       .expires = ends(),
                       .last_resort = last_resort});
    uploads.push_back({.reference = ToBytes(package.ref()),
                       .key_package = codec::Serialize(package.key_package()),
                       .expires = ends(),
                       .last_resort = last_resort});
  }

  const Parts& parts_;
  const mls::Lifetime lifetime_;
  const OwnDevice& own_;
};

}  // namespace

Task<absl::Status> KeyPackages::Replenish() {
  const absl::StatusOr<OwnDevice> own = OwnDevice::Load(*parts_.vault);
  if (!own.ok()) co_return own.status();
  // Publishing none asks how many there are.
  const absl::StatusOr<uint64_t> held =
      co_await Ask<uint64_t>([this](Done<uint64_t> done) {
        parts_.relay->PublishKeyPackages({}, std::move(done));
      });
  if (!held.ok()) co_return held.status();
  const size_t missing = *held < kKeyPackagesTarget / 2
                             ? kKeyPackagesTarget - static_cast<size_t>(*held)
                             : 0;
  const absl::StatusOr<bool> last_resort = NeedsLastResort(parts_);
  if (!last_resort.ok()) co_return last_resort.status();
  if (missing == 0 && !*last_resort) co_return absl::OkStatus();

  Maker maker(parts_, *own);
  absl::StatusOr<std::vector<KeyPackageUpload>> uploads =
      maker.Make(missing, *last_resort);
  if (!uploads.ok()) co_return uploads.status();
  const absl::StatusOr<uint64_t> published =
      co_await Ask<uint64_t>([&](Done<uint64_t> done) {
        parts_.relay->PublishKeyPackages(*std::move(uploads), std::move(done));
      });
  if (!published.ok()) co_return published.status();
  if (*last_resort) co_return NoteLastResort(parts_, maker.ends());
  co_return absl::OkStatus();
}

}  // namespace cordon::client
