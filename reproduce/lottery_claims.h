/* What the paper says about lottery tickets.  In a file of its own, which results do not depend on. */
#ifndef SCALEDOWN_REPRODUCE_LOTTERY_CLAIMS_H
#define SCALEDOWN_REPRODUCE_LOTTERY_CLAIMS_H

#include "study/study.h"

extern const Claim lottery_claims[];
extern const ClaimSeries lottery_series[];

#endif
