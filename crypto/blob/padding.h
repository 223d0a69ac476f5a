#ifndef CORDON_CRYPTO_BLOB_PADDING_H_
#define CORDON_CRYPTO_BLOB_PADDING_H_

// How long a file looks from outside.
//
// The relay sees each blob's size, and a size picks a guide out of a list. So
// files are padded to a bucket: at least kPaddedBytesMin, above that the next
// length whose binary form has only floor(log2(log2 L)) + 1 leading bits in
// use ("Padmé", Nikitin et al., PETS 2019). The overhead above that is below
// 6.3 %, from 64 KiB on below 3.2 %; a length tells O(log log L) bits.
//
// Does not hide: the bucket, the number of files, when they are moved.
// Threads: pure functions. Errors: none.

#include <cstdint>

namespace cordon::blob {

// Every file up to this length looks alike.
inline constexpr uint64_t kPaddedBytesMin = 4096;

// PaddedBytes is the length of the bucket that `plaintext_bytes` falls into;
// at least `plaintext_bytes`, which is at most kFileBytesMax (checked).
uint64_t PaddedBytes(uint64_t plaintext_bytes);

}  // namespace cordon::blob

#endif  // CORDON_CRYPTO_BLOB_PADDING_H_
