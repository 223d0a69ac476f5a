#ifndef CORDON_CRYPTO_RECORD_CRL_TRACK_H_
#define CORDON_CRYPTO_RECORD_CRL_TRACK_H_

// What a device knows of one issuer's revocation lists: which one it holds, and
// the newest that any member has named in a record's header. Named but not held
// means that somebody withholds it, or that the member lies: the finding names
// the member, and it warns, it does not stop reading or sending.
//
// One small value per issuer whose certificate the device has seen; numbers for
// other issuers are nobody's to track, so members cannot fill the vault.
// Threads: none.
// Errors: kFailedPrecondition for a list older than the one held; kDataLoss for
// a stored track that does not parse.

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "crypto/base/bytes.h"
#include "crypto/base/id.h"
#include "crypto/record/record_header.h"

namespace cordon::record {

struct CrlWithheld {
  CrlNumber held;  // 0: none
  CrlNumber named;
  DeviceId by;  // who named it first

  friend bool operator==(const CrlWithheld&, const CrlWithheld&) = default;
};

class CrlTrack {
 public:
  // Nothing held, nothing named.
  CrlTrack() = default;
  static absl::StatusOr<CrlTrack> Parse(ByteSpan bytes);
  Bytes Serialize() const;

  // Hold notes a list that crypto/cert has verified. The relay showing an older
  // one than before changes nothing.
  absl::Status Hold(CrlNumber number);
  // Named notes that `author` knows list `number`.
  void Named(CrlNumber number, const DeviceId& author);

  CrlNumber held() const { return held_; }
  std::optional<CrlWithheld> Withheld() const;

 private:
  CrlNumber held_;
  CrlNumber named_;
  DeviceId named_by_;
};

}  // namespace cordon::record

#endif  // CORDON_CRYPTO_RECORD_CRL_TRACK_H_
