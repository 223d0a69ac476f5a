#ifndef CORDON_CLIENT_CLI_SECRETS_H_
#define CORDON_CLIENT_CLI_SECRETS_H_

// Where passphrases come from: a file that was named, or the terminal. Never
// the command line, never the JSON of a session.
// Threads: the face's.
// Errors: kNotFound for a file that cannot be read, kInvalidArgument for an
// empty or overlong first line or two that differ, kFailedPrecondition when
// there is neither file nor terminal.

#include <optional>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"

#include "client/cli/terminal.h"
#include "crypto/base/secret.h"

namespace cordon::cli {

struct SecretFiles {
  std::string passphrase;  // empty: ask
  std::string root_passphrase;
  std::string profile{};  // whose passphrase is asked for
  bool root_key = false;  // the profile holds one
};

// How a person is asked: AskSecret of terminal.h, or a test's own.
using Asking =
    absl::AnyInvocable<absl::StatusOr<SecretBytes>(const std::string&)>;

// ReadSecretFile gives the first line.
absl::StatusOr<SecretBytes> ReadSecretFile(const std::string& path);

class Secrets {
 public:
  // `may_ask`: there may be somebody at a terminal.
  Secrets(SecretFiles files, bool may_ask, Asking ask = AskSecret)
      : files_(std::move(files)), may_ask_(may_ask), ask_(std::move(ask)) {}

  // Of the vault, to open it.
  absl::StatusOr<SecretBytes> Passphrase();
  // The same before the vault is opened: Passphrase then gives it again, once,
  // and nobody types it twice.
  absl::StatusOr<SecretBytes> PassphraseAhead();
  // Of a vault about to be made: typed twice on a terminal.
  absl::StatusOr<SecretBytes> FreshPassphrase();
  // In place of the vault's: from `file`, or typed twice.
  absl::StatusOr<SecretBytes> NewPassphrase(const std::string& file);

  // Of the root key, asked for after the vault's. Empty when there is no file
  // and nobody to ask, or no root key here: the core says whether one is
  // needed.
  absl::StatusOr<SecretBytes> RootPassphrase();
  // Of a root key about to be made, or one that was made before the relay
  // could be asked.
  absl::StatusOr<SecretBytes> FreshRootPassphrase();

  // From now on nobody is asked: standard input belongs to a program.
  void StopAsking() { may_ask_ = false; }

 private:
  absl::StatusOr<SecretBytes> AskTwice(const std::string& what);

  std::string OfTheProfile() const;

  const SecretFiles files_;
  bool may_ask_;
  Asking ask_;
  std::optional<SecretBytes> ahead_;
};

}  // namespace cordon::cli

#endif  // CORDON_CLIENT_CLI_SECRETS_H_
