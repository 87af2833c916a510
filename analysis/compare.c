/* SPDX-License-Identifier: GPL-2.0-only */
/* compare.c - what both ways of comparing share: labels, geomeans, counts, exit codes. */
#include "compare_build.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICT_COUNT] = {
		[VERDICT_REGRESSED] = "regressed",
		[VERDICT_IMPROVED] = "improved",
		[VERDICT_UNCHANGED] = "unchanged",
		[VERDICT_INCONCLUSIVE] = "inconclusive",
		[VERDICT_NOT_COMPARABLE] = "not comparable",
		[VERDICT_SKIPPED] = "skipped",
		[VERDICT_NOT_APPLICABLE] = "not applicable",
		[VERDICT_SHOWN] = "shown",
	};

	return names[verdict];
}

struct comparison_memory *compare_new(size_t nr_groups, const struct compare_options *options)
{
	struct comparison_memory *memory = calloc(1, sizeof(*memory));

	if (!memory)
		return NULL;
	memory->options = *options;
	memory->comparison.groups = calloc(nr_groups + 1, sizeof(*memory->comparison.groups));
	memory->comparison.geomeans = calloc(nr_groups + 1, sizeof(*memory->comparison.geomeans));
	if (memory->comparison.groups && memory->comparison.geomeans)
		return memory;
	comparison_free(&memory->comparison);
	return NULL;
}

void comparison_free(struct comparison *comparison)
{
	struct comparison_memory *memory = (struct comparison_memory *)comparison;

	if (!comparison)
		return;
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		free(comparison->groups[i].rows);
		free(comparison->groups[i].processes);
	}
	free(comparison->groups);
	free(comparison->geomeans);
	free(comparison->footnotes);
	arena_free(&memory->arena);
	free(memory);
}

void compare_footnote(struct comparison_memory *memory, const char *fmt, ...)
{
	struct comparison *comparison = &memory->comparison;
	char buffer[400];
	const char *text, **bigger;
	va_list args;

	va_start(args, fmt);
	vsnprintf(buffer, sizeof(buffer), fmt, args);
	va_end(args);
	text = arena_text(&memory->arena, buffer);
	for (size_t i = 0; i < comparison->nr_footnotes; i++) {
		if (comparison->footnotes[i] == text)
			return;
	}
	bigger = realloc(comparison->footnotes, (comparison->nr_footnotes + 1) * sizeof(*bigger));
	if (!bigger) {
		memory->arena.exhausted = true;
		return;
	}
	bigger[comparison->nr_footnotes++] = text;
	comparison->footnotes = bigger;
}

static const char *why_of(struct comparison_memory *memory, const char *name,
			  const struct bench *bench)
{
	bool applicable = strcmp(bench->status, "not_applicable");

	return arena_printf(&memory->arena, "%s %s: %s", name,
			    applicable ? bench->status : "not applicable",
			    bench->why ? bench->why : "no reason given");
}

struct pair_state compare_pair_state(struct comparison_memory *memory,
				     const struct compare_group *group, const char *run_status)
{
	const struct bench *base = group->base, *next = group->next;
	const struct bench *bad = strcmp(base->status, "ok") ? base : next;
	const char *bad_name = bad == base ? group->base_name : group->next_name;
	struct pair_state state = {VERDICT_NOT_COMPARABLE, NULL, true, true};

	if (strcmp(bad->status, "ok")) {
		state.why = why_of(memory, bad_name, bad);
		state.has_rows = !strcmp(bad->status, "partial");
		if (!strcmp(bad->status, "skipped"))
			state.outcome = VERDICT_SKIPPED;
		if (!strcmp(bad->status, "not_applicable"))
			state.outcome = VERDICT_NOT_APPLICABLE;
	} else if (strcmp(base->version, next->version)) {
		state.why = "the workload's source differs";
		state.has_rows = false;
	} else if (strcmp(base->ops_digest, next->ops_digest)) {
		state.why = arena_printf(&memory->arena, "operations differ: digest %s and %s",
					 base->ops_digest, next->ops_digest);
		state.has_rows = false;
	} else if (!strcmp(run_status, "incomplete")) {
		state.why = "the run is incomplete";
	} else if (base->check_level || next->check_level) {
		state.why = "measured with checks on (check_level is not 0)";
	} else {
		state.outcome = VERDICT_SHOWN;
	}
	return state;
}

/*
 * Labels of a workload's groups with one parameter more; how many different ones there are
 * then. The texts are interned, so equal labels are equal pointers.
 */
static size_t longer_labels(struct comparison_memory *memory, const char *workload,
			    const char *name, const char **labels)
{
	const struct comparison *comparison = &memory->comparison;
	json_t *different = json_object();
	char value[128];
	size_t n;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		if (strcmp(group->workload, workload))
			continue;
		labels[i] = arena_printf(&memory->arena, "%s%s%s=%s", group->label,
					 *group->label ? " " : "", name,
					 bench_param(group->base, name, value, sizeof(value)));
		json_object_set_new(different, labels[i], json_null());
	}
	n = json_object_size(different);
	json_decref(different);
	return n;
}

/*
 * A label holds the parameters that tell cases apart. One that only follows from those
 * before it (lazy_max_pages=0 is worked out from cpus) tells nothing more.
 */
static void label_workload(struct comparison_memory *memory, const struct compare_group *first,
			   const char **labels)
{
	struct comparison *comparison = &memory->comparison;
	size_t different = 1, more;
	const char *name;
	json_t *value;

	json_object_foreach (first->base->params, name, value) {
		if (comparison->factor && !strcmp(name, comparison->factor))
			continue;
		more = longer_labels(memory, first->workload, name, labels);
		if (more <= different)
			continue;
		different = more;
		for (size_t i = 0; i < comparison->nr_groups; i++) {
			if (!strcmp(comparison->groups[i].workload, first->workload))
				comparison->groups[i].label = labels[i];
		}
	}
}

static int set_labels(struct comparison_memory *memory)
{
	struct comparison *comparison = &memory->comparison;
	const char **labels = calloc(comparison->nr_groups + 1, sizeof(*labels));

	if (!labels)
		return -1;
	for (size_t i = 0; i < comparison->nr_groups; i++)
		comparison->groups[i].label = "";
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];
		bool labelled = false;

		for (size_t j = 0; j < i && !labelled; j++)
			labelled = !strcmp(comparison->groups[j].workload, group->workload);
		if (!labelled)
			label_workload(memory, group, labels);
	}
	free(labels);
	return 0;
}

/* The geometric means are summed as logarithms first. */
static void add_to_geomean(struct comparison *comparison, const struct compare_group *group,
			   const struct compare_row *row)
{
	struct compare_geomean *mean = comparison->geomeans;
	size_t i;

	for (i = 0; i < comparison->nr_geomeans; i++, mean++) {
		if (mean->base_name == group->base_name && mean->next_name == group->next_name &&
		    mean->unit == row->unit)
			break;
	}
	if (i == comparison->nr_geomeans) {
		*mean = (struct compare_geomean){
			group->base_name, group->next_name, row->unit, 0, 0, 0, 0};
		comparison->nr_geomeans++;
	}
	mean->base += log(row->base);
	mean->next += log(row->next);
	mean->ratio += log(row->ratio);
	mean->n++;
}

static void set_geomeans(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		for (size_t j = 0; j < group->nr_rows; j++) {
			const struct compare_row *row = &group->rows[j];

			comparison->count[row->verdict]++;
			if (row->kind == ROW_TIME && row->ratio > 0 && row->base > 0 &&
			    row->next > 0)
				add_to_geomean(comparison, group, row);
		}
	}
	for (size_t i = 0; i < comparison->nr_geomeans; i++) {
		struct compare_geomean *mean = &comparison->geomeans[i];

		mean->base = exp(mean->base / (double)mean->n);
		mean->next = exp(mean->next / (double)mean->n);
		mean->ratio = exp(mean->ratio / (double)mean->n);
	}
}

static bool has_time(const struct compare_group *group)
{
	for (size_t i = 0; i < group->nr_rows; i++) {
		if (group->rows[i].kind == ROW_TIME && group->rows[i].ratio > 0)
			return true;
	}
	return false;
}

/* A mean over fewer cases than there are is another benchmark's. */
static void note_geomeans(struct comparison_memory *memory)
{
	const struct comparison *comparison = &memory->comparison;

	for (size_t i = 0; i < comparison->nr_geomeans; i++) {
		const struct compare_geomean *mean = &comparison->geomeans[i];
		size_t without = 0;

		for (size_t j = 0; j < comparison->nr_groups; j++)
			without += comparison->groups[j].base_name == mean->base_name &&
				   comparison->groups[j].next_name == mean->next_name &&
				   !has_time(&comparison->groups[j]);
		if (without && mean->n > 1)
			compare_footnote(memory,
					 "benchmark set differs: %zu case%s no time on both sides, "
					 "and no part in the geomean of %zu",
					 without, without == 1 ? " has" : "s have", mean->n);
	}
}

int compare_fill(struct comparison_memory *memory, const struct pair_state *states)
{
	struct comparison *comparison = &memory->comparison;
	size_t judged = 0;

	/* What was counted, or timed by an emulator, asks no question of chance. */
	for (size_t i = 0; i < comparison->nr_groups; i++)
		judged += states[i].outcome == VERDICT_SHOWN &&
			  bench_real_time(comparison->groups[i].base) &&
			  bench_real_time(comparison->groups[i].next);
	memory->row_confidence = statistics_family_confidence(memory->options.confidence, judged);
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		if (compare_fill_group(memory, &comparison->groups[i], &states[i]))
			return -1;
	}
	if (set_labels(memory))
		return -1;
	set_geomeans(comparison);
	note_geomeans(memory);
	return memory->arena.exhausted ? -1 : 0;
}

bool compare_is_harness(const struct bench *bench)
{
	return !strcmp(bench->workload, "null");
}

static bool has_verdict(const struct compare_group *group, enum verdict verdict)
{
	for (size_t i = 0; i < group->nr_rows; i++) {
		if (group->rows[i].verdict == verdict)
			return true;
	}
	return false;
}

bool compare_is_trade_off(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		if (has_verdict(group, VERDICT_REGRESSED) && !group->trade_off)
			return false;
	}
	return comparison->count[VERDICT_REGRESSED] > 0;
}

int compare_exit_code(const struct comparison *comparison)
{
	const size_t *count = comparison->count;

	if (count[VERDICT_REGRESSED])
		return 3;
	if (count[VERDICT_INCONCLUSIVE] || count[VERDICT_NOT_COMPARABLE])
		return 4;
	if (count[VERDICT_IMPROVED] || count[VERDICT_UNCHANGED])
		return 0;
	/* Measuring nothing must not pass. */
	return count[VERDICT_SKIPPED] || count[VERDICT_NOT_APPLICABLE] ? 77 : 4;
}

const char *compare_summary(const struct comparison *comparison, char *buffer, size_t size)
{
	const size_t *count = comparison->count;
	int length;

	length = snprintf(buffer, size,
			  "trimm: regressed %zu, improved %zu, unchanged %zu, inconclusive %zu, "
			  "not comparable %zu, skipped %zu",
			  count[VERDICT_REGRESSED], count[VERDICT_IMPROVED],
			  count[VERDICT_UNCHANGED], count[VERDICT_INCONCLUSIVE],
			  count[VERDICT_NOT_COMPARABLE], count[VERDICT_SKIPPED]);
	if (count[VERDICT_NOT_APPLICABLE] && length >= 0 && (size_t)length < size)
		snprintf(buffer + length, size - length, ", not applicable %zu",
			 count[VERDICT_NOT_APPLICABLE]);
	return buffer;
}
