#include "crypto/cert/pem.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/cert/openssl.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {
namespace {

struct OpensslFree {
  void operator()(void* memory) const { OPENSSL_free(memory); }
};

ByteSpan ContentOf(BIO* bio) {
  char* content = nullptr;
  const long size = BIO_get_mem_data(bio, &content);
  return {reinterpret_cast<const uint8_t*>(content), static_cast<size_t>(size)};
}

// One PEM block: its label and content; no label at the end of the text.
struct Block {
  std::string label;
  Bytes content;
};

Block ReadBlock(BIO* in) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (PEM_read_bio(in, &name, &header, &data, &size) != 1) return {};
  const std::unique_ptr<char, OpensslFree> name_owner(name);
  const std::unique_ptr<char, OpensslFree> header_owner(header);
  const std::unique_ptr<unsigned char, OpensslFree> data_owner(data);
  return {name, Bytes(data, data + size)};
}

}  // namespace

std::string CertificatesToPem(absl::Span<const ByteSpan> certificates) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  CORDON_CHECK(out != nullptr);
  for (const ByteSpan der : certificates) {
    CORDON_CHECK(PEM_write_bio(out.get(), PEM_STRING_X509, "", der.data(),
                               static_cast<long>(der.size())) > 0);
  }
  return ToString(ContentOf(out.get()));
}

absl::StatusOr<std::vector<Bytes>> CertificatesFromPem(absl::string_view pem) {
  const ErrorQueueScope errors;
  if (pem.size() > kPemBytesMax) {
    return absl::InvalidArgumentError("pem: beyond kPemBytesMax");
  }
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CORDON_CHECK(in != nullptr);
  std::vector<Bytes> certificates;
  for (Block block = ReadBlock(in.get()); !block.label.empty();
       block = ReadBlock(in.get())) {
    if (block.label != PEM_STRING_X509) {
      return absl::InvalidArgumentError(
          "pem: something else than certificates");
    }
    if (certificates.size() == kPemCertificatesMax) {
      return absl::InvalidArgumentError("pem: too many certificates");
    }
    certificates.push_back(std::move(block.content));
  }
  if (certificates.empty()) {
    return absl::InvalidArgumentError("pem: no certificate");
  }
  return certificates;
}

absl::StatusOr<std::vector<Bytes>> PeerChainFromPem(absl::string_view leaf,
                                                    absl::string_view rest) {
  CORDON_ASSIGN_OR_RETURN(std::vector<Bytes> chain, CertificatesFromPem(leaf));
  if (rest.empty()) return chain;
  CORDON_ASSIGN_OR_RETURN(std::vector<Bytes> more, CertificatesFromPem(rest));
  const bool repeats = more.front() == chain.front();
  for (size_t i = repeats ? 1 : 0; i < more.size(); ++i) {
    chain.push_back(std::move(more[i]));
  }
  return chain;
}

SecretBytes KeyToPem(const Ed25519PrivateKey& key) {
  // A secmem BIO wipes what it held.
  const BioPtr out(BIO_new(BIO_s_secmem()));
  const EvpPkeyPtr pkey = ToOpenssl(key);
  CORDON_CHECK(out != nullptr && PEM_write_bio_PKCS8PrivateKey(
                                     out.get(), pkey.get(), nullptr, nullptr, 0,
                                     nullptr, nullptr) == 1);
  return SecretBytes::Copy(ContentOf(out.get()));
}

}  // namespace cordon::cert
