#ifndef CORDON_CRYPTO_CERT_OPENSSL_H_
#define CORDON_CRYPTO_CERT_OPENSSL_H_

// Owners for OpenSSL's objects, and the few conversions that every source of
// this folder needs. For crypto/cert's own sources and tests only: its other
// headers show no OpenSSL type, so nobody else compiles against it.
//
// Threads: as OpenSSL 3.0 says; an object here belongs to one caller.
// Errors: OpenSSL running out of memory stops the program, as `new` would.

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/types.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "crypto/base/bytes.h"
#include "crypto/prim/sign_ed25519.h"

namespace cordon::cert {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
inline void FreeExtensions(STACK_OF(X509_EXTENSION) * stack) {
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
inline void FreeCertificateStack(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}

using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using X509CrlPtr = std::unique_ptr<X509_CRL, Freer<X509_CRL_free>>;
using X509RevokedPtr = std::unique_ptr<X509_REVOKED, Freer<X509_REVOKED_free>>;
using X509ReqPtr = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;
using X509NamePtr = std::unique_ptr<X509_NAME, Freer<X509_NAME_free>>;
using X509ExtensionPtr =
    std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using X509StorePtr = std::unique_ptr<X509_STORE, Freer<X509_STORE_free>>;
using X509StoreCtxPtr =
    std::unique_ptr<X509_STORE_CTX, Freer<X509_STORE_CTX_free>>;
using EvpPkeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using Asn1ObjectPtr = std::unique_ptr<ASN1_OBJECT, Freer<ASN1_OBJECT_free>>;
using Asn1IntegerPtr = std::unique_ptr<ASN1_INTEGER, Freer<ASN1_INTEGER_free>>;
using Asn1TimePtr = std::unique_ptr<ASN1_TIME, Freer<ASN1_TIME_free>>;
using Asn1OctetStringPtr =
    std::unique_ptr<ASN1_OCTET_STRING, Freer<ASN1_OCTET_STRING_free>>;
using Asn1BitStringPtr =
    std::unique_ptr<ASN1_BIT_STRING, Freer<ASN1_BIT_STRING_free>>;
using BasicConstraintsPtr =
    std::unique_ptr<BASIC_CONSTRAINTS, Freer<BASIC_CONSTRAINTS_free>>;
using NameConstraintsPtr =
    std::unique_ptr<NAME_CONSTRAINTS, Freer<NAME_CONSTRAINTS_free>>;
using GeneralNamesPtr =
    std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;
using GeneralNamePtr = std::unique_ptr<GENERAL_NAME, Freer<GENERAL_NAME_free>>;
using ExtendedKeyUsagePtr =
    std::unique_ptr<EXTENDED_KEY_USAGE, Freer<EXTENDED_KEY_USAGE_free>>;
using AuthorityKeyIdPtr =
    std::unique_ptr<AUTHORITY_KEYID, Freer<AUTHORITY_KEYID_free>>;
using ExtensionsPtr =
    std::unique_ptr<STACK_OF(X509_EXTENSION), Freer<FreeExtensions>>;
using CertificateStackPtr =
    std::unique_ptr<STACK_OF(X509), Freer<FreeCertificateStack>>;

// ErrorQueueScope drops what OpenSSL wrote into the thread's error queue. TLS
// runs on the same threads and takes a leftover for a failure of its own.
class ErrorQueueScope {
 public:
  ErrorQueueScope() { ERR_set_mark(); }
  ErrorQueueScope(const ErrorQueueScope&) = delete;
  ErrorQueueScope& operator=(const ErrorQueueScope&) = delete;
  ~ErrorQueueScope() { ERR_pop_to_mark(); }
};

EvpPkeyPtr ToOpenssl(const Ed25519PrivateKey& key);
EvpPkeyPtr ToOpenssl(const Ed25519PublicKey& key);
// Errors: kInvalidArgument for any key that is not Ed25519.
absl::StatusOr<Ed25519PublicKey> FromOpenssl(const EVP_PKEY* key);

// Certificates count whole seconds.
Asn1TimePtr ToAsn1(absl::Time time);
absl::StatusOr<absl::Time> FromAsn1(const ASN1_TIME* time);

// ToDer serialises with one of OpenSSL's i2d functions.
template <typename T>
Bytes ToDer(const T* object, int (*i2d)(const T*, unsigned char**)) {
  unsigned char* buffer = nullptr;
  const int size = i2d(object, &buffer);
  const std::unique_ptr<unsigned char,
                        decltype([](unsigned char* p) { OPENSSL_free(p); })>
      owner(buffer);
  return size < 0 ? Bytes() : Bytes(buffer, buffer + size);
}

// FromDer parses with one of OpenSSL's d2i functions; null unless `der` is
// exactly one object in exactly the bytes that i2d would write. (OpenSSL also
// reads lengths in longer forms, which would give one signature two
// fingerprints.)
template <typename Ptr, typename T>
Ptr FromDer(ByteSpan der, T* (*d2i)(T**, const unsigned char**, long),
            int (*i2d)(const T*, unsigned char**)) {
  const unsigned char* at = der.data();
  Ptr object(d2i(nullptr, &at, static_cast<long>(der.size())));
  if (object == nullptr || at != der.data() + der.size()) return nullptr;
  return Equal(ToDer<T>(object.get(), i2d), der) ? std::move(object) : nullptr;
}

// View of the bytes of an OpenSSL string; lives as long as `string`.
ByteSpan ViewOf(const ASN1_STRING* string);

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_OPENSSL_H_
