#ifndef CORDON_CLIENT_CORE_GUIDE_RULES_H_
#define CORDON_CLIENT_CORE_GUIDE_RULES_H_

// What a rights holder's guide must say before anybody is asked to review it:
// whom to ask, which rights, which product, the clues an officer reads at arm's
// length, the pictures the owner needs. Asked before sending and again after
// opening.
// Threads: pure functions.

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "client/core/findings.h"
#include "client/core/model/guide.h"

namespace cordon::client {

inline constexpr size_t kCluesMin = 3;
inline constexpr size_t kCluesMax = 7;
inline constexpr size_t kClueBytesMax = 140;
inline constexpr size_t kGuideRowsMax = 50;  // contacts, rights, features, …
inline constexpr size_t kGuideTextBytesMax = 1000;
// A guide is looked at again after two years at the latest.
inline constexpr absl::Duration kGuideReviewMax = absl::Hours(24 * 731);

// And after a year, where its author does not say when.
inline constexpr absl::Duration kGuideReviewDefault = absl::Hours(24 * 365);

// FillGuide adds what a guide made `now` may leave open.
void FillGuide(Guide& guide, absl::Time now);

struct GuideRulesOptions {
  absl::Time sent;
  absl::string_view author_organisation;  // who signs it
};

ContentFindings CheckGuide(const Guide& guide,
                           const GuideRulesOptions& options);

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_GUIDE_RULES_H_
