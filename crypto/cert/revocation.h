#ifndef CORDON_CRYPTO_CERT_REVOCATION_H_
#define CORDON_CRYPTO_CERT_REVOCATION_H_

// Who has been put out, and since when: the newest list of every issuer, the
// root for organisations, each issuing key for its devices.
//
// | an issuer's list is      | which means                                   |
// | held and current         | its word counts                               |
// | held, next update passed | it counts; it may be outdated, so nobody is   |
// |                          | admitted under it                             |
// | missing                  | nothing is known revoked; warn, admit nobody  |
// | claimed with a higher    | somebody withholds it from us: name it, admit |
// | number than the one held | nobody until it has come                      |
//
// A claim (in a record's header) is a member's word and proves no list. It is
// taken only of the root and of issuers whose certificates were seen, it keeps
// no list from being adopted and stops neither reading nor sending; a false one
// stops admissions under that issuer. Claims are not stored: every record of
// whoever knows a list repeats its number, and a false one ends with a restart.
// Threads: none; chain_verifier.h shares one between threads.
// Errors: beside those of crl.h and chain.h, kFailedPrecondition for a list
// older than the one held, kResourceExhausted at kIssuersMax.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/cert/certificate.h"
#include "crypto/cert/chain.h"
#include "crypto/cert/crl.h"

namespace cordon::cert {

// Issuers whose lists are kept, and issuers of whose lists claims are taken.
inline constexpr size_t kIssuersMax = 4096;

// A list by issuer and number, as record headers name it.
struct CrlReference {
  IssuerId issuer;
  CrlNumber number;

  friend bool operator==(const CrlReference&, const CrlReference&) = default;
};

enum class CrlState : uint8_t { kMissing = 1, kOutdated = 2, kCurrent = 3 };

class RevocationLists {
 public:
  explicit RevocationLists(const Certificate& root);

  // Adopt takes a list in the place of the one held, if `issuer` is the root
  // or an issuing certificate that the root signed. The list that is held
  // already is OK. kInvalidArgument for two lists under one number;
  // kPermissionDenied if it was made after its issuer was revoked.
  absl::Status Adopt(ByteSpan crl_der, const Certificate& issuer);

  // NoteIssuer remembers who issued a certificate that was proven.
  void NoteIssuer(const VerifiedChain& chain);
  // NoteClaim remembers that somebody says it knows this list. kNotFound,
  // nothing remembered, of an issuer that never was seen: anybody can invent
  // one.
  absl::Status NoteClaim(const CrlReference& claim);

  // CheckLink: kPermissionDenied if the certificate is revoked at `at`.
  absl::Status CheckLink(const IssuedAs& link, absl::Time at) const;
  // CheckChain asks for both certificates.
  absl::Status CheckChain(const VerifiedChain& chain, absl::Time at) const;

  CrlState StateOf(const IssuerId& issuer, absl::Time now) const;
  // CheckAdmissible: kFailedPrecondition unless the lists that could revoke
  // this chain are held, current and not known to be withheld.
  absl::Status CheckAdmissible(const VerifiedChain& chain,
                               absl::Time now) const;

  // In the order of the issuers' ids: what is held, for record headers and for
  // storing; and the claims that go beyond what is held.
  std::vector<CrlReference> Held() const;
  std::vector<CrlReference> Withheld() const;
  // The list held, or null; valid until the next Adopt.
  const Crl* Find(const IssuerId& issuer) const;

 private:
  absl::Status CheckIssuer(const Crl& crl, const Certificate& issuer) const;

  Certificate root_;
  IssuerId root_id_;
  absl::flat_hash_map<IssuerId, Crl> lists_;
  absl::flat_hash_set<IssuerId> seen_;
  absl::flat_hash_map<IssuerId, CrlNumber> claims_;
};

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_REVOCATION_H_
