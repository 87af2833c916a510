/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_by.c - which arms of a run face each other: those of one case that differ in the
 * factor and nothing else. They ran in one process, in alternating slices. If no case holds two
 * values of it, it is a parameter of cases: then those of cases that differ in nothing else, which
 * ran one after the other, so that their times are not judged.
 *
 * A case that several processes ran is so many cases in the file (or in several files), and one
 * group.
 */
#include "compare_build.h"
#include "error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pairing {
	const struct run *const *runs;
	size_t nr_runs;
	const char *factor;
	struct comparison_memory *memory;
	struct pair_state *states;
	const char **keys;	   /* of groups of several processes: what tells them apart */
	const struct bench **arms; /* of the case at hand, or of all cases of a workload */
	size_t nr_arms;
	const struct run *run; /* theirs */
};

static const json_t *value_of(const struct pairing *pairing, const struct bench *bench)
{
	return json_object_get(bench->params, pairing->factor);
}

/* Subjects have settings of their own, which tell several arms of one apart. */
static const char *name_of(struct pairing *pairing, const struct bench *bench)
{
	char value[256];

	if (!strcmp(pairing->factor, "impl") && !strncmp(bench->arm, "impl=", 5))
		return arena_text(&pairing->memory->arena, bench->arm + 5);
	return arena_text(&pairing->memory->arena,
			  bench_param(bench, pairing->factor, value, sizeof(value)));
}

/*
 * An era is a name for answers to other questions: between eras these differ on purpose. One
 * that also varies within an era is a factor of its own.
 */
static bool follows_from_era(const struct pairing *pairing, const char *name)
{
	if (strcmp(pairing->factor, "era"))
		return false;
	for (size_t i = 0; i < pairing->nr_arms; i++) {
		const struct bench *a = pairing->arms[i];

		for (size_t j = 0; j < i; j++) {
			const struct bench *b = pairing->arms[j];

			if (json_equal(value_of(pairing, a), value_of(pairing, b)) &&
			    !json_equal(json_object_get(a->params, name),
					json_object_get(b->params, name)))
				return false;
		}
	}
	return true;
}

/*
 * The first parameter but the factor in which two arms differ; NULL: none. Between subjects,
 * what only one of them has is its own affair: flush= means nothing to malloc.
 */
static const char *other_difference(const struct pairing *pairing, const struct bench *a,
				    const struct bench *b)
{
	bool subjects = compare_subjects_differ(a, b);
	const char *name;
	json_t *value;

	json_object_foreach (a->params, name, value) {
		const json_t *other = json_object_get(b->params, name);

		if (strcmp(name, pairing->factor) && !(subjects && !other) &&
		    !json_equal(value, other) && !follows_from_era(pairing, name))
			return name;
	}
	json_object_foreach (b->params, name, value) {
		if (strcmp(name, pairing->factor) && !subjects && !json_object_get(a->params, name))
			return name;
	}
	return NULL;
}

/* "core=copy", or a path that ends so, of the very build that @base is: noise, and no rival. */
static bool is_copy(const struct pairing *pairing, const struct bench *base,
		    const struct bench *arm)
{
	const json_t *build = json_object_get(base->json, "build");
	const json_t *id = json_object_get(build, "id");
	const char *name = json_string_value(value_of(pairing, arm)), *slash;

	if (strcmp(pairing->factor, "core") || !name || !json_is_string(id) || arm == base)
		return false;
	slash = strrchr(name, '/');
	name = slash ? slash + 1 : name;
	return (!strcmp(name, "copy") || !strcmp(name, "copy.so")) &&
	       json_equal(id, json_object_get(json_object_get(arm->json, "build"), "id"));
}

static const struct bench *copy_of(const struct pairing *pairing, const struct bench *base)
{
	for (size_t i = 0; i < pairing->nr_arms; i++) {
		if (is_copy(pairing, base, pairing->arms[i]))
			return pairing->arms[i];
	}
	return NULL;
}

/* All that must be equal for two processes to have measured the same; interned. */
static const char *key_of(struct pairing *pairing, const struct bench *base,
			  const struct bench *next)
{
	struct arena *arena = &pairing->memory->arena;
	char *a = json_dumps(base->params, JSON_COMPACT | JSON_SORT_KEYS);
	char *b = json_dumps(next->params, JSON_COMPACT | JSON_SORT_KEYS);
	const char *key = arena_printf(arena, "%s %s %s %s", base->workload, base->target,
				       a ? a : "", b ? b : "");

	free(a);
	free(b);
	return key;
}

/* The group of an earlier process that measured the same, or NULL. */
static struct compare_group *earlier(const struct pairing *pairing, const char *key)
{
	struct comparison *comparison = &pairing->memory->comparison;

	for (size_t i = 0; key && i < comparison->nr_groups; i++) {
		if (pairing->keys[i] == key)
			return &comparison->groups[i];
	}
	return NULL;
}

static void add_pair(struct pairing *pairing, const struct bench *base, const struct bench *next)
{
	struct compare_process process = {base, next, copy_of(pairing, base)};
	struct comparison_memory *memory = pairing->memory;
	struct comparison *comparison = &memory->comparison;
	struct compare_group *group = &comparison->groups[comparison->nr_groups];
	bool numbered = json_is_integer(json_object_get(base->json, "process"));
	const char *key = numbered ? key_of(pairing, base, next) : NULL;
	struct compare_group *same = earlier(pairing, key);
	const char *also = other_difference(pairing, base, next);

	if (process.copy == next)
		return;
	if (same) {
		memory->arena.exhausted |= compare_add_process(same, process) < 0;
		return;
	}
	*group = (struct compare_group){
		.workload = base->workload,
		.base_name = name_of(pairing, base),
		.next_name = name_of(pairing, next),
		.base = base,
		.next = next,
	};
	memory->arena.exhausted |= compare_add_process(group, process) < 0;
	pairing->keys[comparison->nr_groups] = key;
	pairing->states[comparison->nr_groups++] =
		compare_pair_state(memory, group, pairing->run->status);
	if (also)
		compare_footnote(memory, "%s and %s differ in %s, too", group->base_name,
				 group->next_name, also);
	if (base->oversubscribed || next->oversubscribed)
		compare_footnote(memory, "more workers than CPUs in some cases: time there is "
					 "the scheduler's as well");
}

/*
 * The arm that @next is compared with: of the base value, and equal in all else. If none
 * is equal in all else but there is only one of the base value, that one.
 */
static const struct bench *partner(const struct pairing *pairing, const json_t *base_value,
				   const struct bench *next)
{
	const struct bench *any = NULL;
	size_t nr_base = 0, nr_next = 0;

	for (size_t i = 0; i < pairing->nr_arms; i++) {
		const struct bench *arm = pairing->arms[i];
		const json_t *value = value_of(pairing, arm);

		nr_next += json_equal(value, value_of(pairing, next));
		if (!json_equal(value, base_value))
			continue;
		if (!other_difference(pairing, arm, next))
			return arm;
		any = arm;
		nr_base++;
	}
	return nr_base == 1 && nr_next == 1 ? any : NULL;
}

static const json_t *base_value(const struct pairing *pairing)
{
	const char *wanted = pairing->memory->options.base;
	char value[256];

	for (size_t i = 0; i < pairing->nr_arms; i++) {
		const struct bench *arm = pairing->arms[i];

		if (!value_of(pairing, arm))
			continue;
		if (!wanted ||
		    !strcmp(wanted, bench_param(arm, pairing->factor, value, sizeof(value))))
			return value_of(pairing, arm);
	}
	return NULL;
}

/* True if the arms hold two values of the factor. */
static bool pair_arms(struct pairing *pairing)
{
	const json_t *base = base_value(pairing);
	const struct bench *with;
	bool paired = false;

	for (size_t i = 0; base && i < pairing->nr_arms; i++) {
		const struct bench *arm = pairing->arms[i];
		const json_t *value = value_of(pairing, arm);

		if (!value || json_equal(value, base))
			continue;
		with = partner(pairing, base, arm);
		if (with)
			add_pair(pairing, with, arm);
		paired |= with != NULL;
	}
	return paired;
}

/* Append the names of parameters that differ between @first and @bench, each once. */
static void add_names(char *names, size_t size, const struct bench *first,
		      const struct bench *bench)
{
	const char *name;
	json_t *value;

	json_object_foreach (bench->params, name, value) {
		size_t length = strlen(names);

		if (!json_equal(value, json_object_get(first->params, name)) &&
		    !strstr(names, name))
			snprintf(names + length, size - length, "%s%s", length ? ", " : "", name);
	}
}

/* What a user could have meant: the parameters that differ within a case, and between cases. */
static int no_pairs(const struct pairing *pairing, struct run_error *error)
{
	const struct run *run = pairing->runs[0];
	char names[256] = "", cases[256] = "";

	for (size_t i = 1; i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i], *first = bench - 1;

		if (first->case_id == bench->case_id)
			add_names(names, sizeof(names), first, bench);
		else if (!strcmp(first->workload, bench->workload))
			add_names(cases, sizeof(cases), first, bench);
	}
	if (strcmp(run->status, "incomplete") == 0)
		return error_set(error, "%s: incomplete: it holds no two arms to compare by %s",
				 run->path, pairing->factor);
	if (pairing->memory->options.base && *names)
		return error_set(error,
				 "%s: nothing to compare by %s with base %s; arms differ in: %s",
				 run->path, pairing->factor, pairing->memory->options.base, names);
	return error_set(error, "%s: nothing to compare by %s; arms differ in: %s%s%s", run->path,
			 pairing->factor, *names ? names : "nothing (one arm a case)",
			 *cases ? "; cases in: " : "", cases);
}

/* Case by case: the arms of one come one after the other. Cases without two values: how many. */
static size_t pair_cases_of(struct pairing *pairing, const struct run *run)
{
	size_t first, after, alone = 0;

	pairing->run = run;
	for (first = 0; first < run->nr_benches; first = after) {
		pairing->nr_arms = 0;
		for (after = first; after < run->nr_benches; after++) {
			if (run->benches[after].case_id != run->benches[first].case_id)
				break;
			pairing->arms[pairing->nr_arms++] = &run->benches[after];
		}
		if (!pair_arms(pairing) && !compare_is_harness(&run->benches[first]))
			alone++;
	}
	return alone;
}

static void pair_within_cases(struct pairing *pairing)
{
	size_t alone = 0;

	for (size_t i = 0; i < pairing->nr_runs; i++)
		alone += pair_cases_of(pairing, pairing->runs[i]);
	if (alone && pairing->memory->comparison.nr_groups)
		compare_footnote(pairing->memory,
				 "not compared: %zu case%s without two values of %s", alone,
				 alone == 1 ? "" : "s", pairing->factor);
}

static bool same_workload(const struct bench *a, const struct bench *b)
{
	return !strcmp(a->workload, b->workload) && !strcmp(a->target, b->target);
}

/* Workload by workload, in the order they first come, whatever comes between their cases. */
static void pair_across_cases(struct pairing *pairing, const struct run *run)
{
	pairing->memory->comparison.paired = false;
	pairing->run = run;
	for (size_t i = 0; i < run->nr_benches; i++) {
		const struct bench *first = &run->benches[i];
		bool seen = compare_is_harness(first);

		for (size_t j = 0; j < i && !seen; j++)
			seen = same_workload(&run->benches[j], first);
		if (seen)
			continue;
		pairing->nr_arms = 0;
		for (size_t j = i; j < run->nr_benches; j++)
			if (same_workload(&run->benches[j], first))
				pairing->arms[pairing->nr_arms++] = &run->benches[j];
		pair_arms(pairing);
	}
	for (size_t i = 0; i < pairing->memory->comparison.nr_groups; i++) {
		if (pairing->memory->comparison.groups[i].base->nr_samples) {
			compare_footnote(
				pairing->memory,
				"time is unpaired: cases are measured one after the other, "
				"so it is shown and not judged");
			break;
		}
	}
}

static const char *worst_status(const struct pairing *pairing)
{
	for (size_t i = 0; i < pairing->nr_runs; i++) {
		if (!strcmp(pairing->runs[i]->status, "incomplete"))
			return "incomplete";
	}
	return "ok";
}

static void settle(struct pairing *pairing)
{
	struct comparison *comparison = &pairing->memory->comparison;
	const char *status = worst_status(pairing);

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		struct compare_group *group = &comparison->groups[i];

		if (!group->nr_processes)
			continue;
		compare_settle_processes(pairing->memory, group);
		pairing->states[i] = compare_pair_state(pairing->memory, group, status);
	}
}

int compare_files_by(const struct run *const *runs, size_t nr_runs, const char *factor,
		     const struct compare_options *options, struct comparison **out,
		     struct run_error *error)
{
	struct pairing pairing = {.runs = runs, .nr_runs = nr_runs, .factor = factor};
	size_t nr_benches = 0;
	int err = -1;

	*out = NULL;
	for (size_t i = 0; i < nr_runs; i++)
		nr_benches += runs[i]->nr_benches;
	pairing.memory = compare_new(nr_benches, options);
	pairing.states = calloc(nr_benches + 1, sizeof(*pairing.states));
	pairing.keys = calloc(nr_benches + 1, sizeof(*pairing.keys));
	pairing.arms = calloc(nr_benches + 1, sizeof(*pairing.arms));
	if (!pairing.memory || !pairing.states || !pairing.keys || !pairing.arms)
		goto out_memory;
	pairing.memory->comparison.title =
		arena_printf(&pairing.memory->arena, "%s by %s", runs[0]->run_id, factor);
	pairing.memory->comparison.factor = arena_text(&pairing.memory->arena, factor);
	pairing.memory->comparison.paired = true;
	pair_within_cases(&pairing);
	if (!pairing.memory->comparison.nr_groups)
		pair_across_cases(&pairing, runs[0]);
	if (!pairing.memory->comparison.nr_groups) {
		no_pairs(&pairing, error);
		goto out_free;
	}
	settle(&pairing);
	if (compare_fill(pairing.memory, pairing.states))
		goto out_memory;
	*out = &pairing.memory->comparison;
	err = 0;
	goto out_free;

out_memory:
	error_set(error, "%s: out of memory", runs[0]->path);
out_free:
	free(pairing.states);
	free(pairing.keys);
	free(pairing.arms);
	if (err && pairing.memory)
		comparison_free(&pairing.memory->comparison);
	return err;
}

int compare_by(const struct run *run, const char *factor, const struct compare_options *options,
	       struct comparison **out, struct run_error *error)
{
	return compare_files_by(&run, 1, factor, options, out, error);
}
