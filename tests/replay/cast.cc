#include "tests/replay/cast.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "crypto/base/check.h"
#include "tests/replay/published.h"

namespace cordon::replay {
namespace {

struct Country {
  absl::string_view code;
  absl::string_view name;
  absl::string_view region;
  bool reports = false;
};

// The first three are the small cast's.
constexpr Country kCountries[] = {
    {"FR", "France", "EUR", /*reports=*/true},
    {"SN", "Senegal", "WCA", /*reports=*/true},
    {"GH", "Ghana", "WCA", /*reports=*/false},
    {"AL", "Albania", "EUR", /*reports=*/false},
    {"AM", "Armenia", "EUR", /*reports=*/false},
    {"AT", "Austria", "EUR", /*reports=*/true},
    {"AZ", "Azerbaijan", "EUR", /*reports=*/false},
    {"BE", "Belgium", "EUR", /*reports=*/true},
    {"BA", "Bosnia and Herzegovina", "EUR", /*reports=*/false},
    {"BG", "Bulgaria", "EUR", /*reports=*/true},
    {"HR", "Croatia", "EUR", /*reports=*/true},
    {"CY", "Cyprus", "EUR", /*reports=*/false},
    {"CZ", "Czechia", "EUR", /*reports=*/true},
    {"DK", "Denmark", "EUR", /*reports=*/true},
    {"EE", "Estonia", "EUR", /*reports=*/true},
    {"FI", "Finland", "EUR", /*reports=*/true},
    {"GE", "Georgia", "EUR", /*reports=*/false},
    {"DE", "Germany", "EUR", /*reports=*/true},
    {"GR", "Greece", "EUR", /*reports=*/false},
    {"HU", "Hungary", "EUR", /*reports=*/true},
    {"IE", "Ireland", "EUR", /*reports=*/false},
    {"IT", "Italy", "EUR", /*reports=*/true},
    {"KZ", "Kazakhstan", "EUR", /*reports=*/false},
    {"LV", "Latvia", "EUR", /*reports=*/true},
    {"LT", "Lithuania", "EUR", /*reports=*/false},
    {"LU", "Luxembourg", "EUR", /*reports=*/false},
    {"MT", "Malta", "EUR", /*reports=*/false},
    {"MD", "Moldova", "EUR", /*reports=*/false},
    {"ME", "Montenegro", "EUR", /*reports=*/false},
    {"NL", "the Netherlands", "EUR", /*reports=*/true},
    {"NO", "Norway", "EUR", /*reports=*/false},
    {"PL", "Poland", "EUR", /*reports=*/true},
    {"PT", "Portugal", "EUR", /*reports=*/true},
    {"RO", "Romania", "EUR", /*reports=*/false},
    {"SK", "Slovakia", "EUR", /*reports=*/false},
    {"ES", "Spain", "EUR", /*reports=*/true},
    {"SE", "Sweden", "EUR", /*reports=*/false},
    {"BJ", "Benin", "WCA", /*reports=*/true},
    {"BF", "Burkina Faso", "WCA", /*reports=*/false},
    {"CM", "Cameroon", "WCA", /*reports=*/true},
    {"CV", "Cabo Verde", "WCA", /*reports=*/false},
    {"CI", "Cote d'Ivoire", "WCA", /*reports=*/true},
    {"GM", "the Gambia", "WCA", /*reports=*/false},
    {"NG", "Nigeria", "WCA", /*reports=*/false},
    {"TG", "Togo", "WCA", /*reports=*/false},
    {"AR", "Argentina", "AMS", /*reports=*/true},
    {"BS", "the Bahamas", "AMS", /*reports=*/false},
    {"BB", "Barbados", "AMS", /*reports=*/false},
    {"BO", "Bolivia", "AMS", /*reports=*/false},
    {"BR", "Brazil", "AMS", /*reports=*/true},
    {"CA", "Canada", "AMS", /*reports=*/true},
    {"CL", "Chile", "AMS", /*reports=*/true},
    {"CO", "Colombia", "AMS", /*reports=*/true},
    {"CR", "Costa Rica", "AMS", /*reports=*/false},
    {"DO", "the Dominican Republic", "AMS", /*reports=*/true},
    {"EC", "Ecuador", "AMS", /*reports=*/false},
    {"SV", "El Salvador", "AMS", /*reports=*/false},
    {"GT", "Guatemala", "AMS", /*reports=*/false},
    {"GY", "Guyana", "AMS", /*reports=*/false},
    {"HN", "Honduras", "AMS", /*reports=*/false},
    {"JM", "Jamaica", "AMS", /*reports=*/true},
    {"MX", "Mexico", "AMS", /*reports=*/true},
    {"PA", "Panama", "AMS", /*reports=*/false},
    {"PY", "Paraguay", "AMS", /*reports=*/false},
    {"PE", "Peru", "AMS", /*reports=*/true},
    {"TT", "Trinidad and Tobago", "AMS", /*reports=*/false},
    {"UY", "Uruguay", "AMS", /*reports=*/false},
    {"AO", "Angola", "ESA", /*reports=*/false},
    {"BW", "Botswana", "ESA", /*reports=*/false},
    {"BI", "Burundi", "ESA", /*reports=*/false},
    {"SZ", "Eswatini", "ESA", /*reports=*/false},
    {"ET", "Ethiopia", "ESA", /*reports=*/false},
    {"KE", "Kenya", "ESA", /*reports=*/true},
    {"LS", "Lesotho", "ESA", /*reports=*/false},
    {"MG", "Madagascar", "ESA", /*reports=*/true},
    {"MW", "Malawi", "ESA", /*reports=*/false},
    {"MU", "Mauritius", "ESA", /*reports=*/true},
    {"MZ", "Mozambique", "ESA", /*reports=*/false},
    {"NA", "Namibia", "ESA", /*reports=*/false},
    {"RW", "Rwanda", "ESA", /*reports=*/false},
    {"ZA", "South Africa", "ESA", /*reports=*/true},
    {"ZM", "Zambia", "ESA", /*reports=*/true},
    {"AU", "Australia", "FEA", /*reports=*/true},
    {"BD", "Bangladesh", "FEA", /*reports=*/false},
    {"BT", "Bhutan", "FEA", /*reports=*/false},
    {"KH", "Cambodia", "FEA", /*reports=*/false},
    {"FJ", "Fiji", "FEA", /*reports=*/false},
    {"IN", "India", "FEA", /*reports=*/true},
    {"ID", "Indonesia", "FEA", /*reports=*/true},
    {"JP", "Japan", "FEA", /*reports=*/true},
    {"KR", "Korea", "FEA", /*reports=*/true},
    {"LA", "Laos", "FEA", /*reports=*/false},
    {"MY", "Malaysia", "FEA", /*reports=*/true},
    {"MV", "the Maldives", "FEA", /*reports=*/false},
    {"MN", "Mongolia", "FEA", /*reports=*/false},
    {"NP", "Nepal", "FEA", /*reports=*/false},
    {"NZ", "New Zealand", "FEA", /*reports=*/true},
    {"PK", "Pakistan", "FEA", /*reports=*/false},
    {"PH", "the Philippines", "FEA", /*reports=*/false},
    {"LK", "Sri Lanka", "FEA", /*reports=*/false},
    {"TH", "Thailand", "FEA", /*reports=*/true},
    {"VN", "Viet Nam", "FEA", /*reports=*/false},
    {"DZ", "Algeria", "MENA", /*reports=*/true},
    {"BH", "Bahrain", "MENA", /*reports=*/false},
    {"EG", "Egypt", "MENA", /*reports=*/true},
    {"JO", "Jordan", "MENA", /*reports=*/false},
    {"KW", "Kuwait", "MENA", /*reports=*/false},
    {"MA", "Morocco", "MENA", /*reports=*/true},
    {"OM", "Oman", "MENA", /*reports=*/false},
    {"SA", "Saudi Arabia", "MENA", /*reports=*/true},
    {"TN", "Tunisia", "MENA", /*reports=*/true},
};

struct Office {
  absl::string_view label;
  absl::string_view title;
  absl::string_view region;
};

constexpr Office kOffices[] = {
    {"western-europe", "Western Europe", "EUR"},
    {"eastern-europe", "Eastern and Central Europe", "EUR"},
    {"eurasia", "Eurasia", "EUR"},
    {"asia-pacific", "Asia and the Pacific", "FEA"},
    {"caribbean", "the Caribbean", "AMS"},
    {"south-america", "South America", "AMS"},
    {"central-america", "Central America", "AMS"},
    {"east-south-africa", "East and Southern Africa", "ESA"},
    {"central-africa", "Central Africa", "WCA"},
    {"west-africa", "West Africa", "WCA"},
    {"north-africa", "North Africa", "MENA"},
    {"middle-east", "the Middle East", "MENA"},
};

struct Partner {
  absl::string_view label;
  absl::string_view title;
};

constexpr Partner kPartners[] = {
    {"police", "Police cooperation body"},
    {"sports", "Body for the protection of sporting events"},
    {"antifraud", "Anti-fraud body"},
};

constexpr Brand kBrands[] = {
    {"Norvane", "norvane", {"ipr", "footwear"}, "Norvane Stride running shoe"},
    {"Calderis", "calderis", {"ipr", "clothing"}, "Calderis hooded jacket"},
    {"Torvek", "torvek", {"ipr", "transport_parts"}, "Torvek brake pad set"},
    {"Ostrelle", "ostrelle", {"ipr", "accessories"}, "Ostrelle silk scarf"},
    {"Pellwin", "pellwin", {"ipr", "electronics"}, "Pellwin P2 earphones"},
    {"Avenor", "avenor", {"ipr", "cosmetics"}, "Avenor night cream"},
    {"Brissac-Lune", "brissac-lune", {"ipr", "bags"}, "Lune shoulder bag"},
    {"Kestrion", "kestrion", {"ipr", "watches"}, "Kestrion Meridian"},
    {"Bobblin", "bobblin", {"ipr", "toys"}, "Bobblin building blocks"},
    {"Solmire", "solmire", {"ipr", "eyewear"}, "Solmire Drift sunglasses"},
    {"Aurelisse",
     "aurelisse",
     {"ipr", "jewellery"},
     "Aurelisse clasp bracelet"},
    {"Fennec Mobile", "fennec", {"ipr", "mobile_phones"}, "Fennec F7"},
    {"Lindqvar", "lindqvar", {"ipr", "textiles"}, "Lindqvar bed linen"},
    {"Hearthwell", "hearthwell", {"ipr", "household"}, "Hearthwell filter"},
    {"Casa Merino", "casa-merino", {"ipr", "food"}, "Casa Merino olive oil"},
    {"Drivaxis", "drivaxis", {"ipr", "transport_parts"}, "Drivaxis airbag"},
    {"Quillon", "quillon", {"ipr", "clothing"}, "Quillon team shirt"},
    {"Tarsio", "tarsio", {"ipr", "footwear"}, "Tarsio Court trainer"},
    {"Zephyrine", "zephyrine", {"ipr", "accessories"}, "Zephyrine belt"},
};

Organisation Unit() {
  Organisation unit;
  unit.part = Part::kUnit;
  unit.name = "ocu.authority";
  unit.title = "Operational coordination unit";
  return unit;
}

Organisation MemberOf(const Country& country) {
  Organisation member;
  member.part = Part::kMember;
  member.name = absl::StrCat(absl::AsciiStrToLower(country.code), ".customs");
  member.title = absl::StrCat("Customs of ", country.name);
  member.country = std::string(country.code);
  member.region = std::string(country.region);
  member.reports = country.reports;
  return member;
}

Organisation OfficeOf(const Office& row) {
  Organisation office;
  office.part = Part::kOffice;
  office.name = absl::StrCat(row.label, ".rilo");
  office.title = absl::StrCat("Regional liaison office for ", row.title);
  office.region = std::string(row.region);
  return office;
}

Organisation PartnerOf(const Partner& row) {
  Organisation partner;
  partner.part = Part::kPartner;
  partner.name = absl::StrCat(row.label, ".partner");
  partner.title = std::string(row.title);
  return partner;
}

Organisation OwnerOf(const Brand& brand) {
  Organisation owner;
  owner.part = Part::kRightsHolder;
  owner.name = absl::StrCat(brand.owner, ".rightsholder");
  owner.title = absl::StrCat("Owner of ", brand.name);
  owner.brand = &brand;
  return owner;
}

template <typename Row>
void Add(absl::Span<const Row> rows, size_t count,
         Organisation (*make)(const Row&), std::vector<Organisation>& cast) {
  CORDON_CHECK(count <= rows.size());
  for (const Row& row : rows.subspan(0, count)) cast.push_back(make(row));
}

}  // namespace

std::vector<Organisation> MakeCast(const Published& published) {
  std::vector<Organisation> cast = {Unit()};
  Add<Country>(kCountries, published.members, MemberOf, cast);
  Add<Office>(kOffices, published.offices, OfficeOf, cast);
  Add<Partner>(kPartners, published.partners, PartnerOf, cast);
  Add<Brand>(kBrands, published.rights_holders, OwnerOf, cast);
  return cast;
}

absl::Span<const Brand> Brands() {
  return kBrands;
}

}  // namespace cordon::replay
