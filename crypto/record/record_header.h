#ifndef CORDON_CRYPTO_RECORD_RECORD_HEADER_H_
#define CORDON_CRYPTO_RECORD_RECORD_HEADER_H_

// What every record says about itself and about what its author had seen when
// signing it. A plain struct: how it is written inside the record's bytes is
// the business of whoever converts records, the rules are here.
//
// The second half lets all members check the relay through each other: the
// author's counter shows gaps, the head shows forks and withheld entries, the
// epoch authenticator shows two groups behind one room, the CRL numbers show a
// withheld revocation. head_check.h and crypto/cert/chain_verifier.h draw the
// conclusions.
// Threads: values and pure functions.
// Errors: kInvalidArgument, with the rule that was broken.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "crypto/base/id.h"
#include "crypto/base/number.h"
#include "crypto/log/chain_hash.h"
#include "crypto/policy/marking.h"
#include "crypto/policy/record_kind.h"

namespace cordon::record {

// Counts an author's records in one room, from 1.
using AuthorCounter = Number<struct AuthorCounterTag>;
// MLS epoch_authenticator, RFC 9420, 8.7.
using EpochAuthenticator = Id<struct EpochAuthenticatorTag, 32>;

struct KnownCrl {
  IssuerId issuer;
  CrlNumber number;

  friend bool operator==(const KnownCrl&, const KnownCrl&) = default;
};

// Issuers with a revocation list, in one header.
inline constexpr size_t kKnownCrlsMax = 1024;

struct RecordHeader {
  RecordId id;
  policy::RecordKind kind = policy::RecordKind::kText;
  OperationId operation;  // zero only for a guide, which may outlive operations
  RoomId room;
  DeviceId author;
  absl::Time sent;  // claimed; decides nothing
  policy::Marking marking;

  AuthorCounter counter;
  RoomHead head;  // the last entry of the room the author had seen
  Epoch epoch;    // in which it saw it
  EpochAuthenticator epoch_authenticator;
  std::vector<KnownCrl> known_crls;  // by rising issuer, each once
};

// Validate checks what can be seen from the header alone: ids that are not
// zero, a counter from 1, a marking without contradiction, CRLs in order, and
// for a head of seq 0 the one hash that an empty log has.
absl::Status Validate(const RecordHeader& header);

// Where a record was found: the room's log, and the leaf that sealed it.
struct RecordPlace {
  RoomId room;
  OperationId operation;  // of the room
  DeviceId author;
};

// ValidateAt is Validate, and that the record was meant for this place: a
// record signed for one room counts in no other, and nobody posts another's.
absl::Status ValidateAt(const RecordHeader& header, const RecordPlace& place);

}  // namespace cordon::record

#endif  // CORDON_CRYPTO_RECORD_RECORD_HEADER_H_
