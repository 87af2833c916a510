/* SPDX-License-Identifier: GPL-2.0-only */
/* core_maker.h - run files of several cores side by side, in several processes, of known truth. */
#ifndef TESTS_CORE_MAKER_H
#define TESTS_CORE_MAKER_H

#include <stdbool.h>
#include <stdint.h>

/* Arms core=reference, core=copy, core=head of kmalloc-pair, size=64, 128, 256, ... */
struct core_shape {
	const char *run_id;
	bool exact;			       /* counted, not timed; without the copy */
	bool no_copy;			       /* of timed ones */
	unsigned int cases;		       /* 0: one */
	unsigned int processes, first_process; /* 0: one that has no number */
	unsigned int blocks;
	double ratio;	      /* time of head to reference */
	double layout;	      /* standard deviation of an arm's ln time in a process */
	double noise;	      /* and of a block's */
	double copy_bias;     /* of ln time of the copy, in each process */
	unsigned int off;     /* so many first processes in which head took four times as long */
	int more;	      /* instructions of 800 that head takes more */
	unsigned int flushes; /* that head makes more, in exact runs and timed ones */
	bool drifts;	      /* head makes one more in each process */
	const char *head_digest, *skip_head, *version;
	bool unlike_builds; /* the copy is of another build */
	uint64_t seed;
};

struct core_shape core_shape_default(void);
/* A file of that shape; its path, malloc()ed. */
char *core_make_run(const char *name, const struct core_shape *shape);

#endif /* TESTS_CORE_MAKER_H */
