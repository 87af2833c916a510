/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fragmented.h - memory full of random holes: filled to so many per cent, and half of that, chosen
 * at random, given back.
 *
 * All is taken, what watermarks keep back included, and each block given back unless it is among
 * half of @fill: so what is free lies at random, too. Blocks are of the lowest order of which
 * memory= has no more than can be kept (65,536): single pages up to memory=256M.
 */
#ifndef BENCH_FRAGMENTED_H
#define BENCH_FRAGMENTED_H

#include "bench.h"

/* For setup(), before all else: @fill per cent, 0 to 95. Needs a core. 0. */
int fragmented_setup(struct bench_arm *arm, unsigned long fill);
void fragmented_teardown(struct bench_arm *arm);

#endif /* BENCH_FRAGMENTED_H */
