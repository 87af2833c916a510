/* SPDX-License-Identifier: GPL-2.0-only */
/* night_maker.h - made-up nights, as files, for tests of histories. */
#ifndef TESTS_UNIT_NIGHT_MAKER_H
#define TESTS_UNIT_NIGHT_MAKER_H

#include "night.h"

struct night_shape {
	const char *folder;  /* of results */
	const char *machine; /* fingerprint */
	size_t number;	     /* of the night: its time, id and commit follow from it */
	size_t nr_cases, nr_counters;
	/* From this night on the first case takes so many times as long, and counts one more. */
	size_t step_at;
	double step;
	const char *reference; /* commit; NULL: 40 times "0" */
};
/* A shape without a step. */
struct night_shape night_shape_default(const char *folder);

/* Of night 0x12 "00000012ccc...": 40 hex digits that are in the order of nights. */
void night_maker_commit(size_t number, char commit[41]);
/* Writes results/nights/<id>.json; 0, or -1 with errno or a message of night_save() on stderr. */
int night_make(const struct night_shape *shape);

#endif /* TESTS_UNIT_NIGHT_MAKER_H */
