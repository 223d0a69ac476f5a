#ifndef CORDON_CLIENT_FILES_FILE_TROUBLE_H_
#define CORDON_CLIENT_FILES_FILE_TROUBLE_H_

// What the system says about a person's file, as a sentence for that person
// with what to do. Such messages name paths: they go to faces, never to logs.
// Threads: pure functions.

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace cordon::client {

// FileTrouble turns an errno into a Status: kNotFound, kPermissionDenied,
// kResourceExhausted (the disk is full), kUnavailable for the rest.
absl::Status FileTrouble(int error, absl::string_view doing,
                         const std::string& path);

// CacheTrouble adds what to do to an error of the blob cache.
absl::Status CacheTrouble(const absl::Status& error);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_FILES_FILE_TROUBLE_H_
