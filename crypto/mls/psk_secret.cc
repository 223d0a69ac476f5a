#include "crypto/mls/psk_secret.h"

#include <cstddef>
#include <cstdint>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "crypto/base/bytes.h"
#include "crypto/base/number.h"
#include "crypto/base/secret.h"
#include "crypto/base/status.h"
#include "crypto/codec/writer.h"
#include "crypto/mls/labels.h"
#include "crypto/mls/limits.h"
#include "crypto/mls/psk.h"
#include "crypto/mls/suite.h"
#include "crypto/prim/hkdf.h"

namespace cordon::mls {
namespace {

class NoPskLookup final : public PskLookup {
 public:
  absl::StatusOr<SecretBytes> External(ByteSpan /*id*/) const override {
    return absl::NotFoundError("psk: not known here");
  }
  absl::StatusOr<SecretBytes> Resumption(ByteSpan /*group_id*/,
                                         Epoch /*epoch*/) const override {
    return absl::NotFoundError("psk: not known here");
  }
};

absl::StatusOr<SecretBytes> Find(const PreSharedKeyId& id,
                                 const PskLookup& lookup) {
  if (const auto* external = std::get_if<ExternalPsk>(&id.psk)) {
    return lookup.External(external->id);
  }
  const auto& resumption = std::get<ResumptionPsk>(id.psk);
  return lookup.Resumption(resumption.group_id, resumption.epoch);
}

// PSKLabel of section 8.4.
Bytes PskLabel(const PreSharedKeyId& id, size_t index, size_t count) {
  codec::Writer out;
  Write(id, out);
  out.U16(static_cast<uint16_t>(index));
  out.U16(static_cast<uint16_t>(count));
  return out.Take();
}

}  // namespace

const PskLookup& NoPsks() {
  static const auto& none = *new NoPskLookup;
  return none;
}

absl::StatusOr<Secret> DerivePskSecret(absl::Span<const PreSharedKeyId> ids,
                                       const PskLookup& lookup) {
  if (ids.size() > kPsksMax) {
    return absl::ResourceExhaustedError("psk: more than kPsksMax");
  }
  const Secret zero;
  Secret secret;
  for (size_t i = 0; i < ids.size(); ++i) {
    CORDON_ASSIGN_OR_RETURN(const SecretBytes psk, Find(ids[i], lookup));
    const Secret extracted =
        HkdfExtract(zero.ExposeSecret(), psk.ExposeSecret());
    Secret input;
    ExpandWithLabel(extracted.ExposeSecret(), "derived psk",
                    PskLabel(ids[i], i, ids.size()), input.MutableSecret());
    secret = HkdfExtract(input.ExposeSecret(), secret.ExposeSecret());
  }
  return secret;
}

}  // namespace cordon::mls
