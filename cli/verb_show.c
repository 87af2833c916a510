/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_show.c - trimm show: what a memory core looks like, in the middle of a run. */
#include "as_proc.h"
#include "ask.h"
#include "cli.h"
#include "plan.h"
#include "runner.h"
#include "targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct targets targets;
	const struct target *target;
	const char **names; /* all that can be shown */
	const char *what;   /* NULL: as_proc */
	char **command;	    /* of as_proc, NULL-ended; or NULL */
	struct spec spec;   /* a case to run for it; empty: a run that goes on */
	unsigned int arm;
	pid_t pid;
	bool as_proc;
};

static unsigned int parse_number(const char *option, const char *arg)
{
	char *end;
	unsigned long number = strtoul(arg, &end, 10);

	if (!*arg || *end || *arg == '-' || number > 1UL << 30) {
		cli_error("%s %s: not a number", option, arg);
		exit(TRIMM_USAGE);
	}
	return (unsigned int)number;
}

static int check_what(const struct arguments *arguments)
{
	for (const char **name = arguments->names; *name && arguments->what; name++)
		if (!strcmp(*name, arguments->what))
			return 0;
	if (!arguments->what)
		return 0;
	cli_error_unknown("thing to show", arguments->what, arguments->names, "trimm show --help");
	return TRIMM_USAGE;
}

/* Settings mean nothing to a run that goes on, nor --pid to a case that is run for this. */
static void check_spec(const struct arguments *arguments)
{
	const struct spec *spec = &arguments->spec;

	if (!spec->workloads.n && (spec->nr_params || spec->arms.n)) {
		cli_error("%s: a setting is a workload's; name one, as in `trimm show vmstat "
			  "unmap-storm flush=lazy`",
			  spec->nr_params ? spec->params[0].name : "arm:");
		exit(TRIMM_USAGE);
	}
	if (spec->workloads.n && arguments->pid) {
		cli_error("--pid %d: it names a run that goes on, %s a case to run; give one of "
			  "them",
			  arguments->pid, spec->workloads.item[0]);
		exit(TRIMM_USAGE);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'a':
		arguments->arm = parse_number("--arm", arg);
		return 0;
	case 'p':
		arguments->pid = (pid_t)parse_number("--pid", arg);
		return 0;
	case 'P':
		arguments->as_proc = true;
		return 0;
	case ARGP_KEY_ARG:
		if (!arguments->as_proc && !arguments->what)
			arguments->what = arg;
		else if (spec_add(&arguments->spec, arg))
			exit(TRIMM_USAGE);
		return 0;
	case ARGP_KEY_END:
		if (!arguments->as_proc && !arguments->what)
			argp_error(state, "name what to show");
		check_spec(arguments);
		if (arguments->as_proc != !!arguments->command)
			argp_error(state, "--as-proc -- COMMAND: both or neither");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"arm", 'a', "N", 0, "Which arm's memory core (0, the first, unless given)",
			 0},
			{"pid", 'p', "PID", 0, "Of which process, if several are running", 0},
			{"as-proc", 'P', NULL, 0,
			 "Run COMMAND with all of these files over those of /proc", 0},
			{0}},
	.parser = parse,
	.children = (const struct argp_child[]){{.argp = &target_choice_argp}, {0}},
	.args_doc = "WHAT [WORKLOAD [NAME=VALUE...]]\n"
		    "--as-proc [WORKLOAD [NAME=VALUE...]] -- COMMAND...",
	.doc = "The state of a memory core, in the format of Linux's file /proc/WHAT: of the run "
	       "that is going on, or of WORKLOAD, run for this and then ended.\v"
	       "WHAT is buddyinfo, meminfo, pagetypeinfo, slabinfo, vmallocinfo, vmstat or "
	       "zoneinfo.\n\n"
	       "  trimm show buddyinfo\n"
	       "  trimm show slabinfo kmalloc-outstanding slab=slab\n"
	       "  trimm show vmstat unmap-storm --target qemu\n"
	       "  trimm show --as-proc -- slabtop -o",
};

static int show_of(const struct arguments *arguments, pid_t pid)
{
	size_t length;
	char *text;

	if (arguments->as_proc)
		return as_proc_run(arguments->command, arguments->names, pid, arguments->arm);
	text = ask(pid, arguments->what, arguments->arm, &length);
	if (!text)
		return TRIMM_FAILED;
	fwrite(text, 1, length, stdout);
	free(text);
	return TRIMM_FINE;
}

static int show_running(const struct arguments *arguments)
{
	pid_t pids[8] = {arguments->pid};
	size_t n = arguments->pid ? 1 : ask_find(pids, 8);

	if (!n && access("/proc/net/unix", R_OK)) {
		cli_error("/proc/net/unix: %m; say with --pid which process to ask");
		return TRIMM_FAILED;
	}
	if (!n) {
		cli_error("no run is going on; start one, or name a workload: `trimm show %s "
			  "unmap-storm`",
			  arguments->what ? arguments->what : "--as-proc");
		return TRIMM_FAILED;
	}
	if (n > 1) {
		cli_error("%zu runs are going on; choose one with --pid, e.g. --pid %d", n,
			  pids[0]);
		return TRIMM_USAGE;
	}
	return show_of(arguments, pids[0]);
}

/* A case that runs for the sake of being looked at. */
struct specimen {
	const struct arguments *arguments;
	struct runner_outcome outcome;
	bool shown;
	int code;
};

/* Its first finished block says that all arms are open and at work. */
static bool take_record(void *arg, const char *line, size_t length)
{
	struct specimen *specimen = arg;

	if (!memmem(line, length, "\"text\":\"block\"", 14))
		return true;
	specimen->shown = true;
	specimen->code = show_of(specimen->arguments, specimen->outcome.pid);
	return false;
}

static void take_words(void *arg, const char *line)
{
	(void)arg;
	(void)line;
}

static int show_specimen(const struct arguments *arguments)
{
	struct specimen specimen = {.arguments = arguments};
	struct runner_calls calls = {take_record, take_words, &specimen};
	struct plan plan = {.nr_cases = 0};
	struct list argv = {NULL, 0};
	int code = plan_add(&plan, arguments->target, &arguments->spec);

	if (code)
		goto out;
	target_begin(arguments->target, &argv);
	for (size_t i = 0; i < plan.cases[0].words.n; i++)
		list_add(&argv, "%s", plan.cases[0].words.item[i]);
	runner_run(argv.item, &calls, &specimen.outcome);
	code = specimen.code;
	if (!specimen.shown) {
		cli_error("%s: it ended before there was something to show; it said: %s",
			  plan.cases[0].label, specimen.outcome.said);
		code = TRIMM_FAILED;
	}
out:
	list_free(&argv);
	plan_free(&plan);
	return code;
}

/* What follows "--" is the command's; it and the mark leave @argv. */
static int cut_command(int argc, char **argv, struct arguments *arguments)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--"))
			continue;
		if (i + 1 < argc)
			arguments->command = &argv[i + 1];
		argv[i] = NULL;
		return i;
	}
	return argc;
}

/* What can be shown is the target's to say. */
static int open_target(struct arguments *arguments)
{
	int code = targets_of(&arguments->targets, &arguments->spec, &arguments->target);

	if (code)
		return code;
	if (arguments->target->exact) {
		cli_error("--mode exact: an answer would change what is counted; leave it out");
		return TRIMM_USAGE;
	}
	arguments->names = about_names(json_object_get(arguments->target->about, "shows"));
	return check_what(arguments);
}

int verb_show(int argc, char **argv)
{
	struct arguments arguments = {.what = NULL};
	int code;

	argc = cut_command(argc, argv, &arguments);
	cli_parse(&argp, argc, argv, &arguments);
	code = open_target(&arguments);
	if (!code)
		code = arguments.spec.workloads.n ? show_specimen(&arguments)
						  : show_running(&arguments);
	spec_free(&arguments.spec);
	free(arguments.names);
	targets_close(&arguments.targets);
	return code;
}
