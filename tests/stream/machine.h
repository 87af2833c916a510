/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.h - the machine a stream runs on, chosen by its source's first decisions. */
#ifndef TESTS_MACHINE_H
#define TESTS_MACHINE_H

#include "tests/stream/stream.h"

/* @fixed: an answer the source has no say in, or STREAM_FREE. */
void machine_choose(struct source *source, enum tri_policy_value fixed, struct tri_config *config);
/* What differs from the defaults, as a user would write it. */
void machine_print(const struct tri_config *config);

#endif /* TESTS_MACHINE_H */
