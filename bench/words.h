/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.h - a case as its user wrote it: WORKLOAD name=value ... arm:name=value,name=value
 *
 * The same words reach every target: as arguments, as a kernel command line, or as text
 * written to a control file.
 */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include "workload.h"

#define BENCH_ARMS_MAX		  8
#define BENCH_WORKLOAD_PARAMS_MAX 16
#define BENCH_LABEL_MAX		  96
#define BENCH_TLB_DEFAULT	  "skylake" /* that of trace/tlbmodel */

enum bench_param {
#define PARAM(name, unit, def, min, max, arm, about) BENCH_PARAM_##name,
#include "params.def"
#undef PARAM
	BENCH_PARAM_COUNT
};

struct bench_param_info {
	const char *name, *unit, *about;
	unsigned long def, min, max;
	bool arm;
};
extern const struct bench_param_info bench_param_info[BENCH_PARAM_COUNT];

/* In struct arm_config: a setting that was left as it is. */
#define WORDS_UNSAID_POLICY  ((enum tri_policy_value)TRI_POLICY_COUNT)
#define WORDS_UNSAID_TUNABLE (~0UL)

/* What one arm adds to the case's settings. */
struct arm_config {
	char text[BENCH_LABEL_MAX];    /* as written after "arm:"; "" for the only arm */
	char label[BENCH_LABEL_MAX];   /* label=, a name that means nothing to the core */
	char era[BENCH_LABEL_MAX];     /* era=, whose answers hold where nothing else was said */
	const struct subject *subject; /* impl= */
	unsigned long inject;	       /* per cent */
	bool timed;		       /* timing=op */
	char build[BENCH_LABEL_MAX];   /* core=, another build of mmcore; "": this one */
	struct tri_config core;	       /* policies and tunables */
	/*
	 * Of them those that were said, by a word of their own: what was not is WORDS_UNSAID_*, and
	 * of a core of another build as that build has it.
	 */
	struct tri_config said;
};

struct case_config {
	const struct workload *workload;
	unsigned long param[BENCH_PARAM_COUNT];
	unsigned long workload_param[BENCH_WORKLOAD_PARAMS_MAX];
	bool exact_only;	   /* mode=exact */
	bool numbered;		   /* process= says which of several processes this is */
	char tlb[BENCH_LABEL_MAX]; /* the plugin's to understand */
	unsigned int nr_arms;
	struct arm_config arm[BENCH_ARMS_MAX];
};

/* The family of calls that the case's workload drives. */
static inline enum subject_family case_family(const struct case_config *config)
{
	const struct workload *workload = config->workload;

	return workload->family_of ? workload->family_of(config) : workload->family;
}

/* words[0] is the workload. 0, or -EINVAL after one line of host_error(). */
int words_parse(struct case_config *config, int nr_words, char *const *words);

const struct workload *const *workloads_all(void); /* ended by NULL */

#endif /* BENCH_WORDS_H */
