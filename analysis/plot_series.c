/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_series.c - the figure of what a workload followed over its iterations: page-frag's memory.
 */
#include "plot_panels.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* As many as a workload may follow (WORKLOAD_SERIES_MAX). */
#define PANELS_MAX 4

static const struct samples *series_of(const struct bench *bench, const char *name)
{
	const struct samples *series = bench_samples(bench, name);

	return series && series->points && series->n ? series : NULL;
}

/* For a reader; others are shown by their own names. */
static const char *label_of(const char *name)
{
	static const char *const known[][2] = {
		{"free_2M", "free 2 MiB blocks"},
		{"to_move", "pages to move"},
		{"unusable_2M", "unusable index, ‰"},
		{"extfrag_2M", "fragmentation index, ‰"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i][0], name) == 0)
			return known[i][1];
	}
	return name;
}

static bool all_arms_have(const struct plot_case *at, const char *name)
{
	for (size_t a = 0; a < at->nr_arms; a++) {
		if (!series_of(at->arm[a], name))
			return false;
	}
	return true;
}

/* Of what all arms followed, that which ever changed or differed; @all: how much they followed. */
static size_t series_panels(const struct plot_case *at, struct panel *panels, size_t *all)
{
	const struct bench *first = at->arm[0];
	size_t n = 0;

	*all = 0;
	for (size_t s = 0; s < first->nr_samples && n < PANELS_MAX; s++) {
		const char *name = first->samples[s].metric;
		struct panel panel = {name, label_of(name), false, false, INFINITY, -INFINITY};

		if (!all_arms_have(at, name))
			continue;
		++*all;
		for (size_t a = 0; a < at->nr_arms; a++) {
			const struct samples *series = series_of(at->arm[a], name);

			for (size_t i = 0; i < series->n; i++)
				panel_take(&panel, series->values[i]);
		}
		if (panel.most > panel.least)
			panels[n++] = panel;
	}
	return n;
}

static void put_series(struct script *script, const struct bench *bench, const char *name)
{
	const struct samples *series = series_of(bench, name);
	char arm[64];

	script_block(script, plot_arm_name(bench, arm, sizeof(arm)));
	for (size_t i = 0; i < series->n; i++)
		fprintf(script->data, "%zu %.9g\n", i, series->values[i]);
}

#define HOW                                                                                     \
	"what was found after each iteration, 0 being before the first; counted, the same on "  \
	"every repetition. Free 2 MiB blocks: more is better. Pages to move: as few as would "  \
	"have to, for as many such blocks as free memory has room for. The unusable index is "  \
	"the share of free memory in smaller blocks. The external fragmentation index is "      \
	"-1000 while there is a block of 2 MiB; without one it tells, from 0 to 1000, how far " \
	"fragmentation is at fault and not too little memory."

int plot_series(const struct plot_target *target, const struct plot_case *at, struct figure *figure)
{
	struct panel panels[PANELS_MAX];
	size_t all, n = series_panels(at, panels, &all);
	struct script script;
	int err;

	if (!n)
		return -ENODATA;
	err = case_open(&script, target, at, "series", "", "over its iterations",
			series_of(at->arm[0], panels[0].name)->n, figure);
	if (err)
		return err;
	panels_put(&script, panels, n, "");
	for (size_t p = 0; p < n; p++) {
		for (size_t a = 0; a < at->nr_arms; a++)
			put_series(&script, at->arm[a], panels[p].name);
	}
	figure->how = n < all ? HOW " Not shown: what never changed in any arm." : HOW;
	return script_close(&script, "series");
}
