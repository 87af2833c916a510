/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_facts.h - what figures and tables ask of what probes said of a bench. */
#ifndef ANALYSIS_TRACE_FACTS_H
#define ANALYSIS_TRACE_FACTS_H

#include "run.h"

/* Operations of the blocks with probes; all of them where the bench does not tell them apart. */
double trace_ops(const struct bench *bench);

/* The text of part @name of a key; "" if there is none, or it is a number. */
const char *trace_key_word(const struct trace_key *keys, size_t nr, const char *name);
/* The number; NAN likewise. */
double trace_key_number(const struct trace_key *keys, size_t nr, const char *name);

/* Which histograms to add up; what is NULL, and a number of NAN, is anything. */
struct hist_choice {
	const char *source, *metric, *unit;
	const char *key, *word; /* a part of the key, and how its text begins */
	bool whole;		/* it is just that */
	double from, to;	/* parts of the key, too */
};

bool hist_chosen(const struct hist *hist, const struct hist_choice *choice);

/*
 * All that @choice takes, as one; n is 0 if there are none, or there is no memory. free() its
 * buckets; texts are borrowed.
 */
struct hist trace_hist_sum(const struct trace *trace, const struct hist_choice *choice);

#endif /* ANALYSIS_TRACE_FACTS_H */
