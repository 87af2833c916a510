/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_map.c - the map of a grid of cases: threshold of lazy flushing x pages of an allocation x
 * CPUs, and how long an operation takes; where time is not real, how many CPUs it interrupts.
 */
#include "plot_sweep.h"
#include "bench_facts.h"
#include "compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAGES	  "nr_pages"
#define CPUS	  "cpus"
#define THRESHOLD "lazy_max_mib"

/* Values along a side of the map; what has more is a sweep, not a map. */
#define SIDE_MAX 16
/* Texts in a cell are not told apart where there are more columns than this. */
#define TEXTS_MAX 6

struct side {
	size_t n;
	double at[SIDE_MAX];
};

struct map {
	struct side pages, cpus, threshold;
	bool timed;
	double low, high;
};

static double number_of(const struct bench *bench, const char *name)
{
	const json_t *value = json_object_get(bench->params, name);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool side_has(const struct side *side, double value)
{
	for (size_t i = 0; i < side->n; i++) {
		if (side->at[i] == value)
			return true;
	}
	return false;
}

/* In rising order; false: it is full. */
static bool side_add(struct side *side, double value)
{
	size_t i = side->n;

	if (side_has(side, value))
		return true;
	if (isnan(value) || side->n == SIDE_MAX)
		return false;
	for (; i > 0 && side->at[i - 1] > value; i--)
		side->at[i] = side->at[i - 1];
	side->at[i] = value;
	side->n++;
	return true;
}

static size_t side_place(const struct side *side, double value)
{
	size_t i = 0;

	while (side->at[i] != value)
		i++;
	return i + 1;
}

/*
 * Does @a, which ran, differ from @b in nothing but the map's sides and what follows from these?
 */
static bool is_cell(const struct bench *a, const struct bench *b)
{
	static const char *const sides[] = {PAGES, CPUS, THRESHOLD, "lazy_max_pages",
					    "min_free_kbytes"};
	json_t *left, *right;
	bool same;

	if (strcmp(a->status, "ok") || strcmp(a->workload, b->workload) ||
	    strcmp(a->target, b->target))
		return false;
	left = json_copy(a->params);
	right = json_copy(b->params);
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		json_object_del(left, sides[i]);
		json_object_del(right, sides[i]);
	}
	same = json_equal(left, right);
	json_decref(left);
	json_decref(right);
	return same;
}

static double value_of(const struct map *map, const struct bench *bench)
{
	struct estimate rate;

	if (!map->timed)
		return bench_interrupts_per_victim(bench) * (number_of(bench, CPUS) - 1);
	rate = bench_rate(bench, SWEEP_CONFIDENCE);
	return rate.n ? 1e9 / rate.median : NAN;
}

static bool map_take(struct map *map, const struct bench *bench)
{
	double value = value_of(map, bench);

	if (isnan(value))
		return true;
	if (value > 0) {
		map->low = fmin(map->low, value);
		map->high = fmax(map->high, value);
	}
	return side_add(&map->pages, number_of(bench, PAGES)) &&
	       side_add(&map->cpus, number_of(bench, CPUS)) &&
	       side_add(&map->threshold, number_of(bench, THRESHOLD));
}

/* Is there a map, and is @at the first case of it? */
static bool map_read(const struct plot_cases *cases, const struct plot_case *at, struct map *map)
{
	const struct bench *first = at->arm[0];

	*map = (struct map){.timed = bench_real_time(first), .low = INFINITY};
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *other = &cases->cases[i];

		for (size_t a = 0; a < other->nr_arms; a++) {
			if (!is_cell(other->arm[a], first))
				continue;
			if (other < at || !map_take(map, other->arm[a]))
				return false;
		}
	}
	return map->pages.n > 1 && map->threshold.n > 1 && map->high > 0;
}

static void put_cell(struct script *script, const struct map *map, const struct bench *bench)
{
	double value = value_of(map, bench);
	char text[32] = "";

	if (isnan(value))
		return;
	if (map->pages.n <= TEXTS_MAX && map->timed)
		compare_format_value(value, "ns", text, sizeof(text));
	else if (map->pages.n <= TEXTS_MAX)
		snprintf(text, sizeof(text), "%.2g", value);
	fprintf(script->data, "%zu %zu %.6g \"%s\"\n",
		side_place(&map->pages, number_of(bench, PAGES)),
		side_place(&map->threshold, number_of(bench, THRESHOLD)), value, text);
}

/* What the places of a side stand for. */
static void put_side(struct script *script, const char *array, const struct side *side,
		     const char *suffix)
{
	fprintf(script->script, "array %s[%zu]\n", array, side->n);
	for (size_t i = 0; i < side->n; i++)
		fprintf(script->script, "%s[%zu] = '%g%s'\n", array, i + 1, side->at[i],
			side->at[i] == 1 && *suffix ? " CPU" : suffix);
}

static int map_open(struct script *script, const struct plot_target *target,
		    const struct plot_case *at, const struct map *map, struct figure *figure)
{
	const char *what = map->timed ? "time" : "interrupts";
	const char *parts[] = {at->workload, "map", what, at->arm[0]->target, NULL, NULL};
	char place[32];
	int err;

	/* Maps of a workload on a target may differ in anything: the first case tells which. */
	snprintf(place, sizeof(place), "%d", at->arm[0]->case_id);
	parts[4] = place;
	err = script_open(script, target->cases, target->directory, parts);
	if (err)
		return err;
	strcpy(figure->name, script->name);
	figure->workload = at->workload;
	if (map->timed)
		snprintf(figure->title, sizeof(figure->title),
			 "%s: time per operation, n = %lu blocks a cell", at->workload,
			 (unsigned long)at->arm[0]->blocks);
	else
		snprintf(figure->title, sizeof(figure->title), "%s: interrupts per free on %s",
			 at->workload, at->arm[0]->target);
	script_text(script, "title", figure->title);
	return 0;
}

int plot_map(const struct plot_target *target, const struct plot_case *at, struct figure *figure)
{
	const struct plot_cases *cases = target->cases;
	struct script script;
	struct map map;
	size_t deep;
	int err;

	if (!map_read(cases, at, &map))
		return -ENODATA;
	err = map_open(&script, target, at, &map, figure);
	if (err)
		return err;
	for (size_t c = 0; c < map.cpus.n; c++) {
		script_block(&script, "");
		for (const struct plot_case *other = at; other < cases->cases + cases->nr_cases;
		     other++) {
			for (size_t a = 0; a < other->nr_arms; a++) {
				if (is_cell(other->arm[a], at->arm[0]) &&
				    number_of(other->arm[a], CPUS) == map.cpus.at[c])
					put_cell(&script, &map, other->arm[a]);
			}
		}
	}
	deep = (map.cpus.n + 1) / 2;
	put_side(&script, "cpus", &map.cpus, " CPUs");
	put_side(&script, "column", &map.pages, "");
	put_side(&script, "row", &map.threshold, "");
	script_text(&script, "param", THRESHOLD " (MiB x fls(cpus))");
	script_number(&script, "panels", (double)map.cpus.n);
	script_number(&script, "columns", (double)map.pages.n);
	script_number(&script, "rows", (double)map.threshold.n);
	script_number(&script, "timed", map.timed);
	script_number(&script, "low", map.low);
	script_number(&script, "high", fmax(map.high, map.low * 1.01));
	script_number(&script, "deep", (double)deep);
	script_number(&script, "height", 100 + 360 * (double)deep);
	figure->how =
		map.timed ? "each cell is a case: pages of an allocation to the right, the "
			    "threshold of lazy flushing upward; redder is slower, one scale for "
			    "all panels. Where a column stops changing, a higher threshold buys "
			    "no more time. Medians; how sure they are, the tables say."
			  : "each cell is a case: pages of an allocation to the right, the "
			    "threshold of lazy flushing upward; redder is more interrupts of other "
			    "CPUs for a free, mmcore's exact count, one scale for all panels. "
			    "Grey: the threshold was not reached while it was counted.";
	return script_close(&script, "map");
}
