#include "client/cli/secrets.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "client/cli/terminal.h"
#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"

namespace cordon::cli {
namespace {

absl::Status NobodyToAsk(const char* what, const char* flag) {
  return absl::FailedPreconditionError(
      absl::StrCat("no ", what, ": give ", flag, ", there is no terminal"));
}

}  // namespace

absl::StatusOr<SecretBytes> ReadSecretFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return absl::NotFoundError(
        absl::StrCat("cannot read the passphrase file ", path));
  }
  const absl::Cleanup close_file = [file] { close(file); };
  SecretBytes content(kPassphraseBytesMax + 1);
  const MutableByteSpan room = content.MutableSecret();
  size_t size = 0;
  while (size < room.size()) {
    const ssize_t got = read(file, room.data() + size, room.size() - size);
    if (got < 0) {
      return absl::NotFoundError(
          absl::StrCat("cannot read the passphrase file ", path));
    }
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  const MutableByteSpan read_bytes = room.first(size);
  const auto end = std::find(read_bytes.begin(), read_bytes.end(), '\n');
  const auto line = static_cast<size_t>(end - read_bytes.begin());
  if (line == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("the first line of the passphrase file ", path,
                     " is empty; write the passphrase there"));
  }
  if (line > kPassphraseBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the passphrase in ", path, " is longer than ",
                     kPassphraseBytesMax, " bytes"));
  }
  return SecretBytes::Copy(read_bytes.first(line));
}

absl::StatusOr<SecretBytes> Secrets::AskTwice(const std::string& what) {
  CORDON_ASSIGN_OR_RETURN(SecretBytes first,
                          ask_(absl::StrCat("New ", what, ": ")));
  if (first.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ", what, " is empty; choose one"));
  }
  CORDON_ASSIGN_OR_RETURN(const SecretBytes second, ask_("Once more: "));
  if (!first.EqualsConstantTime(second)) {
    return absl::InvalidArgumentError(
        "the two passphrases differ; start again");
  }
  return first;
}

std::string Secrets::OfTheProfile() const {
  return files_.profile.empty()
             ? "passphrase of the profile"
             : absl::StrCat("passphrase of the profile ", files_.profile);
}

absl::StatusOr<SecretBytes> Secrets::PassphraseAhead() {
  CORDON_ASSIGN_OR_RETURN(SecretBytes passphrase, Passphrase());
  ahead_ = passphrase.CloneSecret();
  return passphrase;
}

absl::StatusOr<SecretBytes> Secrets::Passphrase() {
  if (ahead_.has_value()) {
    SecretBytes passphrase = *std::move(ahead_);
    ahead_.reset();
    return passphrase;
  }
  if (!files_.passphrase.empty()) return ReadSecretFile(files_.passphrase);
  if (!may_ask_) return NobodyToAsk("passphrase", "--passphrase-file");
  absl::StatusOr<SecretBytes> typed =
      ask_(absl::StrCat("The ", OfTheProfile(), ": "));
  if (absl::IsFailedPrecondition(typed.status())) {
    return NobodyToAsk("passphrase", "--passphrase-file");
  }
  return typed;
}

absl::StatusOr<SecretBytes> Secrets::FreshPassphrase() {
  if (!files_.passphrase.empty()) return ReadSecretFile(files_.passphrase);
  if (!may_ask_) return NobodyToAsk("passphrase", "--passphrase-file");
  absl::StatusOr<SecretBytes> typed = AskTwice(OfTheProfile());
  if (absl::IsFailedPrecondition(typed.status())) {
    return NobodyToAsk("passphrase", "--passphrase-file");
  }
  return typed;
}

absl::StatusOr<SecretBytes> Secrets::NewPassphrase(const std::string& file) {
  if (!file.empty()) return ReadSecretFile(file);
  if (!may_ask_) return NobodyToAsk("new passphrase", "--new-passphrase-file");
  return AskTwice(OfTheProfile());
}

absl::StatusOr<SecretBytes> Secrets::RootPassphrase() {
  if (!files_.root_passphrase.empty()) {
    return ReadSecretFile(files_.root_passphrase);
  }
  if (!may_ask_ || !files_.root_key) return SecretBytes();
  if (!ahead_.has_value() && files_.passphrase.empty()) {
    const absl::StatusOr<SecretBytes> first = PassphraseAhead();
    if (absl::IsFailedPrecondition(first.status())) return SecretBytes();
    CORDON_RETURN_IF_ERROR(first.status());
  }
  absl::StatusOr<SecretBytes> typed =
      ask_("The passphrase of the root key (empty: do without it): ");
  if (absl::IsFailedPrecondition(typed.status())) return SecretBytes();
  return typed;
}

absl::StatusOr<SecretBytes> Secrets::FreshRootPassphrase() {
  if (!files_.root_passphrase.empty()) {
    return ReadSecretFile(files_.root_passphrase);
  }
  if (may_ask_ && files_.root_key) {
    return ask_("The passphrase of the root key, as it was chosen: ");
  }
  absl::StatusOr<SecretBytes> typed =
      may_ask_ ? AskTwice("passphrase of the root key")
               : absl::FailedPreconditionError("");
  if (absl::IsFailedPrecondition(typed.status())) {
    return NobodyToAsk("passphrase of the root key", "--root-passphrase-file");
  }
  return typed;
}

}  // namespace cordon::cli
