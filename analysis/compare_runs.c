/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_runs.c - which benches of two runs face each other: those of equal workload,
 * target and parameters, but for one that the runs may be told to differ in. Their times were not
 * taken side by side, so time is only shown.
 */
#include "compare_build.h"
#include "error.h"

#include <stdlib.h>
#include <string.h>

/* A bench under the text of all that must be equal. */
struct key {
	const char *text;
	const struct bench *bench;
};

static int by_text(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : (x->bench > y->bench) - (x->bench < y->bench);
}

/*
 * Without mode=timed, which is what runs were before there was another mode; and without the
 * factor, if there is one.
 */
static char *params_text(const struct bench *bench, const char *factor)
{
	json_t *params = json_copy(bench->params);
	const char *mode = json_string_value(json_object_get(params, "mode"));
	char *text;

	if (mode && !strcmp(mode, "timed"))
		json_object_del(params, "mode");
	if (factor)
		json_object_del(params, factor);
	text = json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(params);
	return text;
}

/* The benches of a run sorted by key; NULL: no memory. */
static struct key *keys_of(struct arena *arena, const struct run *run, const char *factor)
{
	struct key *keys = calloc(run->nr_benches + 1, sizeof(*keys));

	for (size_t i = 0; keys && i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i];
		char *params = params_text(bench, factor);

		keys[i].bench = bench;
		keys[i].text = arena_printf(arena, "%s %s %s", bench->workload, bench->target,
					    params ? params : "");
		free(params);
	}
	if (keys)
		qsort(keys, run->nr_benches, sizeof(*keys), by_text);
	return keys;
}

static int by_place(const void *a, const void *b)
{
	const struct compare_group *x = a, *y = b;

	return (x->base > y->base) - (x->base < y->base);
}

/* Both lists are sorted: walk them side by side; the k-th of a key meets the k-th. */
static void match(struct comparison *comparison, struct key *base, size_t nr_base, struct key *next,
		  size_t nr_next)
{
	size_t i = 0, j = 0;

	while (i < nr_base && j < nr_next) {
		int order = strcmp(base[i].text, next[j].text);

		if (!order && !compare_is_harness(base[i].bench)) {
			comparison->groups[comparison->nr_groups++] = (struct compare_group){
				.workload = base[i].bench->workload,
				.base = base[i].bench,
				.next = next[j].bench,
			};
		}
		i += order <= 0;
		j += order >= 0;
	}
	qsort(comparison->groups, comparison->nr_groups, sizeof(*comparison->groups), by_place);
}

static size_t note_leftovers(struct comparison_memory *memory, const struct run *run)
{
	size_t left = 0;

	for (size_t i = 0; i < run->nr_benches; i++)
		left += !compare_is_harness(&run->benches[i]);
	left -= memory->comparison.nr_groups;
	if (left)
		compare_footnote(memory, "benchmark set differs: %zu only in %s", left,
				 run->run_id);
	return left;
}

static void note_time(struct comparison_memory *memory)
{
	const struct comparison *comparison = &memory->comparison;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		if (comparison->groups[i].base->nr_samples) {
			compare_footnote(memory, "time is unpaired: the runs were not measured "
						 "side by side, so it is shown and not judged");
			return;
		}
	}
}

/* The run's id, or the factor's value. */
static const char *name_of(struct arena *arena, const struct run *run, const struct bench *bench,
			   const char *factor)
{
	char value[256];

	return arena_text(arena,
			  factor ? bench_param(bench, factor, value, sizeof(value)) : run->run_id);
}

static int fill(struct comparison_memory *memory, const struct run *base, const struct run *next)
{
	struct comparison *comparison = &memory->comparison;
	const char *factor = comparison->factor;
	const char *worse = strcmp(base->status, "incomplete") ? next->status : base->status;
	struct pair_state *states = calloc(comparison->nr_groups + 1, sizeof(*states));
	int err;

	if (!states)
		return -1;
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		struct compare_group *group = &comparison->groups[i];

		group->base_name = name_of(&memory->arena, base, group->base, factor);
		group->next_name = name_of(&memory->arena, next, group->next, factor);
		states[i] = compare_pair_state(memory, group, worse);
		states[i].show_time = !strcmp(group->base->series, group->next->series);
		if (states[i].has_rows && !states[i].show_time)
			compare_footnote(memory, "time is not shown where machine, timebase or "
						 "workload differ (series)");
	}
	err = compare_fill(memory, states);
	free(states);
	return err;
}

int compare_runs(const struct run *base, const struct run *next, const char *factor,
		 const struct compare_options *options, struct comparison **out,
		 struct run_error *error)
{
	size_t most = base->nr_benches < next->nr_benches ? base->nr_benches : next->nr_benches;
	struct comparison_memory *memory = compare_new(most, options);
	struct key *base_keys = NULL, *next_keys = NULL;
	char nearest[320];
	size_t gone;
	int err = -1;

	*out = NULL;
	if (!memory)
		return error_set(error, "%s: out of memory", base->path);
	base_keys = keys_of(&memory->arena, base, factor);
	next_keys = keys_of(&memory->arena, next, factor);
	if (!base_keys || !next_keys)
		goto out_memory;
	memory->comparison.title =
		arena_printf(&memory->arena, "%s against %s", next->run_id, base->run_id);
	memory->comparison.factor = factor ? arena_text(&memory->arena, factor) : NULL;
	match(&memory->comparison, base_keys, base->nr_benches, next_keys, next->nr_benches);
	if (!memory->comparison.nr_groups) {
		compare_nearest(base, next, nearest, sizeof(nearest));
		error_set(error, "%s and %s have no benchmark with equal parameters; %s",
			  base->path, next->path, nearest);
		err = 1;
		goto out_free;
	}
	gone = note_leftovers(memory, base);
	note_leftovers(memory, next);
	note_time(memory);
	if (fill(memory, base, next))
		goto out_memory;
	/* A new case is welcome; one that was lost, or changed its parameters, must not pass. */
	memory->comparison.count[VERDICT_NOT_COMPARABLE] += gone;
	*out = &memory->comparison;
	free(base_keys);
	free(next_keys);
	return 0;

out_memory:
	error_set(error, "%s: out of memory", base->path);
out_free:
	free(base_keys);
	free(next_keys);
	comparison_free(&memory->comparison);
	return err;
}
