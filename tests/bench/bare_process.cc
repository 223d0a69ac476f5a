#include "tests/bench/bare_process.h"

#include <fcntl.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "crypto/base/check.h"
#include "crypto/base/clock.h"
#include "crypto/base/limits.h"
#include "crypto/base/random.h"
#include "crypto/cert/pin.h"
#include "crypto/cert/tls_certificate.h"
#include "crypto/prim/sign_ed25519.h"
#include "server/rpc/tls.h"
#include "tests/bench/bare_blobs.h"
#include "tests/bench/bare_service.h"

namespace cordon::bench {
namespace {

std::string ReadLine(int file) {
  std::string line;
  char c = 0;
  while (read(file, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

}  // namespace

BareProcess::BareProcess() {
  int ends[2];
  CORDON_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  pid_ = fork();
  CORDON_CHECK(pid_ >= 0);
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execl("/proc/self/exe", "bare", kBareArgument, nullptr);
    _exit(127);
  }
  close(ends[1]);
  const std::string line = ReadLine(ends[0]);
  close(ends[0]);
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  CORDON_CHECK(words.size() == 2);
  address_ = absl::StrCat("127.0.0.1:", words[0]);
  absl::StatusOr<cert::Pin> pin = cert::ParsePin(words[1]);
  CORDON_CHECK(pin.ok());
  pin_ = *pin;
}

BareProcess::~BareProcess() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

int RunBareServer() {
  server::RestrictTlsVersions();
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate(SystemRandom());
  const absl::StatusOr<cert::TlsIdentity> identity = cert::ServerIdentity(
      key, {"127.0.0.1"}, {SystemClock().Now(), SystemRandom()});
  CORDON_CHECK(identity.ok());
  BareService service;
  BareBlobs blobs;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(static_cast<int>(kRpcBytesMax));
  builder.AddListeningPort("127.0.0.1:0",
                           server::MakeServerCredentials(
                               identity->key_pem, identity->certificates_pem),
                           &port);
  builder.RegisterService(&service);
  builder.RegisterService(&blobs);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  CORDON_CHECK(server != nullptr && port != 0);
  std::printf("%d %s\n", port,
              cert::PinText(cert::PinOf(key.public_key())).c_str());
  std::fflush(stdout);
  server->Wait();
  return 0;
}

}  // namespace cordon::bench
