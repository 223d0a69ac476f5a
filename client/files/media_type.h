#ifndef CORDON_CLIENT_FILES_MEDIA_TYPE_H_
#define CORDON_CLIENT_FILES_MEDIA_TYPE_H_

// What kind of file it is, told by its first bytes: for display and for
// choosing a viewer, never for trust. A table of signatures, not a library:
// foreign formats are parsed only in a program of its own, never beside the
// keys. Threads: pure functions. Errors: none; what is not known is
// application/octet-stream.

#include <cstddef>
#include <string>

#include "crypto/base/bytes.h"

namespace cordon::client {

// More than this is not looked at.
inline constexpr size_t kSniffBytesMax = 4096;

std::string SniffMediaType(ByteSpan first_bytes);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_MEDIA_TYPE_H_
