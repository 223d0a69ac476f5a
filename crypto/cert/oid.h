#ifndef CORDON_CRYPTO_CERT_OID_H_
#define CORDON_CRYPTO_CERT_OID_H_

// The object identifiers of our own. X.667 lets anyone hang a tree under
// 2.25.(a UUID as an integer) without asking; ours is the UUID
// a27d6a52-3f07-4b8e-bac9-50a49f50b250. They never change.

namespace cordon::cert {

// The certificate extension that holds a device's roles (role.h).
inline constexpr char kRolesOid[] =
    "2.25.215986128876106913020588969939191247440.1";
// The extended key usage of identity keys: they sign MLS leaves and records.
inline constexpr char kIdentityUsageOid[] =
    "2.25.215986128876106913020588969939191247440.2";

}  // namespace cordon::cert

#endif  // CORDON_CRYPTO_CERT_OID_H_
