/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_nightly.c - trimm nightly: HEAD's memory core against the one it is pinned to. */
#include "cli.h"
#include "directory.h"
#include "finished.h"
#include "interrupt.h"
#include "machine.h"
#include "nightly.h"
#include "results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP = 30, KEEP_MAX = 10000, PROCESSES_MAX = 1000 };

/* Options that have no letter. */
enum {
	OPTION_HEAD = 256,
	OPTION_GATE,
	OPTION_ON_VERDICT,
	OPTION_JUNIT,
	OPTION_MARKDOWN,
	OPTION_FRESH,
	OPTION_PROCESSES,
	OPTION_NO_REPORT
};

static unsigned int number(const char *option, const char *text, unsigned long most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text >= '0' && *text <= '9' && !*end && value >= 1 && value <= most)
		return (unsigned int)value;
	cli_error("%s %s: give a number from 1 to %lu", option, text, most);
	exit(TRIMM_USAGE);
}

static enum night_gate gate(const char *name)
{
	static const char *const names[] = {"both", "exact", "time", NULL};
	int value = night_gate_from_name(name);

	if (value >= 0)
		return (enum night_gate)value;
	cli_error_unknown("gate", name, names, "trimm nightly --help");
	exit(TRIMM_USAGE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct nightly_options *options = state->input;

	switch (key) {
	case 's':
		options->suite = arg;
		return 0;
	case 'r':
		options->reference = arg;
		return 0;
	case 'C':
		options->repo = arg;
		return 0;
	case OPTION_HEAD:
		options->head = arg;
		return 0;
	case 't':
		if (cli_percent(arg, &options->threshold))
			return 0;
		cli_error("--threshold %s: give a percentage, as in 2%%", arg);
		exit(TRIMM_USAGE);
	case OPTION_GATE:
		options->gate = gate(arg);
		return 0;
	case 'k':
		options->keep = number("--keep", arg, KEEP_MAX);
		return 0;
	case OPTION_PROCESSES:
		options->processes = number("--processes", arg, PROCESSES_MAX);
		return 0;
	case OPTION_ON_VERDICT:
		options->on_verdict = arg;
		return 0;
	case OPTION_JUNIT:
		options->junit = arg;
		return 0;
	case OPTION_MARKDOWN:
		options->markdown = arg;
		return 0;
	case 'o':
		options->output = arg;
		return 0;
	case 'n':
		options->dry = true;
		return 0;
	case OPTION_FRESH:
		options->fresh = true;
		return 0;
	case OPTION_NO_REPORT:
		options->no_report = true;
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		cli_error("%s: a night takes no words; its cases are a suite's, --suite", arg);
		exit(TRIMM_USAGE);
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"suite", 's', "NAME", 0,
			 "What is measured, by its name (`trimm list suites`) or path; `paired` "
			 "unless given",
			 0},
			{"reference", 'r', "REV", 0,
			 "Compare with this revision; unless given, with that in "
			 "RESULTS/reference (a commit and a reason), else with what HEAD was at "
			 "the first night",
			 0},
			{"repo", 'C', "DIR", 0,
			 "Any repository whose `make core` makes a core; here unless given", 0},
			{"head", OPTION_HEAD, "REV", 0, "Instead of HEAD", 0},
			{"threshold", 't', "PERCENT", 0,
			 "Change of time that matters, 2% unless given", 0},
			{"gate", OPTION_GATE, "WHAT", 0,
			 "What gives exit code 3: exact (counts), time, or both, as without it", 0},
			{"keep", 'k', "N", 0,
			 "Runs and cores of the last N nights stay, 30 unless given", 0},
			{"processes", OPTION_PROCESSES, "N", 0,
			 "Time each case in so many; unless given, as many as verdicts need", 0},
			{"on-verdict", OPTION_ON_VERDICT, "COMMAND", 0,
			 "Run COMMAND at the end, with the night's file as its last word and as "
			 "its input",
			 0},
			{"junit", OPTION_JUNIT, "FILE", 0, "Also as JUnit's XML", 0},
			{"markdown", OPTION_MARKDOWN, "FILE", 0, "Also as markdown", 0},
			{"output", 'o', "FILE", 0, "The night's file (JSON) also there", 0},
			{"dry-run", 'n', NULL, 0,
			 "Say what would be built and measured, and how long it may take", 0},
			{"fresh", OPTION_FRESH, NULL, 0,
			 "Begin anew, even if this night was begun before and not finished", 0},
			{"no-report", OPTION_NO_REPORT, NULL, 0,
			 "Write no pages; `trimm report --night ID` does it later", 0},
			{"quiet", 'q', NULL, 0, "No progress", 0},
			{0}},
	.parser = parse,
	.doc = "Compare the memory core of HEAD with that of a reference: counts, then time.\v"
	       "Both are built in a worktree, loaded into one process, and driven by the same "
	       "workloads. What is slower is measured a second time before it counts. The night's "
	       "file is RESULTS/nights/ID.json; its runs are ordinary ones. A night that was "
	       "stopped or killed is gone on with by the next start; one at a time.\n\n"
	       "Exit code 3: something regressed; 4: inconclusive or not comparable; 1: it "
	       "failed or was stopped; 77: all was skipped.\n\n"
	       "  trimm nightly\n"
	       "  trimm nightly --reference v1.2 --suite short --dry-run\n"
	       "  trimm nightly --repo ../my-mmcore --junit night.xml --markdown night.md\n"
	       "  trimm nightly --on-verdict 'mail -s trimm me@example.org'",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

static void print_cases(const char *what, const struct plan *plan, size_t n)
{
	printf("%s, %zu cases:\n", what, n);
	for (size_t i = 0; i < n; i++)
		printf("  %s\n", plan->cases[i].label);
}

static void print_plan(const struct nightly *nightly)
{
	const struct plan *exact = &nightly->plan[STEP_COUNT], *time = &nightly->plan[STEP_TIME];
	double seconds = nightly_estimate(exact) + nightly_estimate(time);

	printf("reference %.*s \"%s\" (%s)\n", GIT_SHORT, nightly->reference.commit,
	       nightly->reference.subject, nightly->why_reference);
	printf("HEAD %.*s \"%s\"\n", GIT_SHORT, nightly->head.commit, nightly->head.subject);
	print_cases("counts", exact, exact->nr_cases);
	print_cases("time", time, time->nr_cases);
	printf("each timed in %u processes; about %.0f min, more for what must be timed again\n",
	       nightly->processes, seconds / 60 + 0.5);
}

static int open_results(struct nightly *nightly)
{
	char *lock = cli_format("%s/nightly.lock", results_directory());
	struct run_error text;
	int error = directory_make(nightly->directory), code = 0;

	if (error) {
		cli_error("%s: %s; give another folder with --results", nightly->directory,
			  strerror(-error));
		code = TRIMM_FAILED;
	} else if (lock_take(&nightly->lock, lock, "trimm nightly", &text)) {
		cli_error("%s", text.text);
		code = TRIMM_FAILED;
	}
	free(lock);
	return code;
}

/* Found out now and not after hours. */
static int check_index(void)
{
	struct run_error error;
	struct store *store;

	if (store_open(results_directory(), &store, &error)) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	store_close(store);
	return 0;
}

static int check(struct nightly *nightly)
{
	int code = plan_check(&nightly->plan[STEP_COUNT]);

	return code ? code : plan_check(&nightly->plan[STEP_TIME]);
}

/* It stays unfinished, with what can be said so far. */
static int stop_here(struct nightly *nightly)
{
	struct night *night = nightly->night;

	night->why = night_text(night, "stopped by the user");
	if (night->runs[NIGHT_EXACT].nr && !nightly_judge(nightly))
		nightly_save(nightly);
	cli_error("stopped; the same command goes on with night %s", night->id);
	return TRIMM_FAILED;
}

static void forget_progress(const struct nightly *nightly)
{
	for (int step = 0; step < NIGHTLY_STEPS; step++) {
		char *path = nightly_run_path(nightly, step);

		if (path)
			finished_remove(path);
		free(path);
	}
}

static int finish(struct nightly *nightly)
{
	struct night *night = nightly->night;
	char summary[256];
	int code;

	night->exit = night_exit_code(night);
	night->summary = night_text(night, night_summary(night, summary, sizeof(summary)));
	code = nightly_end(nightly, "ok", NULL);
	if (code)
		return code;
	forget_progress(nightly);
	nightly_keep(nightly);
	code = nightly_tell(nightly);
	return code ? code : night->exit;
}

static int one_night(struct nightly *nightly)
{
	int code = open_results(nightly);

	if (!code)
		code = check_index();
	if (!code)
		code = nightly_find_revisions(nightly);
	if (!code)
		code = nightly_make_plans(nightly);
	if (!code)
		code = nightly_begin(nightly);
	if (code)
		return code;
	interrupt_open();
	code = nightly_build(nightly);
	if (!code)
		code = check(nightly);
	if (!code)
		code = nightly_measure(nightly);
	if (!code)
		code = nightly_judge(nightly);
	if (nightly->night->finished) {
		/* It could not even begin; those who wait for a verdict hear of it too. */
		nightly_tell(nightly);
		return code;
	}
	if (interrupt_count())
		return stop_here(nightly);
	return code ? code : finish(nightly);
}

static int dry_night(struct nightly *nightly)
{
	int code = nightly_find_revisions(nightly);

	if (!code)
		code = nightly_make_plans(nightly);
	if (!code)
		print_plan(nightly);
	return code;
}

static void close_all(struct nightly *nightly)
{
	if (nightly->cores)
		directory_remove(nightly->cores);
	builds_close(&nightly->builds);
	lock_release(&nightly->lock);
	for (int step = 0; step < NIGHTLY_STEPS; step++)
		plan_free(&nightly->plan[step]);
	targets_close(&nightly->targets);
	suite_free(&nightly->suite);
	night_free(nightly->night);
	git_commit_free(&nightly->head);
	git_commit_free(&nightly->reference);
	free(nightly->cores);
	free(nightly->repo);
	free(nightly->why_reference);
	free(nightly->directory);
	free(nightly->machine);
}

int verb_nightly(int argc, char **argv)
{
	struct nightly_options options = {.suite = "paired",
					  .repo = ".",
					  .head = "HEAD",
					  .threshold = COMPARE_DEFAULTS.threshold,
					  .keep = KEEP};
	struct nightly nightly = {
		.options = &options, .lock = LOCK_NONE, .builds = {.lock = LOCK_NONE}};
	char **command = cli_command("nightly", argc, argv);
	json_t *machine;
	int code;

	cli_parse(&argp, argc, argv, &options);
	options.command = command;
	machine = machine_record();
	nightly.machine = cli_format("%s", json_string_value(json_object_get(machine, "fp")));
	json_decref(machine);
	nightly.directory = cli_format("%s/nights", results_directory());
	code = options.dry ? dry_night(&nightly) : one_night(&nightly);
	close_all(&nightly);
	free(command);
	return code;
}
