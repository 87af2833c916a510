/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - what this program takes from the words of a case. The target sees them too: it
 * knows them as parameters, judges the values of its own, and puts them into the record.
 */
#ifndef LAUNCH_OPTIONS_H
#define LAUNCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	bool runs;	      /* a case is measured: none of describe, check, digests, selftest */
	bool selftest;	      /* the kernel tests itself, words say which way */
	bool exact;	      /* mode=exact */
	unsigned int cpus;    /* cpus=, 0: not said */
	unsigned int arms;    /* words arm:..., at least 1 */
	uint64_t memory;      /* memory=, of each arm's core; bytes */
	uint64_t ram;	      /* ram=, bytes; 0: to be worked out */
	uint64_t events;      /* events=, bytes for each CPU */
	unsigned int silence; /* watchdog=: seconds; 0: off */
	const char *accel;    /* accel=: auto, tcg, mttcg or kvm */
	const char *model;    /* tlb=, or NULL */
	const char *trace;    /* trace=, or NULL */
};

/* 0, or LAUNCH_USAGE after one line. What the target judges as well is taken leniently. */
int options_read(struct options *options, int nr_words, char *const *words);

/* "64M" in bytes; false if it is no size. */
bool options_size(const char *text, uint64_t *bytes);

#endif /* LAUNCH_OPTIONS_H */
