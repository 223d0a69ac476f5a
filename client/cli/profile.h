#ifndef CORDON_CLIENT_CLI_PROFILE_H_
#define CORDON_CLIENT_CLI_PROFILE_H_

// The graph behind a face: vault, relay, core and its thread, built in one
// place and taken down in reverse.
//
// A profile is the folder with the vault and, at the authority, the root key
// file. One program at a time has it.
// Threads: made, used and destroyed on the face's thread; between Start and the
// destructor the core's thread runs.
// Errors: of vault::Vault::Open and Create, each a sentence for people.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/cli/face.h"
#include "client/core/client.h"
#include "client/core/relay.h"
#include "client/files/file_lane.h"
#include "client/files/root_key_file.h"
#include "client/runner.h"
#include "crypto/base/secret.h"
#include "storage/vault/vault.h"

namespace cordon::cli {

struct ProfileOptions {
  std::string folder;
  bool offline = false;
};

class Profile {
 public:
  // Exists says whether there is a vault in the folder, whole or not.
  static bool Exists(const std::string& folder);
  static bool HoldsRootKey(const std::string& folder);

  static absl::StatusOr<std::unique_ptr<Profile>> Create(
      const ProfileOptions& options, const SecretBytes& passphrase);
  static absl::StatusOr<std::unique_ptr<Profile>> Open(
      const ProfileOptions& options, const SecretBytes& passphrase);
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;
  // Stops the core's thread.
  ~Profile();

  // Start connects and lets the core run.
  absl::Status Start();
  Face& face() { return face_; }

  // Remove takes away what Create made, after the profile is closed.
  static void Remove(const std::string& folder);

 private:
  Profile(const ProfileOptions& options, std::unique_ptr<vault::Vault> vault);

  const std::unique_ptr<vault::Vault> vault_;
  client::RootKeyFile root_key_;
  client::Runner runner_;
  client::ThreadedFileLane files_;
  const std::unique_ptr<client::Relay> relay_;
  Face face_;
  client::Client client_;
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_PROFILE_H_
