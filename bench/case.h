/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * case.h - one case while it runs: the arms side by side, their samples, the team.
 *
 * Order of a case: digest; exact phase (fresh cores, fixed operations, workers in turn,
 * three times), with mode=exact the last; then all arms open together: calibration, warm-up,
 * blocks. A block is rounds of slices in mirrored order (A B B A: drift hits both arms alike), then
 * each arm's deferred work is finished and timed, so that nobody leaves costs behind.
 *
 * Where somebody traces, every second block is measured with the probes in (traced.h), for itself.
 */
#ifndef BENCH_CASE_H
#define BENCH_CASE_H

#include "bench.h"
#include "heat.h"
#include "json.h"

#define CASE_EXACT_REPEATS 3
/*
 * Blocks unless the user says. Where work is deferred a block must hold many purges, and 12
 * of them resolve 100 rows; elsewhere the median over many short ones shrugs off neighbours.
 */
#define CASE_BLOCKS_LONG  12
#define CASE_BLOCKS_SHORT 200
/* Of either; an emulator's time is shown and never judged: a third of them will do. */
static inline unsigned long case_blocks(unsigned long blocks)
{
	return plat_caps() & PLAT_REAL_TIME ? blocks : blocks / 3;
}
#define CASE_ROUNDS_SHORT 2
#define CASE_PURGES	  8    /* a block and the warm-up span at least so many, if they can */
#define CASE_DIGEST_OPS	  4096 /* operations of a worker that enter ops_digest */

#define CASE_SCRATCHES 1024 /* more than 8 arms x 64 CPUs need */

/* Quantiles of each block, per 100,000; the last is the maximum. */
#define CASE_QUANTILES 6
extern const uint32_t case_quantile[CASE_QUANTILES];
extern const char *const case_quantile_name[CASE_QUANTILES];

/* One value per block, in picoseconds. */
struct arm_samples {
	uint64_t *total, *even, *odd, *finish;
	uint64_t *quantile[BENCH_METRICS_MAX][CASE_QUANTILES];
	uint64_t *mean[BENCH_METRICS_MAX]; /* of operations timed in runs; 0: none were */
	uint64_t *order; /* place in time of each block's first slice of this arm */
	/* Of blocks with probes; NULL if nobody traces. */
	uint64_t *traced, *traced_order;
	uint64_t *op, *traced_op; /* of an operation: all workers' time */
};

struct arm_state {
	struct bench_arm bench;
	unsigned int number; /* among the case's arms as written */
	unsigned int nr_metrics;
	struct histogram *block[BENCH_METRICS_MAX], *total[BENCH_METRICS_MAX];
	struct histogram **by_worker; /* [cpus * metrics], if the workload asks for it */
	struct heat *heat;	      /* of the metric case_heat_metric() names */
	struct arm_samples samples;
	uint64_t block_ops, block_even, block_odd, block_total; /* of the present block */
	/* The block's time, times as many workers as had something to do. */
	uint64_t block_work;
	uint64_t ops;	      /* of all blocks */
	uint64_t traced_ops;  /* of all blocks with probes */
	uint64_t counted_ops; /* of both, and between them: what counters cover */
	struct host_counts counts, block_counts;
	struct host_extra_count *extra_block; /* [cpus][nr_extras], then those of whole blocks */
	struct histogram *shootdown;	      /* [HOST_FLUSH_CLASSES] */
	/* Host calls within slices: part of the operations' time. */
	uint64_t slice_flush_ns, block_flush_ns;
	uint64_t flush_ns, flush_calls; /* the host's, of blocks that are in samples */
	unsigned long events[TRI_EVENT_COUNT];
	uint64_t first_touches, failed;
	unsigned long exact[CASE_EXACT_REPEATS][TRI_EVENT_COUNT];
	uint64_t exact_ops;
	unsigned int exact_runs; /* repeats that were completed */
	unsigned int first_row;	 /* of the plugin's, a repeat each */
	uint64_t counted[CASE_EXACT_REPEATS][WORKLOAD_COUNTS_MAX];
	unsigned int hold_runs;
	long held_before; /* subject->held() before setup() */
	struct bench_hold hold;
	long held[CASE_EXACT_REPEATS]; /* bytes, held_before taken out; -1: can't be told */
	uint64_t digest;
	unsigned long tunable[TRI_TUNABLE_COUNT]; /* in force, defaults worked out */
};

struct bench_case {
	const struct case_config *config;
	struct host_info host;
	struct team team;
	struct bench_op **ops; /* [cpus], BENCH_OPS_MAX each */
	struct json *json;
	unsigned int nr_arms, nr_skipped, cpus;
	unsigned int nr_rows; /* of the plugin's, so far */
	bool exact_done;
	struct arm_state *arms; /* those that can run */
	struct {
		unsigned int number;
		const char *status, *why;
	} skipped[BENCH_ARMS_MAX]; /* the others */
	uint64_t ps_per_tick_20;   /* picoseconds per tick, 20 binary places */
	unsigned int slice_ops;
	unsigned long rounds, blocks_wanted, blocks;
	bool traced;		     /* blocks with probes are to be had still */
	bool probes_in;		     /* now */
	unsigned long traced_blocks; /* with probes, not among `blocks` */
	struct histogram *unsampled; /* [HOST_FLUSH_CLASSES] of these, which nobody wants */
	unsigned long block_ops;     /* a worker's in a block of an arm: loops=, or 0 */
	unsigned long purges_min;    /* fewest purges a deferring arm had in the warm-up */
	bool defers;		     /* some arm puts work off */
	unsigned int nr_extras;
	const struct host_extra *extra_info;
	uint64_t clock_read_ps;
	const char *why; /* what failed; NULL if nothing did */
	struct case_scratch {
		void *memory;
		size_t bytes;
	} scratch[CASE_SCRATCHES];
	unsigned int nr_scratches;
	/* The slice being run. */
	struct arm_state *job;
	unsigned int job_ops;
	bool job_exact, job_stop;
};

static inline uint64_t case_ps(const struct bench_case *bench, uint64_t ticks)
{
	return (uint64_t)(((unsigned __int128)ticks * bench->ps_per_tick_20) >> 20);
}

/* The arm's number among all benches of the run. */
static inline unsigned long case_number(const struct bench_case *bench, const struct arm_state *arm)
{
	return bench->config->param[BENCH_PARAM_first_bench] + arm->number;
}

/* The metric drawn over time: the second, if there is one ("free"). */
static inline unsigned int case_heat_metric(const struct arm_state *arm)
{
	return arm->nr_metrics > 1;
}

/* Run the words' case to its end and emit its records: an exit code (0, 1, 77). */
int case_run(const struct case_config *config);
/*
 * The same, up to before anything is run: its arms sorted out, their digests known. NULL after one
 * line; case_free() it.
 */
struct bench_case *case_prepare(const struct case_config *config);
void case_free(struct bench_case *bench);

/* Why the workload can't run on this target, whatever its parameters, or NULL. */
const char *case_means_missing(const struct workload *workload);
/* What this subject does not have on any host, or NULL. */
const char *case_concept_missing(const struct case_config *config, const struct subject *subject);

/* Zeroed memory that goes with the case; NULL after setting bench->why. */
void *case_scratch(struct bench_case *bench, size_t bytes);

/* slice.c: one slice of @arm on all workers; how long it took, in ticks. Slot 0 only. */
uint64_t slice_run(struct bench_case *bench, struct arm_state *arm, unsigned int ops, bool exact);
/* What every other slot does until slice_stop(). */
void slice_follow(struct bench_case *bench, unsigned int slot);
void slice_stop(struct bench_case *bench);

/* arm.c: memory for an arm's bookkeeping; then its life, on slot 0. */
int arm_alloc(struct bench_case *bench, struct arm_state *arm, const struct arm_config *config);
int arm_open(struct bench_case *bench, struct arm_state *arm);
void arm_close(struct bench_case *bench, struct arm_state *arm);
void arm_streams_reset(struct arm_state *arm, uint64_t seed);
uint64_t arm_digest(struct bench_case *bench, struct arm_state *arm);
void arm_finish(struct arm_state *arm); /* the subject's deferred work */
/* What went wrong in its operations becomes bench->why. */
void arm_judge(struct bench_case *bench, const struct arm_state *arm);

/* exact.c, measure.c: the two phases. 0 or -errno with bench->why set. */
int exact_phase(struct bench_case *bench);
int measure_phase(struct bench_case *bench);

/* records.c */
/* Arms that ran have @status, the others their own. */
void records_emit(struct bench_case *bench, const char *status);
void records_progress(struct bench_case *bench, unsigned long done, unsigned long all,
		      const char *text);
void records_note(struct bench_case *bench, const char *level, const char *text);
void records_self(struct bench_case *bench, const char *name, uint64_t ps);

/* self.c: the clock's price; and, in the null workload, the harness's own cost. */
void self_measure(struct bench_case *bench);
void self_emit(struct bench_case *bench);

#endif /* BENCH_CASE_H */
