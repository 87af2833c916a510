/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - one run in memory, as read from its NDJSON file (results/README.md).
 *
 * Everything below a struct run belongs to it and goes with run_free().
 */
#ifndef ANALYSIS_RUN_H
#define ANALYSIS_RUN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum better { BETTER_NONE, BETTER_LOWER, BETTER_HIGHER };
enum metric_class { CLASS_EXACT, CLASS_NOISY, CLASS_SAMPLED };

/* A part of what a traced value belongs to: from=0, kind=call. */
struct trace_key {
	const char *name;
	const char *text; /* NULL: it is a number */
	double number;
};

struct counter {
	const char *phase, *name, *unit, *avail, *why, *source; /* why: NULL if ok */
	enum better better;
	enum metric_class class;
	bool stable; /* true unless the record says false */
	bool has_value;
	double value;
	/* Change up to which it has not changed, the larger of the two; 0 both: every one counts.
	 */
	double threshold, slack; /* relative; in the value's unit */
	uint64_t ops;
	size_t nr_per_cpu;
	double *per_cpu;
	size_t nr_keys;
	struct trace_key *keys;
};

struct samples {
	const char *metric, *unit;
	enum better better;
	bool points;  /* in the order of time, one after the other; else one a block */
	uint64_t ops; /* operations a value stands for; 0: a value by itself */
	size_t n;
	double *values;
};

struct bucket {
	uint64_t low, count;
};

/* Also an interval: then start_ns and len_ns are set. */
struct hist {
	const char *source; /* the probe; NULL: the harness */
	const char *metric;
	const char *unit; /* "ns", "ticks"; or of what is counted: "instructions", "misses" ... */
	double hz;	  /* of ticks, else 0 */
	unsigned int sub_bits;
	uint64_t n, min, max, lost;
	double sum;
	double start_ns, len_ns;
	size_t nr_buckets;
	struct bucket *buckets;
	size_t nr_keys;
	struct trace_key *keys;
};

/* A median and its 95 % interval; NAN all three: unknown. */
struct trace_interval {
	double low, mid, high;
};

/* How a probe fared: what it saw, what it missed, what it cost. Counts are NAN where unknown. */
struct probe {
	const char *name, *status, *why, *how; /* why: NULL if ok; how: NULL if it was never in */
	double seconds;
	double events, delivered, lost, missed, refused, full;
	double bpf_ns, bpf_runs, floor_ns;
	struct trace_interval cost_ns; /* an event, of all probes of the session together */
	struct trace_interval share;   /* of the workload's time that they add; 1 doubles it */
	const char *cost_why;	       /* why these two are unknown, or NULL */
	bool disturbed;		       /* they add so much that what was timed with them is off */
};

struct stack {
	const char *probe, *unit;
	uint64_t weight;
	size_t nr_frames;
	const char **frames; /* outermost first */
	size_t nr_keys;
	struct trace_key *keys;
};

/* Something that happened once. */
struct event {
	const char *probe, *name;
	double at_ns, len_ns; /* len_ns: NAN where it has none; it ended at at_ns */
	unsigned int cpu;
	long tid; /* -1: not said */
	size_t nr_args;
	struct trace_key *args;
};

/* What probes had to say of a bench or, beside all of them, of the whole time traced. */
struct trace {
	size_t nr_probes, nr_counters, nr_hists, nr_stacks, nr_events;
	struct probe *probes;
	struct counter *counters;
	struct hist *hists;
	struct stack *stacks;
	struct event *events;
};

struct bench {
	int id, case_id, arms;
	const char *workload, *version, *series, *target, *arm, *status, *why, *ops_digest;
	int check_level;
	bool oversubscribed;
	uint64_t ops, blocks;
	json_t *json;	/* the whole line, params and timebase included */
	json_t *params; /* borrowed from json */
	size_t nr_counters, nr_samples, nr_hists, nr_intervals;
	struct counter *counters;
	struct samples *samples;
	struct hist *hists;
	struct hist *intervals;
	struct trace trace; /* and in none of the above */
};

struct note {
	int bench; /* -1: the whole run */
	const char *level, *text;
};

struct run {
	char *path;
	json_t *head; /* the `run` line */
	const char *run_id, *started;
	const char *status; /* of `end`; "incomplete" without one */
	size_t nr_benches, nr_notes;
	struct bench *benches; /* in file order */
	struct note *notes;
	struct trace trace; /* what belongs to no bench */
};

/* What is wrong with a file, in one line: "FILE:LINE: what". */
struct run_error {
	char text[512];
};

/*
 * Read and check a file against the schema. 0; or -1 with @error set, and *run NULL. A
 * file that ends early (killed run: no `end`, last line cut short) is not an error but an
 * incomplete run; any other damage is.
 */
int run_load(const char *path, struct run **run, struct run_error *error);
void run_free(struct run *run);

const struct counter *bench_counter(const struct bench *bench, const char *phase, const char *name);
const struct samples *bench_samples(const struct bench *bench, const char *metric);
const struct hist *bench_hist(const struct bench *bench, const char *metric);
/* Is a counter or histogram of this source a probe's? What has none (NULL) is the harness's. */
bool trace_source(const char *source);
/* Of several with that name (a key each) the first; NULL: none. */
const struct probe *trace_probe(const struct trace *trace, const char *name);
const struct hist *trace_hist(const struct trace *trace, const char *probe, const char *metric);
/* NULL: there is no such part. */
const struct trace_key *trace_key(const struct trace_key *keys, size_t nr, const char *name);
/* "from=0 to=1 kind=call", in @buffer; "" without a key. */
const char *trace_key_text(const struct trace_key *keys, size_t nr, char *buffer, size_t size);
/* Did probes take so much of its time that its times are off? The first that did, or NULL. */
const struct probe *bench_disturbed(const struct bench *bench);
/* In words, in @buffer: "probes (ipi) add 6 to 9 % to its time: ..."; "" if it was not. */
const char *bench_disturbed_text(const struct bench *bench, char *buffer, size_t size);

/* A parameter as text, in @buffer; "" if the bench does not have it. */
const char *bench_param(const struct bench *bench, const char *name, char *buffer, size_t size);

/* Was it run with mode=exact: counted, not timed? */
bool bench_is_exact(const struct bench *bench);
/* Is its time the hardware's, and not an emulator's? */
bool bench_real_time(const struct bench *bench);

/*
 * The value below which a fraction q of the histogram lies, in ns, or in its own unit if it
 * counts something else; NAN if it is empty.
 */
double hist_quantile_ns(const struct hist *hist, double q);

#endif /* ANALYSIS_RUN_H */
