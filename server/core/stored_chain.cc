#include "server/core/stored_chain.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/limits.h"
#include "crypto/base/status.h"
#include "crypto/codec/reader.h"
#include "crypto/codec/writer.h"

namespace cordon::server {

Bytes WriteStoredChain(const std::vector<Bytes>& chain) {
  codec::Writer out;
  out.Nested([&chain](codec::Writer& content) {
    for (const Bytes& certificate : chain) content.Vector(certificate);
  });
  return out.Take();
}

absl::StatusOr<std::vector<Bytes>> ReadStoredChain(ByteSpan stored) {
  codec::Reader in(stored);
  absl::StatusOr<std::vector<Bytes>> chain = codec::ReadVectorOf<Bytes>(
      in, kChainCertificatesMax,
      [](codec::Reader& content) -> absl::StatusOr<Bytes> {
        CORDON_ASSIGN_OR_RETURN(const ByteSpan der, content.Vector());
        return ToBytes(der);
      });
  if (chain.ok() && in.AtEnd()) return chain;
  return absl::DataLossError("directory: a chain does not parse");
}

std::vector<ByteSpan> ViewsOf(const std::vector<Bytes>& chain) {
  return {chain.begin(), chain.end()};
}

}  // namespace cordon::server
