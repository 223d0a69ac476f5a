#include "crypto/mls/key_index.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"

namespace cordon::mls {
namespace {

std::array<uint8_t, KeyIndex::kKeyBytes> ToKey(ByteSpan bytes) {
  CORDON_CHECK(bytes.size() == KeyIndex::kKeyBytes);
  std::array<uint8_t, KeyIndex::kKeyBytes> key{};
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

}  // namespace

std::optional<uint32_t> KeyIndex::Find(ByteSpan key) const {
  if (key.size() != kKeyBytes) return std::nullopt;
  const Key wanted = ToKey(key);
  if (const auto changed = changes_.find(wanted); changed != changes_.end()) {
    return changed->second;
  }
  const auto found = base_->find(wanted);
  if (found == base_->end()) return std::nullopt;
  return found->second;
}

bool KeyIndex::Insert(ByteSpan key, uint32_t place) {
  if (Find(key).has_value()) return false;
  Change(ToKey(key), place);
  return true;
}

void KeyIndex::Erase(ByteSpan key) {
  if (Find(key).has_value()) Change(ToKey(key), std::nullopt);
}

void KeyIndex::Change(const Key& key, std::optional<uint32_t> place) {
  changes_[key] = place;
  if (changes_.size() <= kChangesMax) return;
  Map folded = *base_;
  for (const auto& [changed, now] : changes_) {
    if (now.has_value()) {
      folded[changed] = *now;
    } else {
      folded.erase(changed);
    }
  }
  base_ = std::make_shared<const Map>(std::move(folded));
  changes_.clear();
}

}  // namespace cordon::mls
