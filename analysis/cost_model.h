/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cost_model.h - what an exact run's counts would cost on a machine: exact counts times the
 * unit costs that `trimm calibrate` measured there. Modelled, never measured, and always
 * shown as that, with the constants.
 *
 * Priced are translations and flushes alone: instructions have no price of their own (one
 * may take a cycle or wait for memory), and page faults of the host are not counted.
 */
#ifndef ANALYSIS_COST_MODEL_H
#define ANALYSIS_COST_MODEL_H

#include "calibration.h"
#include "plot_cases.h"

enum cost_term_name {
#define COST_TERM(name, label, about) COST_TERM_##name,
#include "cost_terms.def"
#undef COST_TERM
	COST_TERMS
};

struct cost_term_info {
	const char *name, *label, *about;
};
extern const struct cost_term_info cost_term_info[COST_TERMS];

/* Per operation. count: 0 where nothing was counted; unit: NAN where it is not calibrated. */
struct cost_term {
	double count, unit, ns;
};

struct cost_model {
	struct cost_term term[COST_TERMS];
	double ns;  /* sum of the terms that have a price */
	bool whole; /* none that counts is without */
};

void cost_model_of(const struct calibration *calibration, const struct bench *bench,
		   struct cost_model *model);

/*
 * Of all arms of an exact run, with the constants, as text of at most 120 columns; without a
 * calibration (NULL) one line that says how to get one. Nothing if nothing was modelled.
 */
void cost_model_print(const struct calibration *calibration, const struct plot_cases *cases,
		      FILE *out);
/* The constants that price such runs, in a line each: "walk: 26 ns, from access by ...". */
void cost_model_print_constants(const struct calibration *calibration, const char *before,
				const char *after, FILE *out);
/* Did the emulator's plugin count what this model needs? */
bool cost_model_applies(const struct plot_cases *cases);

#endif /* ANALYSIS_COST_MODEL_H */
