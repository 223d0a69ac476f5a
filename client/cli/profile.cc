#include "client/cli/profile.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/cli/face.h"
#include "client/cli/offline_relay.h"
#include "client/core/parts.h"
#include "client/core/relay.h"
#include "client/net/grpc_relay.h"
#include "client/runner.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "storage/blobs/file_system.h"
#include "storage/vault/small_file.h"
#include "storage/vault/vault.h"

namespace cordon::cli {
namespace {

// The sealed blob cache inside a profile.
constexpr char kBlobsFolder[] = "blobs";

std::unique_ptr<client::Relay> MakeRelay(bool offline, client::Runner* core) {
  if (offline) return std::make_unique<OfflineRelay>(core);
  return std::make_unique<client::GrpcRelay>(core);
}

}  // namespace

bool Profile::Exists(const std::string& folder) {
  return vault::FileExists(absl::StrCat(folder, "/vault.key")) ||
         vault::FileExists(absl::StrCat(folder, "/vault.db"));
}

bool Profile::HoldsRootKey(const std::string& folder) {
  return client::RootKeyFile(folder).Read().ok();
}

absl::StatusOr<std::unique_ptr<Profile>> Profile::Create(
    const ProfileOptions& options, const SecretBytes& passphrase) {
  CORDON_ASSIGN_OR_RETURN(std::unique_ptr<vault::Vault> vault,
                          vault::Vault::Create({.folder = options.folder},
                                               passphrase, SystemRandom()));
  return std::unique_ptr<Profile>(new Profile(options, std::move(vault)));
}

absl::StatusOr<std::unique_ptr<Profile>> Profile::Open(
    const ProfileOptions& options, const SecretBytes& passphrase) {
  CORDON_ASSIGN_OR_RETURN(
      std::unique_ptr<vault::Vault> vault,
      vault::Vault::Open({.folder = options.folder}, passphrase));
  return std::unique_ptr<Profile>(new Profile(options, std::move(vault)));
}

Profile::Profile(const ProfileOptions& options,
                 std::unique_ptr<vault::Vault> vault)
    : vault_(std::move(vault)),
      root_key_(options.folder),
      files_({.core = &runner_,
              .files = &blobs::SystemFiles(),
              .folder = absl::StrCat(options.folder, "/", kBlobsFolder),
              .random = &SystemRandom()}),
      relay_(MakeRelay(options.offline, &runner_)),
      face_(&runner_, &SystemClock()),
      client_(client::Parts{.vault = vault_.get(),
                            .relay = relay_.get(),
                            .root_key = &root_key_,
                            .files = &files_,
                            .clock = &SystemClock(),
                            .random = &SystemRandom(),
                            .events = &face_}) {
  face_.Attach(&client_);
}

Profile::~Profile() {
  runner_.Stop();
}

absl::Status Profile::Start() {
  CORDON_RETURN_IF_ERROR(client_.Start());
  runner_.Start(&client_);
  return absl::OkStatus();
}

void Profile::Remove(const std::string& folder) {
  for (const char* const name : {"vault.key", "vault.db", "vault.db-wal",
                                 "vault.db-shm", "root.key", "vault.lock"}) {
    (void)vault::RemoveFile(absl::StrCat(folder, "/", name));
  }
  // Stays when something else is in it.
  (void)rmdir(folder.c_str());
}

}  // namespace cordon::cli
