/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan.h - from what a user asks for to the cases a run consists of.
 *
 * A list of values of a setting that two memory managers in one process can differ in (a
 * policy, a tunable, the subject) makes arms, measured side by side; every other list, and
 * every range, makes cases, measured one after the other.
 */
#ifndef CLI_PLAN_H
#define CLI_PLAN_H

#include "params.h"
#include "target.h"

struct plan_case {
	const struct target *target;
	char *workload;
	char *label;	   /* as written: "unmap-storm nr_pages=4 flush=eager,lazy" */
	struct list words; /* for the target: workload name=value ... arm:... */
	struct list arms;  /* texts of the arms; one, "", if there is nothing to compare */
	char *where;	   /* FILE:LINE that asks for it; NULL: the command line */
	/* In so many processes (0: processes= does not say), of which this is number @process. */
	int processes, process;
	bool spread; /* it is one of those, and says so in its words */
};

struct plan {
	struct plan_case *cases;
	size_t nr_cases;
	char *factor; /* the first setting arms differ in, else plan_factor()'s; or NULL */
};

/*
 * Add the cases of @spec, whose workloads may be patterns ("*", "kmalloc-*") and exceptions from
 * them ("!null"), as far as the target's description tells whether its words are valid. 0,
 * or an exit code after one line. On error the plan is still to be freed.
 */
int plan_draft(struct plan *plan, const struct target *target, const struct spec *spec);
/*
 * Does each target take all words of its cases? By its own word. 0, and all cases of the plan are
 * spread over their processes (processes.h); or an exit code as above.
 */
int plan_check(struct plan *plan);
/* Both, of the cases of @spec: these are checked, all are spread. */
int plan_add(struct plan *plan, const struct target *target, const struct spec *spec);
/* What a comparison of the plan's cases is by, if their arms differ in nothing. */
void plan_factor(struct plan *plan, const char *name);
void plan_free(struct plan *plan);
void plan_case_free(struct plan_case *old);

#endif /* CLI_PLAN_H */
