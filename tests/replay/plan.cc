#include "tests/replay/plan.h"

#include "client/core/codelists/goods.h"
#include "tests/replay/published.h"

namespace cordon::replay {
namespace {

using client::PieceKind;

// category, subcategory, lines by e-commerce, other lines, pieces
constexpr GoodsPlan kWholeGoods[] = {
    {"medicines", "nervous_system", 90, 80, 9'800'000},
    {"medicines", "urogenital", 50, 8, 600'000},
    {"medicines", "hormones", 25, 0, 500'000},
    {"medicines", "anti_infective", 24, 60, 14'400'000},
    {"medicines", "dermatological", 15, 0, 400'000},
    {"medicines", "musculoskeletal", 14, 30, 6'400'000},
    {"medicines", "alimentary", 12, 20, 800'000},
    {"medicines", "medical_device", 12, 15, 2'400'000},
    {"medicines", "cardiovascular", 8, 20, 4'100'000},
    {"medicines", "antiparasitic", 0, 15, 2'600'000},
    {"medicines", "respiratory", 0, 12, 1'500'000},
    {"ipr", "clothing", 150, 40, 110'000},
    {"ipr", "footwear", 120, 35, 90'000},
    {"ipr", "accessories", 60, 15, 140'000},
    {"ipr", "electronics", 55, 30, 85'000},
    {"ipr", "cosmetics", 45, 20, 120'000},
    {"ipr", "bags", 40, 0, 30'000},
    {"ipr", "watches", 40, 0, 15'000},
    {"ipr", "toys", 35, 10, 70'000},
    {"ipr", "eyewear", 25, 0, 18'000},
    {"ipr", "jewellery", 20, 0, 14'000},
    {"ipr", "transport_parts", 18, 50, 310'000},
    {"ipr", "mobile_phones", 16, 0, 30'000},
    {"ipr", "textiles", 8, 0, 35'000},
    {"ipr", "household", 5, 7, 15'000},
    {"ipr", "food", 3, 8, 18'000},
    {"tobacco", "", 30, 45, 420'000},
    {"other", "", 8, 15, 50'000},
    {"species", "", 6, 6, 4'000},
    {"weapons", "", 4, 0, 5'000},
    {"cultural", "", 0, 5, 1'000},
    {"currency", "", 0, 4, 20'000},
};

constexpr CasePlan kWholeCases[] = {
    {PieceKind::kIpr, /*ecommerce=*/true, 420},
    {PieceKind::kMedical, /*ecommerce=*/true, 180},
    {PieceKind::kOther, /*ecommerce=*/true, 34},
    {PieceKind::kMedical, /*ecommerce=*/false, 120},
    {PieceKind::kIpr, /*ecommerce=*/false, 95},
    {PieceKind::kOther, /*ecommerce=*/false, 45},
};

constexpr GoodsPlan kSmallGoods[] = {
    {"medicines", "nervous_system", 3, 3, 14'000},
    {"medicines", "urogenital", 2, 0, 1'000},
    {"medicines", "anti_infective", 2, 2, 18'000},
    {"medicines", "musculoskeletal", 0, 2, 9'000},
    {"medicines", "cardiovascular", 0, 1, 1'500},
    {"ipr", "clothing", 5, 2, 250},
    {"ipr", "footwear", 4, 1, 180},
    {"ipr", "accessories", 3, 0, 120},
    {"ipr", "transport_parts", 2, 2, 450},
    {"ipr", "toys", 1, 0, 40},
    {"ipr", "electronics", 0, 1, 60},
    {"tobacco", "", 1, 1, 460},
    {"other", "", 1, 1, 40},
};

constexpr CasePlan kSmallCases[] = {
    {PieceKind::kIpr, /*ecommerce=*/true, 10},
    {PieceKind::kMedical, /*ecommerce=*/true, 5},
    {PieceKind::kOther, /*ecommerce=*/true, 1},
    {PieceKind::kMedical, /*ecommerce=*/false, 4},
    {PieceKind::kIpr, /*ecommerce=*/false, 3},
    {PieceKind::kOther, /*ecommerce=*/false, 1},
};

}  // namespace

const Plan& WholePlan() {
  static const Plan& plan = *new Plan{
      .published = kWholePublished, .goods = kWholeGoods, .cases = kWholeCases};
  return plan;
}

const Plan& SmallPlan() {
  static const Plan& plan = *new Plan{
      .published = kSmallPublished, .goods = kSmallGoods, .cases = kSmallCases};
  return plan;
}

}  // namespace cordon::replay
