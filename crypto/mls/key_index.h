#ifndef CORDON_CRYPTO_MLS_KEY_INDEX_H_
#define CORDON_CRYPTO_MLS_KEY_INDEX_H_

// A map from 32 public bytes (a key, a device id) to a place in a tree, cheap
// to copy: a large map that copies share and a small one of what changed since.
// Copying costs at most kChangesMax entries, whatever the size of the tree.
//
// Threads: none for one object; copies may live on different threads.
// Errors: none.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/container/flat_hash_map.h"

#include "crypto/base/bytes.h"

namespace cordon::mls {

class KeyIndex {
 public:
  static constexpr size_t kKeyBytes = 32;
  static constexpr size_t kChangesMax = 256;

  KeyIndex() = default;

  // Find is absent for keys of another size, too.
  std::optional<uint32_t> Find(ByteSpan key) const;
  // Insert does nothing and is false if the key is there; `key` must be
  // kKeyBytes long.
  [[nodiscard]] bool Insert(ByteSpan key, uint32_t place);
  // Erase does nothing if the key is not there.
  void Erase(ByteSpan key);

 private:
  using Key = std::array<uint8_t, kKeyBytes>;
  using Map = absl::flat_hash_map<Key, uint32_t>;

  void Change(const Key& key, std::optional<uint32_t> place);

  // Owned by every copy made since it was last replaced; never changed.
  std::shared_ptr<const Map> base_ = std::make_shared<const Map>();
  // What differs from it; absent means erased.
  absl::flat_hash_map<Key, std::optional<uint32_t>> changes_;
};

}  // namespace cordon::mls

#endif  // CORDON_CRYPTO_MLS_KEY_INDEX_H_
