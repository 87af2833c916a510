/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_together.h - two cores by counts and by time, and what both say together.
 *
 * As a night judges them, but of two builds that need not be commits.
 */
#ifndef ANALYSIS_COMPARE_TOGETHER_H
#define ANALYSIS_COMPARE_TOGETHER_H

#include "night.h"

struct together {
	const struct comparison *exact, *time; /* NULL: not measured */
	const struct night *night; /* judged; its commits, repo and suite are not read */
};

/*
 * Text and markdown: the tables of time (@verbose: of counts, too), then a line a case and the
 * summary. JSON: "exact", "time", "together", "exit_code". CSV: a line a case. JUnit: a test a
 * case.
 */
void together_print(const struct together *together, enum compare_format format, bool verbose,
		    FILE *out);

#endif /* ANALYSIS_COMPARE_TOGETHER_H */
