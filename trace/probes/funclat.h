/* SPDX-License-Identifier: GPL-2.0-only */
/* funclat.h - what funclat's programs keep of a call; a key's a is the function's number. */
#ifndef TRACE_PROBES_FUNCLAT_H
#define TRACE_PROBES_FUNCLAT_H

#include "common.h"

/* At most so many functions in one session. */
#define FUNCLAT_FUNCTIONS 16
/* Calls that have begun and not ended, of all threads and functions. */
#define FUNCLAT_CALLS 16384

/*
 * A call that has begun. Where its frame is on a stack tells it from all others that go on at the
 * time, however deep functions are in themselves or in each other, in an interrupt or asleep; a
 * function that ends by jumping to another shares its frame with that one.
 */
struct funclat_call {
	uint64_t frame;
	uint32_t function;
	uint32_t process; /* whose addresses; 0: the kernel's */
};

struct funclat_begun {
	uint64_t ns;
	uint64_t arm;
};

enum { FUNCLAT_LATENCY }; /* histograms */
enum { FUNCLAT_CALL };	  /* stacks, events */

#endif /* TRACE_PROBES_FUNCLAT_H */
