/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * numbers.h - one BPF map of numbers by key: all CPUs' together, and since when.
 *
 * Programs may be at work while it is read, so it is never emptied: what it held when it was
 * forgotten is remembered here, and taken away from what it holds later.
 */
#ifndef TRACE_PROBES_NUMBERS_H
#define TRACE_PROBES_NUMBERS_H

#include "common.h"

#include <stdbool.h>
#include <stddef.h>

struct bpf_object;

/* One map of numbers by key; values are arrays of uint64_t, one such array for each CPU. */
struct numbers {
	int cpus, map,
		values; /* where values are; the map itself unless it gives places in another */
	size_t key, words;
	bool histogram; /* its third and fourth words are no sums */
	void *before;	/* tsearch: what was forgotten, by key */
	uint64_t *of_cpus, *sum;
};

/*
 * The map named @map of @object, of @words numbers of 64 bits for each CPU; its values are places
 * in the map named @values, unless that is NULL. Without such a map there are no keys. 0 or
 * -ENOMEM.
 */
int numbers_open(struct numbers *numbers, struct bpf_object *object, const char *map,
		 const char *values, size_t words);
void numbers_close(struct numbers *numbers);
/* Sum up all CPUs' of @key into numbers->sum. False: there are none. */
bool numbers_look_up(struct numbers *numbers, const void *key);
/* Take away what was forgotten; a histogram's extremes are then its buckets'. */
void numbers_since(struct numbers *numbers, const void *key);
/* Look up each key, in the order of arms, and visit it; until one is not 0, which is the result. */
typedef int (*numbers_visit)(struct numbers *numbers, const void *key, void *arg);
int numbers_each(struct numbers *numbers, numbers_visit visit, void *arg);
/* Begin anew. 0 or -ENOMEM. */
int numbers_forget(struct numbers *numbers);

#endif /* TRACE_PROBES_NUMBERS_H */
