/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.h - what the workload `replay` prepares: which events of the trace are whose, slice by
 * slice, and the tables of what lives. Executing them is workloads/replay.c's.
 */
#ifndef BENCH_REPLAY_H
#define BENCH_REPLAY_H

#include "bench.h"
#include "recorded.h"

/* The workload's parameters. */
enum { REPLAY_SPEED, REPLAY_PARTIAL };

/* Where the trace begins anew; kinds of events are above 0. */
#define WRAP 0

struct step {
	uint64_t time, what;
	uint32_t slot, generation;
	uint8_t kind, lane;
};

/* A worker's. */
struct share {
	struct atrace_decoder decoder;
	uint32_t loop;
	bool paced;			     /* steps wait for their time */
	uint64_t begin;			     /* time where the slice begins */
	uint64_t base;			     /* time of all loops before */
	unsigned int events, nr_steps;	     /* of this slice: of all workers; its own */
	struct step step[2 * BENCH_OPS_MAX]; /* each event may be followed by a wrap */
};

/* A slot; the lane's worker alone fills it. */
struct object {
	void *memory;  /* NULL: vacant */
	uint64_t turn; /* loop and generation of what is, or was, in it */
	uintptr_t what;
	uint32_t family;
};

/* In the place of an object that could not be had. */
#define REPLAY_NONE ((void *)1)

/* An arm's, in state[0]. */
struct replay {
	const struct subject_api *const *api;
	struct object *lane[ATRACE_LANES_MAX];
	size_t bytes;	  /* of all lanes' objects */
	uintptr_t *cache; /* of each number; equal sizes are one cache */
	unsigned int left[2][TRI_MAX_CPUS];
};

/* Of the descriptor. */
int replay_check(const struct case_config *config);
const char *replay_obstacle(const struct case_config *config);
const char *replay_remark(const struct case_config *config);
bool replay_drives(const struct case_config *config, enum subject_family family);
unsigned long replay_exact_ops(const struct bench_arm *arm);
int replay_setup(struct bench_arm *arm);
unsigned int replay_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n);
void replay_teardown(struct bench_arm *arm);

/* For @step's kinds that are zeroed: by the subject's call, or a memset() where it has none. */
void *replay_zeroed(const struct bench_worker *worker, const struct replay *replay,
		    enum subject_family family, uintptr_t what, const struct step *step);
/* In recorded time: wait until as long after the slice's begin as it was then; nobody's work. */
void replay_wait_for_time(struct bench_worker *worker, const struct step *step);
/*
 * Who takes turns does as much as is ready, time and again, until all have done all. @i: the step
 * that it came to; @round: how often it asked in this slice.
 */
bool replay_all_done(struct bench_worker *worker, struct replay *replay, unsigned int round,
		     unsigned int i);
/* All are at the trace's end; now they may go on with its begin. */
void replay_wrap(struct bench_worker *worker, const struct replay *replay);

#endif /* BENCH_REPLAY_H */
