/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_flame.c - where the events of a probe came from, one arm against the first. Drawn here:
 * gnuplot has no such figure.
 */
#include "plot_figures.h"
#include "flame.h"
#include "trace_facts.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static bool has_stacks(const struct bench *bench, const char *probe)
{
	for (size_t i = 0; i < bench->trace.nr_stacks; i++) {
		if (!strcmp(bench->trace.stacks[i].probe, probe))
			return true;
	}
	return false;
}

/* Probe @n of those with stacks in either arm, in the order of the records; NULL: no more. */
static const char *probe_at(const struct bench *const arm[2], size_t n)
{
	for (int a = 0; a < 2; a++) {
		const struct trace *trace = &arm[a]->trace;

		for (size_t i = 0; i < trace->nr_stacks; i++) {
			const char *probe = trace->stacks[i].probe;
			bool known = a && has_stacks(arm[0], probe);

			for (size_t j = 0; j < i && !known; j++)
				known = !strcmp(trace->stacks[j].probe, probe);
			if (!known && n-- == 0)
				return probe;
		}
	}
	return NULL;
}

/* All of one unit, that of the first: others of that probe are not the same thing. */
static const char *unit_of(const struct bench *const arm[2], const char *probe)
{
	for (int a = 0; a < 2; a++) {
		for (size_t i = 0; i < arm[a]->trace.nr_stacks; i++) {
			if (!strcmp(arm[a]->trace.stacks[i].probe, probe))
				return arm[a]->trace.stacks[i].unit;
		}
	}
	return "";
}

/* What is within that is the probe itself. */
static size_t frames_of(const struct stack *stack)
{
	size_t n = 0;

	while (n < stack->nr_frames && strncmp(stack->frames[n], "bpf_trace_run", 13) &&
	       strncmp(stack->frames[n], "__bpf_trace_", 12))
		n++;
	return n;
}

/* Had all events of the arm room? Else what is missing in it would look like a change. */
static bool whole(const struct bench *bench, const char *probe)
{
	const struct probe *account = trace_probe(&bench->trace, probe);

	return !account || !(account->full > 0);
}

/* Has it stacks, or really had none? */
static bool told(const struct bench *bench, const char *probe)
{
	const struct probe *account = trace_probe(&bench->trace, probe);

	return has_stacks(bench, probe) || (account && account->events == 0);
}

static int read_stacks(struct flame *flame, const struct bench *const arm[2], const char *probe,
		       const char *unit)
{
	int err = 0;

	for (int a = 0; a < 2; a++) {
		const struct trace *trace = &arm[a]->trace;
		double ops = trace_ops(arm[a]);

		for (size_t i = 0; i < trace->nr_stacks && !err; i++) {
			const struct stack *stack = &trace->stacks[i];

			if (!strcmp(stack->probe, probe) && !strcmp(stack->unit, unit) &&
			    stack->weight && ops > 0)
				err = flame_add(flame, a, stack->frames, frames_of(stack),
						1000 * (double)stack->weight / ops);
		}
	}
	return err;
}

static int file_write(const struct plot_target *target, const char *name, const char *suffix,
		      const struct flame *flame, const struct flame_words *words)
{
	char path[PATH_MAX];
	FILE *out;
	int failed;

	if (snprintf(path, sizeof(path), "%s/%s%s", target->directory, name, suffix) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	out = fopen(path, "w");
	if (!out)
		return -errno;
	if (words)
		flame_draw(flame, words, out);
	else
		flame_print(flame, out);
	failed = ferror(out);
	return fclose(out) || failed ? -EIO : 0;
}

int plot_flame(const struct plot_target *target, const struct plot_case *at, size_t n,
	       struct figure *figure)
{
	const struct bench *const arm[2] = {at->arm[0], at->nr_arms > 1 ? at->arm[1] : NULL};
	const char *probe = arm[1] ? probe_at(arm, n) : NULL;
	struct flame_words words = {.unit = probe ? unit_of(arm, probe) : ""};
	char base[64], next[64];
	struct flame *flame;
	int err;

	if (!probe || !told(arm[0], probe) || !told(arm[1], probe))
		return -ENODATA;
	flame = flame_open();
	if (!flame)
		return -ENOMEM;
	words.base = plot_arm_name(arm[0], base, sizeof(base));
	words.next = plot_arm_name(arm[1], next, sizeof(next));
	words.colours[0] = plot_arm_colour(target->cases, base);
	words.colours[1] = plot_arm_colour(target->cases, next);
	err = read_stacks(flame, arm, probe, words.unit);
	script_name(figure->name, sizeof(figure->name),
		    (const char *const[]){at->workload, at->label, "flame", probe, NULL});
	snprintf(figure->title, sizeof(figure->title),
		 "%s%s%s: where %s of %s come from, %s against %s%s%s", at->workload,
		 *at->label ? " " : "", at->label, words.unit, probe, next, base,
		 whole(arm[0], probe) && whole(arm[1], probe) ? "" : ", INCOMPLETE: maps were full",
		 !strcmp(words.unit, "ns") && !bench_real_time(arm[0]) ? ", EMULATED TIME" : "");
	words.title = figure->title;
	figure->workload = at->workload;
	strcpy(figure->label, at->label);
	figure->own = true;
	figure->how =
		"who called whom, from below upwards; a frame is as wide as it weighs in both arms "
		"together, for as many operations of each. Its colour is that of the arm that has "
		"more of it, grey if they have as much; the pointer on it shows both numbers. What "
		"the workload does not cause (the machine's own) is alike in both, and grey.";
	if (!err)
		err = file_write(target, figure->name, ".svg", flame, &words);
	if (!err)
		err = file_write(target, figure->name, ".dat", flame, NULL);
	flame_free(flame);
	return err;
}
