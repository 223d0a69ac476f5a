#ifndef CORDON_TESTS_SUPPORT_SAMPLE_RECORDS_H_
#define CORDON_TESTS_SUPPORT_SAMPLE_RECORDS_H_

// Records that keep all rules of their kind, to be spoiled by tests.

#include "absl/time/time.h"

#include "client/core/model/alert.h"
#include "client/core/model/guide.h"
#include "tests/support/fake_clock.h"

namespace cordon::testing {

// SampleAlert is a flash alert of one seizure, an hour before it is sent.
client::Alert SampleAlert(absl::Time sent = FakeClock().Now());

// SampleGuide is a guide of acme.rightsholder's, reviewed a year after it is
// sent.
client::Guide SampleGuide(absl::Time sent = FakeClock().Now());

}  // namespace cordon::testing

#endif  // CORDON_TESTS_SUPPORT_SAMPLE_RECORDS_H_
