/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_maker.h - run files as the harness would write them, for tests.
 *
 * A run has one case for each of pages x cpus and in each case two arms of a factor, with
 * counters, samples, histograms and intervals that hang together: the eager arm pays a
 * shootdown on every free, the lazy one few of them and a pause. The same shape gives the
 * same file.
 */
#ifndef TESTS_RECORD_MAKER_H
#define TESTS_RECORD_MAKER_H

#include <stdbool.h>
#include <stdint.h>

struct record_shape {
	const char *run_id;
	const char *workload;
	const char *factor, *base, *next; /* parameter and its value in either arm */
	unsigned int pages[16], cpus[8];  /* sweeps, each ended by a 0 */
	unsigned int blocks;		  /* samples of an arm */
	double cost;	/* time of the next arm relative to the base; 0: as lazy flushing gives */
	double noise;	/* spread of a block's time, relative */
	bool same_work; /* both arms behave as the base: counters are equal too */
	int check_level;
	const char *skip_next;	 /* reason why the next arms were skipped; NULL: they ran */
	const char *skip_status; /* what they are then; NULL: "skipped" */
	const char *next_digest; /* of the next arms; NULL: as the base */
	const char *end;	 /* status of the end line; NULL: the file has none */
	bool intervals;
	unsigned int points; /* what a workload follows over time: so many of "followed" */
	bool apart;	     /* each arm is a case of its own: the factor is a parameter of cases */
	bool emulated;	     /* the clock is an emulator's */
	bool probes;	     /* it was traced (record_probes.h) */
	/*
	 * mode=exact: counters and what they cost per operation, nothing timed, no blocks. Each
	 * operation of the next arms takes @more instructions more than the base's 800.
	 */
	bool exact;
	unsigned int more;
	uint64_t seed;
};

/* unmap-storm, flush=eager,lazy, nr_pages=1..512, cpus=2, 12 blocks, 2 % noise, no faults. */
struct record_shape record_shape_default(void);

/* Write the file; 0 or -errno. */
int record_make(const char *path, const struct record_shape *shape);

#endif /* TESTS_RECORD_MAKER_H */
