/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_measure.c - one commit: built, measured as the oracle asks, judged, written down.
 *
 * Exact counts take one run of this core alone. Time is only comparable within a process, so that
 * each commit runs beside the good end's core, in as many processes as its interval needs; where
 * that is not enough, in three times as many, at the end in six times, and then no more: looking
 * until it fits would find whatever one looks for.
 */
#include "bisect_state.h"
#include "cli.h"
#include "directory.h"
#include "interrupt.h"
#include "measure.h"
#include "results.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Times as many processes, where the first were too few. */
#define MORE 3

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

static enum bisect_outcome fail(struct run_error *why, enum bisect_outcome outcome,
				const char *text)
{
	snprintf(why->text, sizeof(why->text), "%s", text);
	return outcome;
}

static enum bisect_outcome stopped(struct bisect_state *state, struct run_error *why)
{
	state->stopped = true;
	return fail(why, OUTCOME_STOPPED, "stopped");
}

/* The folder that cores of this tree are kept in, open. */
static enum bisect_outcome open_builds(struct bisect_state *state, bool anew, struct run_error *why)
{
	struct builds *builds = anew ? &state->anew : &state->builds;
	char *directory;
	enum build_result result;

	if (builds->repo)
		return OUTCOME_DONE;
	directory = anew ? cli_format("%s/anew", state->directory)
			 : cli_format("%s/builds", results_directory());
	/* What is built again owes nothing to what a killed call built. */
	if (anew)
		directory_remove(directory);
	result = builds_open(builds, state->repo, directory, "trimm bisect", why);
	free(directory);
	return result ? OUTCOME_ENVIRONMENT : OUTCOME_DONE;
}

/* What core= names it: a file of the folder that $TRIMM_CORES is. */
static char *core_name(const struct bisect_state *state, size_t place, const char *suffix)
{
	return cli_format("%.*s%s", GIT_SHORT, state->bisection.points[place].commit, suffix);
}

static int link_core(const struct bisect_state *state, size_t place, const char *suffix,
		     const char *path, char **name, struct run_error *why)
{
	char *file;
	int failed;

	*name = core_name(state, place, suffix);
	file = cli_format("%s/%s.so", state->cores, *name);
	unlink(file);
	failed = symlink(path, file);
	if (failed)
		snprintf(why->text, sizeof(why->text), "%s: %m", file);
	free(file);
	return failed;
}

/* Build its core; *name gets what core= calls it. */
static enum bisect_outcome build(struct bisect_state *state, size_t place, bool anew, char **name,
				 struct run_error *why)
{
	enum bisect_outcome outcome = open_builds(state, anew, why);
	const char *commit = state->bisection.points[place].commit;
	char *path = NULL;

	*name = NULL;
	if (outcome)
		return outcome;
	switch (builds_core(anew ? &state->anew : &state->builds, commit, &path, why)) {
	case BUILD_DONE:
		break;
	case BUILD_BROKEN:
	case BUILD_UNFIT:
		return OUTCOME_SKIP;
	case BUILD_STOPPED:
		return stopped(state, why);
	default:
		return OUTCOME_ENVIRONMENT;
	}
	if (link_core(state, place, anew ? "-anew" : "", path, name, why))
		outcome = OUTCOME_ENVIRONMENT;
	free(path);
	return outcome;
}

/* @kernel: of the guest; NULL: the user target, which is opened once. */
static enum bisect_outcome open_target(struct bisect_state *state, enum bisect_kind kind,
				       const char *kernel, struct run_error *why)
{
	struct target_choice choice = {.kernel = kernel};

	if (state->opened[kind] && !kernel)
		return OUTCOME_DONE;
	if (state->opened[kind])
		target_close(&state->target[kind]);
	state->opened[kind] = false;
	if (kernel)
		target_choice_set(&choice, "target", TARGET_WITH_KERNELS);
	if (kind == BISECT_EXACT)
		target_choice_set(&choice, "mode", "exact");
	if (target_open(&state->target[kind], choice))
		return interrupt_count() ? stopped(state, why)
					 : fail(why, kernel ? OUTCOME_SKIP : OUTCOME_ENVIRONMENT,
						"the target does not answer");
	state->opened[kind] = true;
	return OUTCOME_DONE;
}

/* Linux's own allocators, on one CPU: there alone instructions are counted. */
static int add_kernel_words(struct spec *spec)
{
	int code = 0;

	if (!spec_param(spec, "impl"))
		code = spec_add(spec, "impl=native");
	if (!code && !spec_param(spec, "cpus"))
		code = spec_add(spec, "cpus=1");
	return code;
}

/* The user's words and ours, as one case or as several processes of it. */
static enum bisect_outcome make_plan(struct bisect_state *state, enum bisect_kind kind,
				     const char *cores, size_t processes, struct plan *plan)
{
	const struct list *words = &state->options->words;
	struct spec spec = {.nr_params = 0};
	char *core = cli_format("core=%s", cores), *times = cli_format("processes=%zu", processes);
	int code = 0;

	for (size_t i = 0; i < words->n && !code; i++)
		code = spec_add(&spec, words->item[i]);
	if (!code)
		code = state->options->build ? add_kernel_words(&spec) : spec_add(&spec, core);
	if (!code && processes)
		code = spec_add(&spec, times);
	if (!code)
		code = plan_add(plan, &state->target[kind], &spec);
	spec_free(&spec);
	free(core);
	free(times);
	return code == TRIMM_USAGE ? OUTCOME_USAGE : code ? OUTCOME_ENVIRONMENT : OUTCOME_DONE;
}

/* Measure with these cores, or in this kernel; the run in *out, if it is whole. */
static enum bisect_outcome run_cores(struct bisect_state *state, enum bisect_kind kind,
				     const char *cores, size_t processes, struct run **out,
				     struct run_error *why)
{
	char *command[] = {(char *)state->options->command, NULL}, *path = NULL;
	struct measure_options options = {results_directory(), "run", command, true};
	struct plan plan = {.nr_cases = 0};
	enum bisect_outcome outcome =
		open_target(state, kind, state->options->build ? cores : NULL, why);
	int code;

	*out = NULL;
	if (!outcome) {
		setenv("TRIMM_CORES", state->cores, 1);
		outcome = make_plan(state, kind, cores, processes, &plan);
		if (outcome == OUTCOME_ENVIRONMENT)
			fail(why, outcome, "the target refused its words");
	}
	if (outcome) {
		plan_free(&plan);
		return outcome;
	}
	code = measure(&plan, &options, &path);
	plan_free(&plan);
	if (interrupt_count())
		outcome = stopped(state, why);
	else if (!path)
		outcome = fail(why, OUTCOME_ENVIRONMENT, "its run could not be written");
	else if (run_load(path, out, why))
		outcome = OUTCOME_ENVIRONMENT;
	else if (code == TRIMM_FAILED && strcmp((*out)->status, "failed"))
		outcome = fail(why, OUTCOME_ENVIRONMENT, "its run is not whole");
	if (path)
		results_add(path);
	if (outcome && *out) {
		run_free(*out);
		*out = NULL;
	}
	free(path);
	return outcome;
}

static enum bisect_outcome count_core(struct bisect_state *state, const char *core,
				      struct bisect_measured *out, struct run_error *why)
{
	struct run *run;
	enum bisect_outcome outcome = run_cores(state, BISECT_EXACT, core, 0, &run, why);

	if (outcome)
		return outcome;
	if (bisect_read_counts(run, out, why->text, sizeof(why->text)))
		outcome = OUTCOME_SKIP;
	run_free(run);
	return outcome;
}

/* Did what is asked, or may be, count the same in each repeat? */
static bool repeats(const struct bisect_state *state, const struct bisect_measured *measured)
{
	const char *metric = state->bisection.oracle.metric;

	for (size_t i = 0; i < measured->nr_counts; i++) {
		const struct bisect_count *count = &measured->counts[i];

		if (!count->stable &&
		    (metric ? !strcmp(count->name, metric) : count->better != BETTER_NONE))
			return false;
	}
	return true;
}

/* A guest's clock may come in between on a busy machine: what did not repeat gets a second run. */
static enum bisect_outcome count_twice(struct bisect_state *state, const char *core,
				       struct bisect_measured *out, struct run_error *why)
{
	enum bisect_outcome outcome = count_core(state, core, out, why);

	if (outcome || repeats(state, out))
		return outcome;
	bisect_measured_free(out);
	return count_core(state, core, out, why);
}

enum bisect_outcome bisect_count(struct bisect_state *state, size_t place, bool anew,
				 struct bisect_measured *out, bool *cached, struct run_error *why)
{
	enum bisect_outcome outcome;
	char *core = NULL;

	*cached = bisect_cached(state, BISECT_EXACT, place, anew, out);
	if (*cached)
		return OUTCOME_DONE;
	outcome = state->options->build ? bisect_kernel_build(state, place, anew, &core, why)
					: build(state, place, anew, &core, why);
	if (!outcome)
		outcome = count_twice(state, core, out, why);
	free(core);
	if (!outcome)
		bisect_cache_add(state, BISECT_EXACT, place, anew, out);
	return outcome;
}

/* The good end once more: what differs between the two is noise. */
static enum bisect_outcome link_copy(const struct bisect_state *state, bool anew, char **name,
				     struct run_error *why)
{
	const struct builds *builds = anew ? &state->anew : &state->builds;
	char *path = cli_format("%s/%s.so", builds->directory,
				state->bisection.points[state->good].commit);
	int failed = link_core(state, state->good, "-copy", path, name, why);

	free(path);
	return failed ? OUTCOME_ENVIRONMENT : OUTCOME_DONE;
}

/* A core beside the good end's. */
static enum bisect_outcome time_beside_good(struct bisect_state *state, size_t place, bool anew,
					    size_t processes, struct bisect_measured *out,
					    struct run_error *why)
{
	char *good = NULL, *core = NULL, *cores;
	struct run *run = NULL;
	enum bisect_outcome outcome = build(state, state->good, anew, &good, why);

	if (!outcome && place == state->good)
		outcome = link_copy(state, anew, &core, why);
	else if (!outcome)
		outcome = build(state, place, anew, &core, why);
	if (!outcome) {
		cores = cli_format("%s,%s", good, core);
		outcome = run_cores(state, BISECT_TIME, cores, processes, &run, why);
		free(cores);
	}
	if (!outcome && bisect_read_times(run, good, core, out, why->text, sizeof(why->text)))
		outcome = OUTCOME_SKIP;
	if (run)
		run_free(run);
	free(good);
	free(core);
	return outcome;
}

/* Add the processes of @more, which goes. */
static void pool(struct bisect_measured *all, struct bisect_measured *more)
{
	if (!all->n) {
		bisect_measured_free(all);
		*all = *more;
		return;
	}
	all->logs = cli_alloc(all->logs, (all->n + more->n) * sizeof(*all->logs));
	memcpy(all->logs + all->n, more->logs, more->n * sizeof(*all->logs));
	all->n += more->n;
	bisect_measured_free(more);
}

/* So many processes in all, of which the cache may have some. */
static enum bisect_outcome time_to(struct bisect_state *state, size_t place, bool anew,
				   size_t processes, struct bisect_measured *all, bool *cached,
				   struct run_error *why)
{
	struct bisect_measured more = {0};
	enum bisect_outcome outcome;

	if (all->n >= processes)
		return OUTCOME_DONE;
	outcome = time_beside_good(state, place, anew, processes - all->n, &more, why);
	if (outcome)
		return outcome;
	pool(all, &more);
	bisect_cache_add(state, BISECT_TIME, place, anew, all);
	*cached = false;
	return OUTCOME_DONE;
}

static enum bisect_outcome measure_time(struct bisect_state *state, size_t place, bool anew,
					struct bisect_measured *all, bool *cached,
					struct run_error *why)
{
	const struct bisect_oracle *oracle = &state->bisection.oracle;
	size_t first = bisect_processes(state->bisection.n);
	size_t wanted[] = {first, MORE * first, 2 * MORE * first};
	enum bisect_outcome outcome = OUTCOME_DONE;
	enum bisect_side side = BISECT_UNCLEAR;
	struct bisect_value value;

	*cached = bisect_cached(state, BISECT_TIME, place, anew, all);
	for (size_t i = 0; i < (state->patient ? 3 : 2) && side == BISECT_UNCLEAR; i++) {
		outcome = time_to(state, place, anew, wanted[i], all, cached, why);
		if (outcome)
			return outcome;
		value = bisect_value_of(oracle, all);
		side = bisect_judge(oracle, &value);
	}
	return outcome;
}

static enum bisect_outcome measure_as_asked(struct bisect_state *state, size_t place, bool anew,
					    struct bisect_measured *out, bool *cached,
					    struct run_error *why)
{
	if (state->bisection.oracle.exact)
		return bisect_count(state, place, anew, out, cached, why);
	return measure_time(state, place, anew, out, cached, why);
}

/*
 * All three in one process, so that what is noise was measured when the difference was. Both in
 * the cache afterwards, the copy as the good end's own time.
 */
static enum bisect_outcome time_three(struct bisect_state *state, size_t processes,
				      struct bisect_measured *copy, struct bisect_measured *bad,
				      struct run_error *why)
{
	char *names[3] = {NULL}, *cores;
	struct run *run = NULL;
	enum bisect_outcome outcome = build(state, state->good, false, &names[0], why);

	if (!outcome)
		outcome = link_copy(state, false, &names[1], why);
	if (!outcome)
		outcome = build(state, state->bad, false, &names[2], why);
	if (!outcome) {
		cores = cli_format("%s,%s,%s", names[0], names[1], names[2]);
		outcome = run_cores(state, BISECT_TIME, cores, processes, &run, why);
		free(cores);
	}
	if (!outcome &&
	    (bisect_read_times(run, names[0], names[1], copy, why->text, sizeof(why->text)) ||
	     bisect_read_times(run, names[0], names[2], bad, why->text, sizeof(why->text))))
		outcome = OUTCOME_SKIP;
	if (run)
		run_free(run);
	for (size_t i = 0; i < 3; i++)
		free(names[i]);
	return outcome;
}

enum bisect_outcome bisect_time_ends(struct bisect_state *state, size_t processes,
				     struct bisect_measured *copy, struct bisect_measured *bad,
				     struct run_error *why)
{
	struct bisect_measured more[2] = {{0}};
	enum bisect_outcome outcome;

	if (!copy->run)
		bisect_cached(state, BISECT_TIME, state->good, false, copy);
	if (!bad->run)
		bisect_cached(state, BISECT_TIME, state->bad, false, bad);
	if (copy->n >= processes && bad->n >= processes)
		return OUTCOME_DONE;
	outcome = time_three(state, processes - (copy->n < bad->n ? copy->n : bad->n), &more[0],
			     &more[1], why);
	if (outcome) {
		bisect_measured_free(&more[0]);
		return outcome;
	}
	pool(copy, &more[0]);
	pool(bad, &more[1]);
	bisect_cache_add(state, BISECT_TIME, state->good, false, copy);
	bisect_cache_add(state, BISECT_TIME, state->bad, false, bad);
	return OUTCOME_DONE;
}

/*
 * What could not be measured may be the machine's fault: the good end, which could be, says
 * whether it still can.
 */
static enum bisect_outcome blame(struct bisect_state *state, enum bisect_outcome outcome,
				 size_t place, bool anew, struct run_error *why)
{
	const char *commit = state->bisection.points[place].commit;
	struct bisect_measured control = {0};
	struct run_error unheard;
	char *core = NULL;

	/* To build the good end's kernel again may take an hour: a skipped commit blames nobody. */
	if (outcome != OUTCOME_SKIP || state->options->build ||
	    !builds_has(anew ? &state->anew : &state->builds, commit))
		return outcome;
	outcome = build(state, state->good, false, &core, &unheard);
	if (!outcome && state->bisection.oracle.exact)
		outcome = count_core(state, core, &control, &unheard);
	else if (!outcome)
		outcome = time_beside_good(state, state->good, false, 1, &control, &unheard);
	free(core);
	bisect_measured_free(&control);
	if (!outcome)
		return OUTCOME_SKIP;
	if (outcome == OUTCOME_STOPPED)
		return outcome;
	snprintf(why->text, sizeof(why->text), "the good end can't be measured any more: %.400s",
		 unheard.text);
	return OUTCOME_ENVIRONMENT;
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static void write_down(struct bisect_state *state, size_t place, bool anew, bool cached,
		       const char *run, double seconds)
{
	const struct bisect_point *point = &state->bisection.points[place];
	const struct bisect_value *value = anew ? &point->anew : &point->value;
	char text[160];

	bisect_log_add(
		state,
		json_pack("{s:s, s:I, s:s, s:b, s:b, s:s, s:o, s:o, s:o, s:I, s:s?, s:s?, s:f}",
			  "t", "step", "place", (json_int_t)place, "commit", point->commit, "anew",
			  anew, "cached", cached, "side",
			  bisect_side_name(anew ? point->again : point->side), "value",
			  number(value->value), "low", number(value->low), "high",
			  number(value->high), "n", (json_int_t)value->n, "why", point->why, "run",
			  run, "seconds", seconds));
	fprintf(stderr, "trimm: bisect: %.*s%s: %s, %s%s%s (%s%.1f s)\n", GIT_SHORT, point->commit,
		anew ? " anew" : "",
		bisect_value_text(&state->bisection, value, text, sizeof(text)),
		bisect_side_word(&state->bisection, anew ? point->again : point->side),
		point->why ? ": " : "", point->why ? point->why : "", cached ? "cached, " : "",
		seconds);
}

enum bisect_outcome bisect_measure_point(struct bisect_state *state, size_t place, bool anew)
{
	struct bisect_point *point = &state->bisection.points[place];
	struct bisect_value *value = anew ? &point->anew : &point->value;
	struct bisect_measured measured = {0};
	enum bisect_outcome outcome;
	struct run_error why = {""};
	enum bisect_side side = BISECT_SKIPPED;
	double start = now();
	bool cached = false;

	*value = (struct bisect_value){NAN, NAN, NAN, 0};
	outcome = measure_as_asked(state, place, anew, &measured, &cached, &why);
	outcome = blame(state, outcome, place, anew, &why);
	if (outcome == OUTCOME_DONE) {
		*value = bisect_value_of(&state->bisection.oracle, &measured);
		side = bisect_judge(&state->bisection.oracle, value);
	} else if (outcome == OUTCOME_SKIP && !point->why) {
		point->why = cli_format("%s", why.text);
	}
	if (outcome == OUTCOME_DONE || outcome == OUTCOME_SKIP) {
		*(anew ? &point->again : &point->side) = side;
		point->cached = cached;
		point->seconds += now() - start;
		if (!point->order)
			point->order = ++state->measured;
		write_down(state, place, anew, cached, measured.run, now() - start);
		outcome = *state->error.text ? OUTCOME_ENVIRONMENT : OUTCOME_DONE;
	} else if (!*state->error.text) {
		state->error = why;
	}
	bisect_measured_free(&measured);
	return outcome;
}
