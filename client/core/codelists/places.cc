#include "client/core/codelists/places.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace cordon::client {
namespace {

// Codes of one length, one space after each.
constexpr absl::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ "
    "BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS "
    "BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN "
    "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE "
    "EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF "
    "GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM "
    "JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC "
    "LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA "
    "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG "
    "PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS "
    "ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
    "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS YE YT ZA ZM ZW ";

constexpr absl::string_view kCurrencies =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN "
    "BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF "
    "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK "
    "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP "
    "LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
    "MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN "
    "PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG "
    "SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW "
    "UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD "
    "XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWL ";

constexpr Region kRegions[] = {
    {"AMS", "South America, North America, Central America and the Caribbean"},
    {"EUR", "Europe"},
    {"ESA", "East and Southern Africa"},
    {"FEA",
     "Far East, South and South East Asia, Australasia and the Pacific "
     "Islands"},
    {"MENA", "North of Africa, Near and Middle East"},
    {"WCA", "West and Central Africa"},
};

constexpr size_t kCountryChars = 2;
constexpr size_t kCurrencyChars = 3;
constexpr size_t kLocodeChars = 5;
constexpr size_t kSubdivisionPartCharsMax = 3;

bool StandsIn(absl::string_view list, absl::string_view code) {
  const size_t stride = code.size() + 1;
  for (size_t at = 0; at + code.size() <= list.size(); at += stride) {
    if (list.substr(at, code.size()) == code) return true;
  }
  return false;
}

}  // namespace

bool IsCountry(absl::string_view code) {
  if (code.size() != kCountryChars) return false;
  return code == kUnknownCountry || StandsIn(kCountries, code);
}

bool IsCurrency(absl::string_view code) {
  return code.size() == kCurrencyChars && StandsIn(kCurrencies, code);
}

absl::Span<const Region> Regions() {
  return kRegions;
}

bool IsRegion(absl::string_view code) {
  return std::any_of(
      std::begin(kRegions), std::end(kRegions),
      [code](const Region& region) { return region.code == code; });
}

bool IsLocode(absl::string_view code) {
  if (code.size() != kLocodeChars) return false;
  const absl::string_view place = code.substr(kCountryChars);
  return IsCountry(code.substr(0, kCountryChars)) &&
         std::all_of(place.begin(), place.end(), [](char c) {
           return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
                  (c >= '2' && c <= '9');
         });
}

bool IsSubdivision(absl::string_view code, absl::string_view country) {
  if (!absl::StartsWith(code, country)) return false;
  code.remove_prefix(country.size());
  if (code.size() < 2 || code[0] != '-') return false;
  code.remove_prefix(1);
  return code.size() <= kSubdivisionPartCharsMax &&
         std::all_of(code.begin(), code.end(), [](char c) {
           return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

}  // namespace cordon::client
