/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_run.c - trimm run: measure, show what came out. */
#include "cli.h"
#include "cost_model.h"
#include "exact_table.h"
#include "measure.h"
#include "plot.h"
#include "results.h"
#include "shapes.h"
#include "suite.h"
#include "targets.h"
#include "verdicts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct verdicts verdicts;
	struct spec *specs;
	size_t nr_specs;
	const char *reason, *suite;
	bool quiet, dry;
};

static struct spec *new_spec(struct arguments *arguments)
{
	size_t n = ++arguments->nr_specs;

	arguments->specs = cli_alloc(arguments->specs, n * sizeof(*arguments->specs));
	memset(&arguments->specs[n - 1], 0, sizeof(*arguments->specs));
	return &arguments->specs[n - 1];
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const reasons[] = {"run", "bench", NULL};
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = &arguments->verdicts;
		return 0;
	case 'q':
		arguments->quiet = true;
		return 0;
	case 's':
		arguments->suite = arg;
		return 0;
	case 'n':
		arguments->dry = true;
		return 0;
	case 'r':
		if (strcmp(arg, "run") && strcmp(arg, "bench")) {
			cli_error_unknown("reason", arg, reasons, "trimm run --help");
			exit(TRIMM_USAGE);
		}
		arguments->reason = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (!strcmp(arg, SPEC_SEPARATOR))
			new_spec(arguments);
		else if (spec_add(&arguments->specs[arguments->nr_specs - 1], arg))
			exit(TRIMM_USAGE);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"quiet", 'q', NULL, 0, "No progress", 0},
			{"suite", 's', "NAME", 0,
			 "Measure a suite, by its name (`trimm list suites`) or "
			 "its path; words are then put to each of its lines",
			 0},
			{"dry-run", 'n', NULL, 0,
			 "Print the cases, each a line, and measure nothing", 0},
			{"reason", 'r', "WORD", 0,
			 "What the run is for, kept with it: run or bench", 0},
			{0}},
	.parser = parse,
	.args_doc = "WORKLOAD... [NAME=VALUE...] [-- WORKLOAD... [NAME=VALUE...]]...\n"
		    "--suite NAME [NAME=VALUE...]",
	.doc = "Measure workloads into one new file, results/runs/ID.ndjson.\v"
	       "A value can be a list (a,b,c) or a range (1..512, doubling). Lists of policies, "
	       "tunables and subjects make arms, measured side by side in one process and "
	       "compared; all other lists, and all ranges, make cases.\n\n"
	       "  trimm run unmap-storm flush=eager,lazy nr_pages=1..512 cpus=2\n"
	       "  trimm run unmap-storm flush=lazy lazy_max_pages=1024..65536\n"
	       "  trimm run null -- purge-pause flush=eager,lazy blocks=24\n"
	       "  trimm run kmalloc-pair size=16,64,256 impl=native,jemalloc,mmcore\n"
	       "  trimm run unmap-storm flush=eager,lazy cpus=4 --target qemu\n"
	       "  trimm run kmalloc-pair cpus=1 --mode exact\n"
	       "  trimm run unmap-storm flush=eager,lazy --target module kernel=6.1,6.12\n"
	       "  trimm run kmalloc-pair impl=native,mmcore --target module\n\n"
	       "kernel= is 6.1 or 6.12, prepared when first used, or the path of a built kernel; "
	       "each is a guest of its own. A run's kernel logs are kept as "
	       "results/runs/ID.kernel.log.\n\n"
	       "target= and mode= do for one group what the options do for all:\n\n"
	       "  trimm run unmap-storm flush=eager,lazy -- "
	       "unmap-storm flush=eager,lazy target=qemu mode=exact\n\n"
	       "Arms can also be written out, one word each, with all that is its own:\n\n"
	       "  trimm run page-pair arm:impl=native arm:impl=mmcore,pcp_batch=31\n\n"
	       "A suite is a file of such groups, one a line; those that come with trimm are named "
	       "by `trimm list suites`:\n\n"
	       "  trimm run --suite smoke\n"
	       "  trimm run --suite ./mine.suite blocks=24 --dry-run\n\n"
	       "core= names builds of mmcore (`make core`), as paths or as names in $TRIMM_CORES, "
	       "and "
	       "processes= in how many processes each case is to be measured, since one is one "
	       "layout of code and data:\n\n"
	       "  trimm run kmalloc-pair core=old,new processes=12 blocks=12\n\n"
	       "`trimm list` names workloads and parameters; a pattern ('*', 'kmalloc-*') stands "
	       "for "
	       "all it fits, but those that a word !NAME excepts.",
	.children = (const struct argp_child[]){{.argp = &results_argp},
						{.argp = &verdicts_argp},
						{.argp = &target_choice_argp},
						{0}},
};

static int plan_words(struct arguments *arguments, struct targets *targets, struct plan *plan)
{
	int code = 0;

	for (size_t i = 0; i < arguments->nr_specs && !code; i++)
		code = targets_plan(targets, &arguments->specs[i], plan);
	return code;
}

static int plan_line(const struct suite_line *line, const struct spec *over,
		     struct targets *targets, struct plan *plan)
{
	struct spec spec;
	int code = suite_spec(line, over, &spec);

	cli_set_where(line->where);
	if (!code)
		code = targets_plan(targets, &spec, plan);
	cli_set_where(NULL);
	spec_free(&spec);
	return code;
}

static int check_words(const struct arguments *arguments)
{
	const struct spec *words = arguments->specs;

	if (arguments->nr_specs == 1 && !words->workloads.n && !words->arms.n)
		return 0;
	cli_error("--suite: words beside it are NAME=VALUE, and put to each of its lines, which "
		  "name the workloads");
	return TRIMM_USAGE;
}

/* Each line that is wrong is told of, unless its target can't be asked at all. */
static int plan_suite(struct arguments *arguments, struct targets *targets, struct plan *plan)
{
	struct suite suite = {.nr_lines = 0};
	int wrong = check_words(arguments), code;

	if (!wrong)
		wrong = suite_read(&suite, arguments->suite);
	for (size_t i = 0; i < suite.nr_lines && wrong != TRIMM_FAILED; i++) {
		code = plan_line(&suite.lines[i], &arguments->specs[0], targets, plan);
		if (code)
			wrong = code;
	}
	suite_free(&suite);
	return wrong;
}

static int make_plan(struct arguments *arguments, struct targets *targets, struct plan *plan)
{
	int code = arguments->suite ? plan_suite(arguments, targets, plan)
				    : plan_words(arguments, targets, plan);

	return code ? code : plan_check(plan);
}

/* As one could type them. */
static void print_cases(const struct plan *plan)
{
	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct plan_case *at = &plan->cases[i];

		printf("%s:", target_name(at->target));
		for (size_t j = 0; j < at->words.n; j++)
			printf(" %s", at->words.item[j]);
		puts("");
	}
	fprintf(stderr, "trimm: %zu cases\n", plan->nr_cases);
}

/* What one operation took, of a run that was counted and not timed. */
static void show_exact(const struct run *run)
{
	struct plot_cases cases;

	if (plot_cases_read(run, &cases))
		return;
	if (exact_table_any(&cases)) {
		struct calibration *calibration = results_calibration(run);

		exact_table_print(&cases, stdout);
		puts("");
		cost_model_print(calibration, &cases, stdout);
		puts("");
		calibration_free(calibration);
	}
	plot_cases_free(&cases);
}

/* The comparison if there were arms; on a terminal also a plot. */
static int show(const struct arguments *arguments, const struct plan *plan, const char *path)
{
	struct comparison *comparison;
	struct run_error error;
	struct run *run;
	int code = 0;

	if (run_load(path, &run, &error)) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	if (arguments->verdicts.format == FORMAT_TEXT)
		show_exact(run);
	if (arguments->verdicts.format == FORMAT_TEXT)
		shapes_print(run, stdout);
	if (plan->factor) {
		if (compare_by(run, plan->factor, &arguments->verdicts.options, &comparison,
			       &error)) {
			cli_error("%s", error.text);
			code = TRIMM_FAILED;
		} else {
			verdicts_print(&arguments->verdicts, comparison);
			comparison_free(comparison);
		}
	}
	if (isatty(STDOUT_FILENO) && arguments->verdicts.format == FORMAT_TEXT)
		plot_terminal(run, stdout);
	run_free(run);
	return code;
}

static int run(struct arguments *arguments, char **command)
{
	struct measure_options options = {results_directory(), arguments->reason, command,
					  arguments->quiet};
	struct targets targets = {NULL};
	struct plan plan = {.nr_cases = 0};
	char *path = NULL;
	int code = make_plan(arguments, &targets, &plan), after = 0;

	if (!code && arguments->dry)
		print_cases(&plan);
	else if (!code)
		code = measure(&plan, &options, &path);
	if (path) {
		after = results_add(path);
		if (show(arguments, &plan, path))
			after = TRIMM_FAILED;
		/* Data formats are for programs: nothing else goes between their lines. */
		fprintf(arguments->verdicts.format == FORMAT_TEXT ? stdout : stderr, "%s\n", path);
	}
	free(path);
	plan_free(&plan);
	targets_close(&targets);
	return code ? code : after;
}

int verb_run(int argc, char **argv)
{
	struct arguments arguments = {.verdicts = VERDICTS_DEFAULTS, .reason = "run"};
	char **command = cli_command("run", argc, argv);
	int code;

	/* getopt would swallow it; to us it is a word like any other. */
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--"))
			argv[i] = SPEC_SEPARATOR;
	new_spec(&arguments);
	cli_parse(&argp, argc, argv, &arguments);
	code = run(&arguments, command);
	for (size_t i = 0; i < arguments.nr_specs; i++)
		spec_free(&arguments.specs[i]);
	free(arguments.specs);
	free(command);
	return code;
}
