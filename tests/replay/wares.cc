#include "tests/replay/wares.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/string_view.h"

#include "crypto/base/check.h"

namespace cordon::replay {
namespace {

constexpr Ware kWares[] = {
    {"medicines", "nervous_system", "white tablets in plain blisters", "300490",
     "tablet", "tramadol", "tablet"},
    {"medicines", "urogenital", "blue film-coated tablets, four a strip",
     "300490", "tablet", "sildenafil", "tablet"},
    {"medicines", "hormones", "ampoules labelled for sports people", "300439",
     "vial", "testosterone", "solution for injection"},
    {"medicines", "anti_infective", "capsules in bulk bags, no leaflet",
     "300420", "capsule", "amoxicillin", "capsule"},
    {"medicines", "dermatological", "tubes of skin lightening cream", "300490",
     "H87", "clobetasol", "cream"},
    {"medicines", "musculoskeletal", "yellow tablets, printed foil", "300490",
     "tablet", "diclofenac", "tablet"},
    {"medicines", "alimentary", "injection pens sold for slimming", "300490",
     "dose", "semaglutide", "solution for injection"},
    {"medicines", "medical_device", "surgical masks and test kits", "901890",
     "H87", "", ""},
    {"medicines", "cardiovascular", "tablets, carton differs from the original",
     "300490", "tablet", "amlodipine", "tablet"},
    {"medicines", "antiparasitic", "tablets, lot number scratched off",
     "300460", "tablet", "artemether", "tablet"},
    {"medicines", "respiratory", "inhalers without a dose counter", "300490",
     "H87", "salbutamol", "inhaler"},
    {"ipr", "clothing", "jackets and shirts with woven labels", "620193", "H87",
     "", ""},
    {"ipr", "footwear", "sports shoes, boxes packed apart", "640411", "pair",
     "", ""},
    {"ipr", "accessories", "scarves and belts with printed marks", "621710",
     "H87", "", ""},
    {"ipr", "electronics", "earphones and chargers", "851830", "H87", "", ""},
    {"ipr", "cosmetics", "creams and perfume in printed cartons", "330499",
     "H87", "", ""},
    {"ipr", "bags", "handbags with metal plates", "420221", "H87", "", ""},
    {"ipr", "watches", "wrist watches, dials apart", "910211", "H87", "", ""},
    {"ipr", "toys", "building blocks in polybags", "950300", "set", "", ""},
    {"ipr", "eyewear", "sunglasses with paper cases", "900410", "H87", "", ""},
    {"ipr", "jewellery", "bracelets with engraved clasps", "711719", "H87", "",
     ""},
    {"ipr", "transport_parts", "brake pads and bearings in printed boxes",
     "870830", "H87", "", ""},
    {"ipr", "mobile_phones", "telephones, back covers apart", "851713", "H87",
     "", ""},
    {"ipr", "textiles", "bed linen with woven labels", "630231", "set", "", ""},
    {"ipr", "household", "water filter cartridges", "842199", "H87", "", ""},
    {"ipr", "food", "bottles of olive oil with printed labels", "150920", "C62",
     "", ""},
    {"tobacco", "", "cigarettes without tax stamps", "240220", "H87", "", ""},
    {"other", "", "party articles, not declared", "950590", "H87", "", ""},
    {"species", "", "carved goods of protected wood", "442011", "H87", "", ""},
    {"weapons", "", "pepper sprays", "930400", "H87", "", ""},
    {"cultural", "", "coins and icons without export papers", "970500", "H87",
     "", ""},
    {"currency", "", "bank notes, not declared", "490700", "H87", "", ""},
};

}  // namespace

const Ware& WareOf(absl::string_view category, absl::string_view subcategory) {
  const auto* const found =
      std::find_if(std::begin(kWares), std::end(kWares), [&](const Ware& ware) {
        return ware.category == category && ware.subcategory == subcategory;
      });
  CORDON_CHECK(found != std::end(kWares));
  return *found;
}

}  // namespace cordon::replay
