/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_ratios.h - the figure of how much of each of many cases changed, a line a case. */
#ifndef ANALYSIS_PLOT_RATIOS_H
#define ANALYSIS_PLOT_RATIOS_H

#include "compare.h"
#include "plot.h"

struct ratio {
	const char *workload, *label, *name; /* name: of what is compared, or "" */
	double ratio, low, high;	     /* low, high: NAN if it has no interval */
	enum verdict verdict;
	bool faint; /* of a second invocation: drawn smaller, on the line of the one before */
};

/* Lines of a figure: more would be no figure. */
#define RATIOS_MAX 60

struct ratios {
	const char *file;     /* name of its files */
	const char *title;    /* without the number of cases */
	const char *workload; /* whose page it is for; "": the index */
	const char *how;
	size_t n;
	struct ratio *list;
};

/*
 * Add the figure's script and data to @figures and @directory: the RATIOS_MAX that differ most, in
 * the order given. 0, -ENODATA if there are none, or another -errno: can't write, no memory.
 */
int plot_ratios(const struct ratios *ratios, const char *directory, struct figures *figures);

/*
 * Those of a metric, in the cases of a comparison that are of @workload (NULL: all): into
 * @ratios->list, calloc()ed, for free(). 0 or -ENOMEM.
 */
int ratios_of(const struct comparison *comparison, const char *workload, enum row_kind kind,
	      const char *metric, struct ratios *ratios);

#endif /* ANALYSIS_PLOT_RATIOS_H */
