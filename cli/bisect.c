/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect.c - a bisection from its ends to its report: that they differ, and in what; then git's
 * search; then the commit it ends at, and the one before it, built and measured anew.
 */
#include "bisect.h"
#include "bisect_state.h"
#include "cli.h"
#include "directory.h"
#include "interrupt.h"
#include "machine.h"
#include "plan.h"
#include "plot_bisect.h"
#include "results.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of the ends, where their interval tells neither that they differ nor that they don't. */
#define MORE_PROCESSES 3

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

static char *join(const struct list *words)
{
	char *text = cli_format("%s", words->n ? words->item[0] : "");

	for (size_t i = 1; i < words->n; i++) {
		char *longer = cli_format("%s %s", text, words->item[i]);

		free(text);
		text = longer;
	}
	return text;
}

/* Words that a bisection gives itself. */
static int check_words(const struct bisect_options *options)
{
	static const char *const own[] = {"core", "processes", "process",
					  "mode", "target",    "kernel"};

	for (size_t i = 0; i < options->words.n; i++) {
		for (size_t j = 0; j < sizeof(own) / sizeof(own[0]); j++) {
			size_t length = strlen(own[j]);

			if (strncmp(options->words.item[i], own[j], length) ||
			    options->words.item[i][length] != '=')
				continue;
			cli_error("bisect: %s: %s= is set by the bisection; leave it out",
				  options->words.item[i], own[j]);
			return TRIMM_USAGE;
		}
	}
	return 0;
}

static void drop_params(struct spec *spec)
{
	while (spec->nr_params)
		spec_remove(spec, spec->params[spec->nr_params - 1].name);
}

/* No lists and ranges: these are cases or arms, whatever the target. */
static int check_single(const struct bisect_state *state, const struct spec *spec)
{
	bool single = spec->workloads.n == 1 && !spec->arms.n;

	for (size_t i = 0; i < spec->nr_params; i++)
		single &= spec->params[i].values.n == 1;
	if (single)
		return 0;
	cli_error("bisect: %s: give one workload, and each parameter one value",
		  state->bisection.words);
	return TRIMM_USAGE;
}

/*
 * One case of one arm, of a workload that there is. Its version is part of every question; it is
 * the same on every target. What parameters a kernel's target has is seen when it is there.
 */
static int check_case(struct bisect_state *state)
{
	struct target_choice choice = {0};
	struct target *target = &state->target[BISECT_TIME];
	struct plan plan = {.nr_cases = 0};
	struct spec spec = {.nr_params = 0};
	int code = target_open(target, choice);

	if (code)
		return code;
	state->opened[BISECT_TIME] = true;
	for (size_t i = 0; i < state->options->words.n && !code; i++)
		code = spec_add(&spec, state->options->words.item[i]);
	if (!code)
		code = check_single(state, &spec);
	if (!code && state->options->build)
		drop_params(&spec);
	if (!code)
		code = plan_add(&plan, target, &spec);
	if (!code && plan.nr_cases != 1) {
		cli_error("bisect: %s: %zu cases; name one workload", state->bisection.words,
			  plan.nr_cases);
		code = TRIMM_USAGE;
	}
	if (!code) {
		const json_t *workload = target_workload(target, plan.cases[0].workload);

		state->bisection.workload = cli_format("%s", plan.cases[0].workload);
		state->version = cli_format("%s", about_text(workload, "version"));
	}
	plan_free(&plan);
	spec_free(&spec);
	return code;
}

static int make_directories(struct bisect_state *state)
{
	char *directory = cli_format("%s/bisects", results_directory()), *lock;
	int err = directory_make(directory), code = 0;
	struct run_error error;

	state->directory = err ? NULL : realpath(directory, NULL);
	if (!state->directory) {
		cli_error("%s: %s; give another folder with --results", directory,
			  strerror(err ? -err : errno));
		free(directory);
		return TRIMM_FAILED;
	}
	free(directory);
	lock = cli_format("%s/lock", state->directory);
	if (lock_take(&state->lock, lock, "trimm bisect", &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	}
	free(lock);
	state->worktree = cli_format("%s/worktree", state->directory);
	state->cores = cli_format("%s/cores", state->directory);
	if (code)
		return code;
	directory_remove(state->cores);
	err = directory_make(state->cores);
	if (err)
		cli_error("%s: %s", state->cores, strerror(-err));
	return err ? TRIMM_FAILED : 0;
}

static int prepare(struct bisect_state *state)
{
	json_t *machine;
	int code = check_words(state->options);

	if (!code)
		code = bisect_line_read(state);
	if (!code)
		code = check_case(state);
	if (!code)
		code = make_directories(state);
	if (!code)
		code = bisect_log_open(state);
	if (code)
		return code;
	machine = machine_record();
	state->fingerprint = cli_format("%s", json_string_value(json_object_get(machine, "fp")));
	json_decref(machine);
	state->bisection.machine = state->fingerprint;
	bisect_log_add(state,
		       json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "t",
				 "bisect", "schema", "trimm-bisect/1", "id", state->bisection.id,
				 "started", state->bisection.started, "repo", state->repo, "old",
				 state->old, "new", state->new, "commits",
				 (json_int_t)state->bisection.n, "words", state->bisection.words,
				 "command", state->options->command));
	return 0;
}

/* One line about an end that could not be measured. */
static int end_failed(struct bisect_state *state, size_t place, enum bisect_outcome outcome,
		      const struct run_error *why)
{
	if (outcome == OUTCOME_USAGE)
		return TRIMM_USAGE;
	if (outcome == OUTCOME_STOPPED)
		cli_error("bisect: stopped; the same command goes on from what was measured");
	else
		cli_error("bisect: the %s end, %.*s: %s", place == state->good ? "good" : "bad",
			  GIT_SHORT, state->bisection.points[place].commit, why->text);
	return TRIMM_FAILED;
}

static int swapped(const struct bisect_state *state, const char *how)
{
	cli_error("bisect: --bad %s is better than --good %s (%s); if that is what you look for, "
		  "swap them: --good %s --bad %s",
		  state->options->bad, state->options->good, how, state->options->bad,
		  state->options->good);
	return TRIMM_USAGE;
}

static double count_of(const struct bisect_measured *measured, const char *metric)
{
	for (size_t i = 0; i < measured->nr_counts; i++)
		if (!strcmp(measured->counts[i].name, metric))
			return measured->counts[i].value;
	return NAN;
}

static int no_such_metric(const struct bisect_state *state, const struct bisect_measured *good)
{
	const char **names = cli_alloc(NULL, (good->nr_counts + 2) * sizeof(*names));
	char *how = cli_format("trimm run %s --mode exact", state->bisection.words);
	size_t n = 0;

	for (size_t i = 0; i < good->nr_counts; i++)
		names[n++] = good->counts[i].name;
	names[n++] = "total";
	names[n] = NULL;
	if (isnan(count_of(good, state->options->metric)))
		cli_error_unknown("metric", state->options->metric, names, how);
	else
		cli_error("bisect: %s is not counted at the bad end, or does not repeat",
			  state->options->metric);
	free(names);
	free(how);
	return TRIMM_USAGE;
}

/* Both ends have their place in the table and the order, whatever is asked of the others. */
static void set_end(struct bisect_state *state, size_t place,
		    const struct bisect_measured *measured, bool cached, double took)
{
	struct bisect_point *point = &state->bisection.points[place];

	point->value = bisect_value_of(&state->bisection.oracle, measured);
	point->side = place ? BISECT_NEW : BISECT_OLD;
	point->cached = cached;
	point->seconds = took;
	point->order = ++state->measured;
}

static int choose_count(struct bisect_state *state, bool *chosen, bool *better)
{
	struct bisect_measured good = {0}, bad = {0};
	const char *metric = state->options->metric;
	struct run_error why = {""};
	enum bisect_outcome outcome;
	bool cached[2];
	double start = seconds(), took[2];
	size_t place = state->good;
	int code = 0;

	outcome = bisect_count(state, place, false, &good, &cached[0], &why);
	took[0] = seconds() - start;
	if (!outcome) {
		place = state->bad;
		outcome = bisect_count(state, place, false, &bad, &cached[1], &why);
	}
	took[1] = seconds() - start - took[0];
	if (outcome) {
		bisect_measured_free(&good);
		return end_failed(state, place, outcome, &why);
	}
	switch (bisect_choose_count(&good, &bad, metric, state->bisection.bad_is_new,
				    &state->bisection.oracle)) {
	case BISECT_DIFFER:
		*chosen = true;
		set_end(state, state->good, &good, cached[0], took[0]);
		set_end(state, state->bad, &bad, cached[1], took[1]);
		break;
	case BISECT_SWAPPED:
		*better = true;
		break;
	case BISECT_NO_METRIC:
		code = no_such_metric(state, &good);
		break;
	default:
		if (!metric)
			break;
		cli_error("bisect: endpoints not distinguishable: %s %.0f and %.0f", metric,
			  count_of(&good, metric), count_of(&bad, metric));
		code = TRIMM_UNCLEAR;
	}
	if (*better && metric)
		code = swapped(state, metric);
	bisect_measured_free(&good);
	bisect_measured_free(&bad);
	return code;
}

static int choose_time(struct bisect_state *state, bool better)
{
	struct bisect_measured copy = {0}, bad = {0};
	size_t processes = bisect_processes(state->bisection.n);
	enum bisect_difference difference = BISECT_INCONCLUSIVE;
	struct bisect_value between = {NAN, NAN, NAN, 0};
	struct run_error why = {""};
	enum bisect_outcome outcome = OUTCOME_DONE;
	double start = seconds();
	int code = TRIMM_UNCLEAR;

	for (size_t n = processes;
	     n <= MORE_PROCESSES * processes && !outcome && difference == BISECT_INCONCLUSIVE;
	     n += (MORE_PROCESSES - 1) * processes) {
		outcome = bisect_time_ends(state, n, &copy, &bad, &why);
		bisect_oracle_free(&state->bisection.oracle);
		if (!outcome)
			difference = bisect_choose_time(
				&copy, &bad, state->options->threshold, state->bisection.bad_is_new,
				state->bisection.n, &between, &state->bisection.oracle);
	}
	/* What can't be timed was counted, and better. */
	if (outcome == OUTCOME_SKIP && better) {
		code = swapped(state, "counts");
	} else if (outcome) {
		code = end_failed(state, state->bad, outcome, &why);
	} else if (difference == BISECT_DIFFER) {
		set_end(state, state->good, &copy, false, 0);
		set_end(state, state->bad, &bad, false, seconds() - start);
		code = 0;
	} else if (difference == BISECT_SWAPPED || (better && difference == BISECT_ALIKE)) {
		code = swapped(state, difference == BISECT_SWAPPED ? "time" : "counts");
	} else {
		cli_error("bisect: endpoints not distinguishable (ratio %.4f, %.2f%% interval "
			  "[%.4f .. %.4f], %zu processes; what is less than %.1f%% is noise here)",
			  exp(between.value), 100 * state->bisection.oracle.confidence,
			  exp(between.low), exp(between.high), between.n,
			  100 * expm1(state->bisection.oracle.least));
	}
	bisect_measured_free(&copy);
	bisect_measured_free(&bad);
	return code;
}

/* What tells the ends apart. */
static int choose(struct bisect_state *state)
{
	bool time_only = state->options->metric && !strcmp(state->options->metric, "total");
	bool chosen = false, better = false;
	int code = 0;

	if (time_only && state->options->build) {
		cli_error("bisect: --metric total: a guest's time is an emulator's, and never "
			  "judged; name a counter");
		return TRIMM_USAGE;
	}
	fprintf(stderr, "trimm: bisect: %zu commits; do the ends differ?\n", state->bisection.n);
	if (!time_only)
		code = choose_count(state, &chosen, &better);
	if (code || chosen)
		return code;
	if (!state->options->build)
		return choose_time(state, better);
	if (better)
		return swapped(state, "counts");
	cli_error("bisect: endpoints not distinguishable: whatever repeats counts alike");
	return TRIMM_UNCLEAR;
}

static void announce(const struct bisect_state *state)
{
	const struct bisection *bisection = &state->bisection;
	size_t steps = bisect_looks(bisection->n) / 2 - 5;
	char text[160];

	fprintf(stderr, "trimm: bisect: they do: %s; about %zu of %zu commits to measure\n",
		bisect_change_text(bisection, bisection->points[state->good].value.value,
				   bisection->points[state->bad].value.value, text, sizeof(text)),
		steps, bisection->n - 2);
}

/*
 * Both once more, from nothing: what was kept from before may have been damaged, or noise. If a
 * commit that was unclear is all that stands between them, it first gets more of a look.
 */
static void confirm(struct bisect_state *state)
{
	const struct bisection *bisection = &state->bisection;
	struct bisect_range range = bisect_conclude(bisection->points, bisection->n);

	state->patient = true;
	if (!bisection->oracle.exact && range.new == range.old + 2 &&
	    bisection->points[range.old + 1].side == BISECT_UNCLEAR) {
		if (bisect_measure_point(state, range.old + 1, false))
			return;
		range = bisect_conclude(bisection->points, bisection->n);
	}
	if (range.new == range.old + 1 && !bisect_measure_point(state, range.old, true))
		bisect_measure_point(state, range.new, true);
}

static void conclude(struct bisect_state *state)
{
	struct bisection *bisection = &state->bisection;
	const struct bisect_oracle *oracle = &bisection->oracle;
	struct bisect_range *range = &bisection->range;

	*range = bisect_conclude(bisection->points, bisection->n);
	if (interrupt_count())
		state->stopped = true;
	for (size_t i = range->old + 1; i < range->new && !*state->error.text; i++)
		if (bisection->points[i].side == BISECT_NONE)
			snprintf(state->error.text, sizeof(state->error.text),
				 "git ended the search early; %s/" BISECT_GIT_LOG " has its words",
				 state->directory);
	if (state->stopped)
		bisection->status = BISECT_INTERRUPTED;
	else if (*state->error.text)
		bisection->status = BISECT_FAILED;
	else if (range->found)
		bisection->status = BISECT_FOUND;
	else
		bisection->status = BISECT_UNCLEAR_RANGE;
	/* Many small steps: the one that crosses the middle is no more guilty than the others. */
	if (range->found && oracle->exact &&
	    fabs(bisection->points[range->new].anew.value -
		 bisection->points[range->old].anew.value) <= oracle->least) {
		bisection->status = BISECT_UNCLEAR_RANGE;
		bisection->why = "the difference is spread over many commits";
		*range = (struct bisect_range){0, bisection->n - 1, false};
	} else if (bisection->status == BISECT_UNCLEAR_RANGE && range->new == range->old + 1) {
		bisection->why = "built anew, they were not measured as before";
	}
}

static void draw(struct bisect_state *state)
{
	struct bisection *bisection = &state->bisection;
	int err = plot_bisect(bisection, state->directory);

	if (!err)
		bisection->figure = cli_format("%s/%s.svg", state->directory, bisection->id);
	else if (err == -ENOENT)
		cli_error("gnuplot is not installed: no figure is drawn; install it (Debian: "
			  "gnuplot-nox)");
	else if (err != -ENODATA)
		cli_error("%s/%s.svg: can't draw: %s", state->directory, bisection->id,
			  strerror(-err));
}

/* What a person would type to see the two commits side by side. */
static void add_commands(struct bisect_state *state, struct list *lines)
{
	const struct bisection *bisection = &state->bisection;
	const struct bisect_point *old = &bisection->points[bisection->range.old],
				  *new = &bisection->points[bisection->range.new];

	list_add(lines, "git -C %s show %.*s", state->repo, GIT_SHORT, new->commit);
	list_add(lines, "git -C %s worktree add --detach /tmp/before %.*s", state->repo, GIT_SHORT,
		 old->commit);
	list_add(lines, "git -C %s worktree add --detach /tmp/after %.*s", state->repo, GIT_SHORT,
		 new->commit);
	if (state->options->build) {
		list_add(lines, "(cd /tmp/before && %s); (cd /tmp/after && %s)",
			 state->options->build, state->options->build);
		list_add(lines, "trimm compare --target module kernel=/tmp/before,/tmp/after %s",
			 bisection->words);
		return;
	}
	list_add(lines, "make -C /tmp/before core; make -C /tmp/after core");
	list_add(lines,
		 "trimm compare %s core=/tmp/before/build/release/trimm-core.so,/tmp/after/build/"
		 "release/trimm-core.so%s",
		 bisection->words, bisection->oracle.exact ? " --mode exact" : "");
}

static int report(struct bisect_state *state)
{
	struct bisection *bisection = &state->bisection;
	struct list lines = {NULL, 0};

	if (bisection->status == BISECT_INTERRUPTED) {
		cli_error("bisect: stopped after %zu commits; the same command goes on from there",
			  bisect_nr_measured(bisection));
		return TRIMM_FAILED;
	}
	if (bisection->status == BISECT_FAILED) {
		cli_error("bisect: %s; no commit is blamed, and the same command goes on from the "
			  "%zu that were measured",
			  state->error.text, bisect_nr_measured(bisection));
		return TRIMM_FAILED;
	}
	draw(state);
	add_commands(state, &lines);
	bisection->by_hand = (const char *const *)lines.item;
	bisect_print(bisection, state->options->format, stdout);
	list_free(&lines);
	free((char *)bisection->figure);
	return bisection->status == BISECT_FOUND ? TRIMM_FINE : TRIMM_UNCLEAR;
}

static void end_log(struct bisect_state *state)
{
	static const char *const names[] = {[BISECT_FOUND] = "found",
					    [BISECT_UNCLEAR_RANGE] = "unclear",
					    [BISECT_INTERRUPTED] = "interrupted",
					    [BISECT_FAILED] = "failed"};
	const struct bisection *bisection = &state->bisection;

	bisect_log_add(state, json_pack("{s:s, s:s, s:s, s:s, s:s?, s:f}", "t", "end", "status",
					names[bisection->status], "after",
					bisection->points[bisection->range.old].commit, "up_to",
					bisection->points[bisection->range.new].commit, "why",
					*state->error.text ? state->error.text : bisection->why,
					"seconds", bisection->seconds));
}

static int search(struct bisect_state *state)
{
	double start = seconds();
	int code = choose(state);

	if (code)
		return code;
	announce(state);
	code = bisect_run(state);
	if (code)
		return code;
	if (!state->stopped && !*state->error.text)
		confirm(state);
	state->bisection.seconds = seconds() - start;
	conclude(state);
	end_log(state);
	return report(state);
}

static void put_away(struct bisect_state *state)
{
	struct bisection *bisection = &state->bisection;
	struct run_error error;
	char *anew = state->anew.directory ? cli_format("%s", state->anew.directory) : NULL;

	if (state->has_worktree && git_worktree_remove(state->repo, state->worktree, &error))
		cli_error("%s", error.text);
	builds_close(&state->builds);
	builds_close(&state->anew);
	if (anew)
		directory_remove(anew);
	if (state->cores)
		directory_remove(state->cores);
	lock_release(&state->lock);
	for (size_t i = 0; i < BISECT_KINDS; i++)
		if (state->opened[i])
			target_close(&state->target[i]);
	for (size_t i = 0; i < bisection->n; i++) {
		free(bisection->points[i].commit);
		free(bisection->points[i].subject);
		free(bisection->points[i].author_date);
		free(bisection->points[i].why);
	}
	free(bisection->points);
	bisect_oracle_free(&bisection->oracle);
	bisect_log_close(state);
	free((char *)bisection->workload);
	free((char *)bisection->words);
	free(anew);
	free(state->repo);
	free(state->old);
	free(state->new);
	free(state->directory);
	free(state->cores);
	free(state->worktree);
	free(state->fingerprint);
	free(state->version);
}

int bisect(const struct bisect_options *options)
{
	struct bisect_state state = {.options = options,
				     .lock = LOCK_NONE,
				     .builds = {.lock = LOCK_NONE},
				     .anew = {.lock = LOCK_NONE},
				     .log = -1};
	int code;

	interrupt_open();
	state.bisection.words = join(&options->words);
	state.bisection.command = options->command;
	state.bisection.version = TRIMM_VERSION;
	code = prepare(&state);
	state.bisection.repo = state.repo;
	if (!code)
		code = search(&state);
	put_away(&state);
	return code;
}
