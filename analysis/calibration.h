/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * calibration.h - the unit costs of one machine: what `trimm calibrate` measured, kept in
 * results/calibration/<fingerprint>.json (results/calibration-1.schema.json describes it).
 *
 * A cost that could not be measured has no value and says why; no emulator's time is ever
 * a cost.
 */
#ifndef ANALYSIS_CALIBRATION_H
#define ANALYSIS_CALIBRATION_H

#include "access_curve.h"
#include "arena.h"
#include "run.h"

enum unit_cost_name {
#define UNIT_COST(name, unit, at, about) UNIT_COST_##name,
#include "unit_costs.def"
#undef UNIT_COST
	UNIT_COSTS
};

struct unit_cost_info {
	const char *name, *unit, *at, *about;
};
extern const struct unit_cost_info unit_cost_info[UNIT_COSTS];

struct unit_cost {
	enum unit_cost_name name;
	double at;		 /* of the parameter that info.at names; 0: it has none */
	double value, low, high; /* median and its interval; NAN: not measured, see @why */
	const char *source;	 /* workload and target it was read off; NULL if not measured */
	const char *why;	 /* NULL if measured */
};

#define UNIT_COST_VALUES_MAX 128

struct calibration {
	const char *machine, *cpu; /* fingerprint (of the `run` line) and name; cpu may be NULL */
	const char *measured;	   /* when: started of the first run, UTC */
	const char *version;	   /* of trimm */
	const char *run[2];	   /* ids of the runs; NULL: none */
	struct access_curve curve; /* n is 0 if there is none */
	size_t n;
	struct unit_cost cost[UNIT_COST_VALUES_MAX];
	struct arena arena; /* of the texts */
};

/*
 * Read the costs off @user, a run of the plan on the user target, and @kernel, one on bare
 * metal; NULL: there is none, and @no_kernel says why. Costs whose time is an emulator's
 * are left out with that reason. NULL: no memory.
 */
struct calibration *calibration_derive(const struct run *user, const struct run *kernel,
				       const char *no_kernel, const char *version);
void calibration_free(struct calibration *calibration);

/* NULL if it was not measured. @at: 0 if it has none. */
const struct unit_cost *calibration_cost(const struct calibration *calibration,
					 enum unit_cost_name name, double at);
/*
 * At @at, between values measured linearly, beyond them in proportion to the last two (one
 * value: constant). NAN: none was measured.
 */
double calibration_at(const struct calibration *calibration, enum unit_cost_name name, double at);

/* The file of a machine below @results; free() it. NULL: no memory. */
char *calibration_path(const char *results, const char *machine, const char *suffix);
/* Read and check. 1 if there is no such file, -1 with @error set if it can't be used. */
int calibration_load(const char *path, struct calibration **out, struct run_error *error);
/*
 * Write the whole file or none of it, the folder too if need be; what was there before is
 * kept as PATH with ".previous" before its suffix. 0, or -1 with @error set.
 */
int calibration_save(const struct calibration *calibration, const char *path,
		     struct run_error *error);

/* As a table for people, at most 120 columns; @previous (may be NULL) beside it. */
void calibration_print(const struct calibration *calibration, const struct calibration *previous,
		       FILE *out);

#endif /* ANALYSIS_CALIBRATION_H */
