/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_bisect.c - trimm bisect: which commit made a workload worse. */
#include "bisect.h"
#include "cli.h"
#include "results.h"

#include <stdlib.h>
#include <string.h>

struct arguments {
	struct bisect_options options;
	const char *kernel_repo;
	bool is_step;
	int step; /* the end of a line to who asks */
};

/* Long options without a letter. */
enum { OPTION_STEP = 256, OPTION_KERNEL, OPTION_BUILD };

static void parse_threshold(struct arguments *arguments, const char *text)
{
	if (cli_percent(text, &arguments->options.threshold))
		return;
	cli_error("--threshold %s: give a percentage, like 2%%", text);
	exit(TRIMM_USAGE);
}

static void parse_format(struct arguments *arguments, const char *text)
{
	static const char *const formats[] = {"text", "json", "markdown", NULL};
	int format = bisect_format_from_name(text);

	if (format < 0) {
		cli_error_unknown("format", text, formats, "trimm bisect --help");
		exit(TRIMM_USAGE);
	}
	arguments->options.format = (enum bisect_format)format;
}

/* A number that nobody types. */
static int parse_step(const char *text)
{
	char *end;
	long fd = strtol(text, &end, 10);

	return *text && !*end && fd > 2 && fd < 1 << 20 ? (int)fd : -1;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct bisect_options *options = &arguments->options;

	switch (key) {
	case 'g':
		options->good = arg;
		return 0;
	case 'b':
		options->bad = arg;
		return 0;
	case 'm':
		options->metric = arg;
		return 0;
	case 'r':
		options->repo = arg;
		return 0;
	case 't':
		parse_threshold(arguments, arg);
		return 0;
	case 'p':
		list_add(&options->paths, "%s", arg);
		return 0;
	case 'f':
		parse_format(arguments, arg);
		return 0;
	case OPTION_KERNEL:
		arguments->kernel_repo = arg;
		return 0;
	case OPTION_BUILD:
		options->build = arg;
		return 0;
	case OPTION_STEP:
		arguments->is_step = true;
		arguments->step = parse_step(arg);
		return 0;
	case ARGP_KEY_ARG:
		list_add(&options->words, "%s", arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"good", 'g', "REV", 0, "A commit where it was well", 0},
			{"bad", 'b', "REV", 0, "A commit where it is worse", 0},
			{"metric", 'm', "NAME", 0,
			 "A counter, or total (time), instead of what differs most between the "
			 "two",
			 0},
			{"repo", 'r', "DIR", 0,
			 "The repository, whose `make core` makes a memory core; instead of .", 0},
			{"threshold", 't', "PERCENT", 0, "Change of time that matters (2%)", 0},
			{"paths", 'p', "PATH", 0,
			 "Only commits that touch PATH; may be given several times", 0},
			{"format", 'f', "NAME", 0, "text, json or markdown", 0},
			{"kernel-repo", OPTION_KERNEL, "DIR", 0,
			 "Bisect the Linux kernel in DIR: its own allocators (impl=native), "
			 "counted in a guest",
			 0},
			{"build", OPTION_BUILD, "COMMAND", 0,
			 "With --kernel-repo: what builds it, run by the shell in a worktree; "
			 "where "
			 "the kernel is not that tree, its last line of output is kernel=WORD",
			 0},
			{"step", OPTION_STEP, "FD", OPTION_HIDDEN, "", 0},
			{0}},
	.parser = parse,
	.args_doc = "WORKLOAD [NAME=VALUE...]",
	.doc = "Find the commit that made a workload worse.\vThe ends are measured first: what "
	       "they differ in most, counted exactly, is asked of every commit, one run each; if "
	       "they count alike, time is, beside the good end in the same processes. git bisect "
	       "chooses the commits, in a worktree of its own: the checkout, dirty or not, stays "
	       "as it is. What was measured is kept, so that a call that was interrupted goes on "
	       "when it is repeated. The commit that is found, and the one before it, are built "
	       "and measured anew. Where that is not enough to name one, a range is.\n\n"
	       "--good may also be the later one: then the commit is found that made it better.\n\n"
	       "  trimm bisect --good v0.1 --bad HEAD unmap-storm nr_pages=1 cpus=1\n"
	       "  trimm bisect --good HEAD~63 --bad HEAD kmalloc-pair size=64 --metric "
	       "instructions\n"
	       "  trimm bisect --good v1 --bad v2 --repo ../fork fix_size_alloc_test --metric "
	       "total\n\n"
	       "A kernel is bisected in a guest:\n\n"
	       "  trimm bisect --kernel-repo ../linux --build 'make -sj8 bzImage modules' "
	       "--good v6.1 --bad v6.12 kmalloc-pair size=64\n\n"
	       "Exit code 0: found; 4: the ends can't be told apart, or a range is left; 1: "
	       "stopped, or the machine is at fault; 2: usage.",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

static const char *missing(const struct arguments *arguments)
{
	const struct bisect_options *options = &arguments->options;

	if (!options->build != !arguments->kernel_repo)
		return "--kernel-repo DIR and --build COMMAND go together";
	if (arguments->kernel_repo && strcmp(options->repo, "."))
		return "--repo and --kernel-repo: give one";
	if (!options->good || !options->bad)
		return "give both ends, --good REV and --bad REV";
	if (!options->words.n)
		return "name a workload; `trimm list` has them";
	return NULL;
}

/* As a shell would take it. */
static char *command_text(int argc, char **argv)
{
	char *text = cli_format("trimm bisect");

	for (int i = 1; i < argc; i++) {
		bool plain =
			argv[i][strspn(argv[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
						"XYZ0123456789_-=+.,:/@%~^")] == 0;
		char *longer = cli_format(plain ? "%s %s" : "%s '%s'", text, argv[i]);

		free(text);
		text = longer;
	}
	return text;
}

int verb_bisect(int argc, char **argv)
{
	struct arguments arguments = {.options = {.repo = ".", .threshold = 0.02}, .step = -1};
	char *command = command_text(argc, argv);
	const char *lacks;
	int code = TRIMM_USAGE;

	arguments.options.command = command;
	cli_parse(&argp, argc, argv, &arguments);
	lacks = missing(&arguments);
	if (arguments.kernel_repo)
		arguments.options.repo = arguments.kernel_repo;
	if (arguments.is_step)
		code = bisect_step(arguments.step);
	else if (lacks)
		cli_error("bisect: %s", lacks);
	else
		code = bisect(&arguments.options);
	list_free(&arguments.options.words);
	list_free(&arguments.options.paths);
	free(command);
	return code;
}
