#include "client/cli/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "crypto/base/bytes.h"
#include "crypto/base/secret.h"

namespace cordon::cli {
namespace {

constexpr int kColumnsUnknown = 80;

void WriteAll(int file, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = write(file, text.data(), text.size());
    if (wrote <= 0) return;
    text.remove_prefix(static_cast<size_t>(wrote));
  }
}

}  // namespace

absl::StatusOr<SecretBytes> AskSecret(const std::string& question) {
  const int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (tty < 0) {
    return absl::FailedPreconditionError("there is no terminal to ask on");
  }
  const absl::Cleanup close_tty = [tty] { close(tty); };
  termios shown = {};
  if (tcgetattr(tty, &shown) != 0) {
    return absl::FailedPreconditionError("there is no terminal to ask on");
  }
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  hidden.c_lflag |= ECHONL;
  (void)tcsetattr(tty, TCSAFLUSH, &hidden);
  const absl::Cleanup show_again = [tty, &shown] {
    (void)tcsetattr(tty, TCSAFLUSH, &shown);
  };
  WriteAll(tty, question);
  SecretBytes line(kPassphraseBytesMax);
  const MutableByteSpan room = line.MutableSecret();
  size_t size = 0;
  while (true) {
    uint8_t byte = 0;
    if (read(tty, &byte, 1) != 1 || byte == '\n') break;
    if (size == room.size()) {
      return absl::InvalidArgumentError("the passphrase is too long");
    }
    room[size++] = byte;
  }
  return SecretBytes::Copy(room.first(size));
}

bool IsTerminal(int file) {
  return isatty(file) == 1;
}

int TerminalColumns(int file) {
  winsize size = {};
  if (ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kColumnsUnknown;
  }
  return size.ws_col;
}

}  // namespace cordon::cli
