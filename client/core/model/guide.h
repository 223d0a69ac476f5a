#ifndef CORDON_CLIENT_CORE_MODEL_GUIDE_H_
#define CORDON_CLIENT_CORE_MODEL_GUIDE_H_

// A rights holder's guide to telling genuine from fake. Documents and photos
// are attachments of the record that carries it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "client/core/model/codes.h"
#include "crypto/base/bytes.h"

namespace cordon::client {

struct GuideContact {
  std::string role;  // administrative, technical
  std::string name;
  std::string phone;
  std::string mail;
  std::string hours;
  std::string zone;
  std::vector<std::string> languages;
};

struct Right {
  std::string type;
  std::string number;
  std::string office;
  std::string valid_until;  // YYYY-MM-DD
};

struct Product {
  std::string brand;
  std::string name;
  std::string category;
  std::vector<std::string> hs;
  std::string description;
  std::vector<std::string> gtins;
  std::vector<std::string> models;
};

struct Feature {
  std::string where;
  FeatureLayer layer = FeatureLayer::kNone;
  std::string how;
  std::string tool;
  FeatureWeight weight = FeatureWeight::kNone;
  std::string genuine_picture;
  std::string fake_picture;
};

struct Guide {
  std::string owner_organisation;
  std::string title;
  std::vector<GuideContact> contacts;
  std::vector<Right> rights;
  Product product;
  std::vector<std::string> clues;
  std::vector<Feature> features;
  std::string packaging;
  std::vector<std::string> shot_list;
  uint32_t answer_hours = 0;
  std::vector<std::string> answer_languages;
  std::string disclaimer;
  uint32_t version = 0;
  std::string change_note;
  std::optional<absl::Time> review_by;
};

// A curator passes a guide on: the owner's signed bytes, whole.
struct Approval {
  Bytes original;
  std::string note;
};

struct Rejection {
  std::string reason;
};

}  // namespace cordon::client

#endif  // CORDON_CLIENT_CORE_MODEL_GUIDE_H_
