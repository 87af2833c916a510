/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_compare.c - trimm compare: verdicts, and the exit codes that gate on them. */
#include "cli.h"
#include "compare_core.h"
#include "compare_kernels.h"
#include "results.h"
#include "target_choice.h"
#include "self_check.h"
#include "verdicts.h"

#include <stdlib.h>
#include <string.h>

struct arguments {
	struct verdicts verdicts;
	struct list
		words; /* runs; for the self-check a workload; or what is to be measured first */
	const char *factor;
	char *inject; /* per cent, a whole number */
	bool self_check, no_fail;
};

static void parse_inject(struct arguments *arguments, const char *text)
{
	size_t digits = strspn(text, "0123456789");
	int percent = digits && digits < 4 ? atoi(text) : 0;

	if (!strcmp(text + digits, "%") || !text[digits])
		arguments->inject = cli_format("%d", percent);
	if (percent >= 1 && percent <= 100 && arguments->inject)
		return;
	cli_error("--inject %s: give 1%% to 100%%, whole", text);
	exit(TRIMM_USAGE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[1] = &arguments->verdicts;
		return 0;
	case 'b':
		arguments->factor = arg;
		return 0;
	case 'B':
		arguments->verdicts.options.base = arg;
		return 0;
	case 's':
		arguments->self_check = true;
		return 0;
	case 'i':
		parse_inject(arguments, arg);
		return 0;
	case 'n':
		arguments->no_fail = true;
		return 0;
	case ARGP_KEY_ARG:
		list_add(&arguments->words, "%s", arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"by", 'b', "FACTOR", 0,
			 "Compare the arms, else the cases, of one run that differ in FACTOR; or "
			 "two "
			 "runs that do",
			 0},
			{"base", 'B', "VALUE", 0,
			 "Compare with the arms of this value, instead of the first", 0},
			{"no-fail", 'n', NULL, 0, "Exit with 0 where it would be 3", 0},
			{"self-check", 's', NULL, 0,
			 "Measure WORKLOAD (fix_size_alloc_test) against itself: nothing may be "
			 "found",
			 0},
			{"inject", 'i', "PERCENT", 0,
			 "With --self-check: delay one arm by so much; that must be found", 0},
			{0}},
	.parser = parse,
	.args_doc = "RUN --by FACTOR\nRUN_A RUN_B\n"
		    "WORKLOAD... core=A,B [NAME=VALUE...]\n"
		    "--target module kernel=A,B [WORKLOAD... NAME=VALUE...]\n"
		    "--self-check [WORKLOAD]",
	.doc = "Say which is better and whether that is certain.\v"
	       "RUN is an id, the beginning of one, a path, or `latest`. Exact counters are "
	       "judged always; time only between arms of one run, measured side by side. Exit "
	       "code 3: something regressed; 4: inconclusive or not comparable.\n\n"
	       "With core=A,B, two builds of mmcore (`make core`), as paths or as names in "
	       "$TRIMM_CORES, are counted and then timed side by side, in as many processes as a "
	       "verdict on time needs unless processes= says how many; what is slower, or unclear, "
	       "is measured again, and slower is only what recurs. B is judged against A.\n\n"
	       "With kernel=A,B, Linux's own allocators (impl=native) are counted in either kernel "
	       "first, exactly, a run each; then B is judged against A. Code 1: that failed.\n\n"
	       "  trimm compare latest --by flush\n"
	       "  trimm compare latest --by flush --base lazy --format markdown\n"
	       "  trimm compare 20261121T114720 latest --no-fail\n"
	       "  trimm compare kmalloc-pair core=./old.so,./build/release/trimm-core.so\n"
	       "  trimm compare --target module kernel=6.1,6.12\n"
	       "  trimm compare --target module kernel=6.12,../linux kmalloc-pair size=64,256\n"
	       "  trimm compare --self-check --inject 5%",
	.children = (const struct argp_child[]){{.argp = &results_argp},
						{.argp = &verdicts_argp},
						{.argp = &target_choice_argp},
						{0}},
};

static int compare(const struct arguments *arguments, const struct run *base,
		   const struct run *next)
{
	const struct compare_options *options = &arguments->verdicts.options;
	struct comparison *comparison;
	struct run_error error;
	int code = next ? compare_runs(base, next, arguments->factor, options, &comparison, &error)
			: compare_by(base, arguments->factor, options, &comparison, &error);

	if (code) {
		cli_error("%s", error.text);
		return code > 0 ? TRIMM_UNCLEAR : TRIMM_USAGE;
	}
	code = verdicts_print(&arguments->verdicts, comparison);
	comparison_free(comparison);
	return code == TRIMM_REGRESSED && arguments->no_fail ? TRIMM_FINE : code;
}

static int compare_named(const struct arguments *arguments)
{
	struct run *runs[2] = {NULL, NULL};
	int code = 0;

	for (size_t i = 0; i < arguments->words.n && !code; i++)
		code = results_load(arguments->words.item[i], &runs[i]);
	if (!code)
		code = compare(arguments, runs[0], runs[1]);
	for (int i = 0; i < 2; i++)
		if (runs[i])
			run_free(runs[i]);
	return code;
}

/* One line for words that don't go together, or NULL. */
static const char *misfit(const struct arguments *arguments)
{
	const struct verdicts *verdicts = &arguments->verdicts;
	size_t n = arguments->words.n;

	if (arguments->self_check && target_choice_exact(target_choice_given()))
		return "--mode exact: there is no time to judge in counts that repeat; leave it "
		       "out";
	if (arguments->self_check)
		return n > 1 || arguments->factor
			       ? "--self-check takes one workload and nothing to compare by"
			       : NULL;
	if (arguments->inject)
		return "--inject goes with --self-check";
	if (compare_kernels_wanted(&arguments->words))
		return arguments->factor || verdicts->options.base
			       ? "--by and --base are for runs; kernel=A,B or core=A,B says what "
				 "is "
				 "compared"
			       : NULL;
	if (target_choice_word(target_choice_given()) || target_choice_given().on_host)
		return "--target and --mode go with --self-check or kernel=A,B";
	if (!n)
		return "name a run; `trimm list runs` lists them, `latest` is the newest";
	if (n == 1 && !arguments->factor)
		return "give --by FACTOR, or a second run to compare with";
	if (n == 2 && verdicts->options.base)
		return "--base is for the arms of one run; two were named";
	return n > 2 ? "two runs at most" : NULL;
}

static int judge(const struct arguments *arguments, char *const *command)
{
	const char *wrong = misfit(arguments),
		   *first = arguments->words.n ? arguments->words.item[0] : "fix_size_alloc_test";
	int code;

	if (wrong) {
		cli_error("compare: %s", wrong);
		return TRIMM_USAGE;
	}
	if (arguments->self_check)
		return self_check(first, arguments->inject, &arguments->verdicts);
	if (!compare_kernels_wanted(&arguments->words))
		return compare_named(arguments);
	code = compare_core_wanted(&arguments->words)
		       ? compare_core(&arguments->words, command, &arguments->verdicts)
		       : compare_kernels(&arguments->words, command, &arguments->verdicts);
	return code == TRIMM_REGRESSED && arguments->no_fail ? TRIMM_FINE : code;
}

int verb_compare(int argc, char **argv)
{
	struct arguments arguments = {.verdicts = VERDICTS_DEFAULTS};
	char **command = cli_command("compare", argc, argv);
	int code;

	cli_parse(&argp, argc, argv, &arguments);
	code = judge(&arguments, command);
	list_free(&arguments.words);
	free(arguments.inject);
	free(command);
	return code;
}
