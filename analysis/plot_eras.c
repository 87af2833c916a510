/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_eras.c - see plot_eras.h. A panel for each case, or each count of one; in it a bar for each
 * era, in the order of the run, which is that of time.
 */
#include "plot_eras.h"
#include "bench_facts.h"
#include "compare.h"
#include "exact_table.h"
#include "plot_draw.h"
#include "plot_script.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define PANELS_MAX 8
/* From this on the smallest bar would be no bar: the axis is logarithmic. */
#define LINEAR_MOST 15

struct era_panel {
	const struct plot_case *at;
	const struct exact_headline *count; /* NULL: time */
	char title[300];
};

const char *era_of(const struct bench *bench, char *buffer, size_t size)
{
	return bench_param(bench, "era", buffer, size);
}

static bool has_eras(const struct plot_case *at)
{
	char first[64], other[64];

	era_of(at->arm[0], first, sizeof(first));
	for (size_t a = 1; *first && a < at->nr_arms; a++) {
		if (strcmp(first, era_of(at->arm[a], other, sizeof(other))))
			return true;
	}
	return false;
}

static struct estimate time_of(const struct bench *bench)
{
	const struct samples *total = bench_samples(bench, "total");
	double per = total && total->ops ? (double)total->ops : 1;
	struct estimate none = {NAN, NAN, NAN, 0}, time;

	if (!total || !total->n)
		return none;
	time = statistics_median_interval(total->values, total->n, 0.95);
	return (struct estimate){time.median / per, time.low / per, time.high / per, time.n};
}

/* Less than so much of an operation, or of a change, is no part of a history. */
#define COUNT_LEAST  0.01
#define CHANGE_LEAST 1.02

static bool changes(const struct plot_case *at, const struct exact_headline *count)
{
	double least = INFINITY, most = 0;

	for (size_t a = 0; a < at->nr_arms; a++) {
		least = fmin(least, count->value(at->arm[a]));
		most = fmax(most, count->value(at->arm[a]));
	}
	return most >= COUNT_LEAST && most > least * CHANGE_LEAST;
}

/* As where all that miss the first level miss the second. */
static bool same_counts(const struct plot_case *at, const struct exact_headline *a,
			const struct exact_headline *b)
{
	for (size_t i = 0; i < at->nr_arms; i++) {
		if (a->value(at->arm[i]) != b->value(at->arm[i]))
			return false;
	}
	return true;
}

/* The label without what is the same for all who read it: how it was measured. */
static const char *short_label(const struct plot_case *at, char *buffer, size_t size)
{
	static const char *const left_out[] = {"mode=", "timing=", "target="};
	char words[256], *rest = words, *word;

	snprintf(words, sizeof(words), "%s", at->label);
	*buffer = '\0';
	while ((word = strsep(&rest, " "))) {
		bool wanted = true;

		for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
			wanted &= strncmp(word, left_out[i], strlen(left_out[i])) != 0;
		if (wanted && strlen(buffer) + strlen(word) + 2 < size)
			strcat(strcat(buffer, " "), word);
	}
	return buffer;
}

static struct estimate value_of(const struct era_panel *panel, const struct bench *bench)
{
	double count;

	if (!panel->count)
		return time_of(bench);
	count = panel->count->value(bench);
	return (struct estimate){count, count, count, 1};
}

static bool add_panel(struct era_panel *panels, size_t *n, const struct plot_case *at,
		      const struct exact_headline *count)
{
	struct era_panel *panel = &panels[*n];
	char label[256];

	if (*n == PANELS_MAX)
		return false;
	*panel = (struct era_panel){.at = at, .count = count};
	snprintf(panel->title, sizeof(panel->title), "%s%s: %s", at->workload,
		 short_label(at, label, sizeof(label)), count ? count->label : "time");
	++*n;
	return true;
}

static size_t timed_panels(const struct plot_cases *cases, struct era_panel *panels)
{
	size_t n = 0;

	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		/* An emulator's time is not the hardware's. */
		if (has_eras(at) && !bench_is_exact(at->arm[0]) && bench_real_time(at->arm[0]) &&
		    bench_samples(at->arm[0], "total"))
			add_panel(panels, &n, at, NULL);
	}
	return n;
}

/* The first count of each case, which is instructions; then what else changed, as room is left. */
static size_t counted_panels(const struct plot_cases *cases, struct era_panel *panels)
{
	size_t n = 0;

	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct exact_headline *shown[EXACT_HEADLINES_MAX];
		const struct plot_case *at = &cases->cases[i];
		size_t nr, added = 0;

		if (!has_eras(at) || !bench_is_exact(at->arm[0]))
			continue;
		nr = exact_headlines(cases, at->workload, shown);
		for (size_t h = 0; h < nr && added < 4; h++) {
			if (changes(at, shown[h]) &&
			    !(h && same_counts(at, shown[h - 1], shown[h])))
				added += add_panel(panels, &n, at, shown[h]);
		}
	}
	return n;
}

/* Number, era, median, its interval, the median in words; '?' where an era has none. */
static void put_panel(struct script *script, const struct era_panel *panel, bool *wide)
{
	double least = INFINITY, most = 0;

	script_block(script, panel->title);
	for (size_t a = 0; a < panel->at->nr_arms; a++) {
		struct estimate value = value_of(panel, panel->at->arm[a]);
		char era[64], words[64];

		era_of(panel->at->arm[a], era, sizeof(era));
		if (isnan(value.median)) {
			fprintf(script->data, "%zu \"%s\" ? ? ? \"\"\n", a + 1, era);
			continue;
		}
		least = fmin(least, value.median);
		most = fmax(most, value.median);
		fprintf(script->data, "%zu \"%s\" %.6g %.6g %.6g \"%s\"\n", a + 1, era,
			value.median, isfinite(value.low) ? value.low : value.median,
			isfinite(value.high) ? value.high : value.median,
			compare_format_value(value.median, panel->count ? "" : "ns", words,
					     sizeof(words)));
	}
	*wide = least > 0 && most / least > LINEAR_MOST;
}

static int put_figure(const struct plot_cases *cases, const char *directory, const char *name,
		      const char *title, const char *how, const struct era_panel *panels, size_t n,
		      struct figures *figures)
{
	struct figure *figure;
	struct script script;
	char variable[32];
	int err;

	if (!n)
		return -ENODATA;
	figure = figures_add(figures);
	if (!figure)
		return -ENOMEM;
	err = script_open(&script, cases, directory, (const char *const[]){"eras", name, NULL});
	if (err)
		return err;
	strcpy(figure->name, script.name);
	snprintf(figure->title, sizeof(figure->title), "%s", title);
	figure->how = how;
	script_text(&script, "title", title);
	script_number(&script, "panels", (double)n);
	script_number(&script, "height", 60 + 210 * (double)((n + 1) / 2));
	fprintf(script.script, "array about[%zu]\narray wide[%zu]\n", n, n);
	for (size_t i = 0; i < n; i++) {
		bool wide;

		put_panel(&script, &panels[i], &wide);
		snprintf(variable, sizeof(variable), "about[%zu]", i + 1);
		script_text(&script, variable, panels[i].title);
		snprintf(variable, sizeof(variable), "wide[%zu]", i + 1);
		script_number(&script, variable, wide);
	}
	return script_close(&script, "eras");
}

#define HOW_TIME                                                                                 \
	"a bar an era, oldest first: nanoseconds of an operation (lower is better), the median " \
	"over the blocks and, as a line, its 95 % interval. All eras ran in one process, in "    \
	"turns, as the "                                                                         \
	"same program: what differs is what the releases did, not the compiler or the machine."
#define HOW_COUNTED                                                                             \
	"a bar an era, oldest first: what one operation takes, counted and the same on every "  \
	"repetition (lower is better). Only counts in which eras differ are shown; misses and " \
	"walk steps are those of a modelled TLB."

int plot_eras(const struct plot_cases *cases, const char *directory, struct figures *figures)
{
	struct era_panel timed[PANELS_MAX], counted[PANELS_MAX];
	size_t nr_timed = timed_panels(cases, timed), nr_counted = counted_panels(cases, counted);
	int err = put_figure(cases, directory, "time", "Linux's eras by time", HOW_TIME, timed,
			     nr_timed, figures);

	if (err && err != -ENODATA)
		return err;
	err = put_figure(cases, directory, "counts", "Linux's eras by counts", HOW_COUNTED, counted,
			 nr_counted, figures);
	return err == -ENODATA && nr_timed ? 0 : err;
}
