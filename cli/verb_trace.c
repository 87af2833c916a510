/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verb_trace.c - trimm trace: probes in the kernel, and what they saw. trimm-trace attaches them;
 * here are words, files and the user's signals.
 */
#include "cli.h"
#include "collector.h"
#include "interrupt.h"
#include "target.h"
#include "trace_output.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A pause this long between records ends a snapshot: those of one come in one go. */
#define SNAPSHOT_GAP_MS 200
/* A request may come twice at once: to the process and to its group, as timeout(1) does. */
#define SAME_REQUEST_S 0.5
#define DEFAULT_TOP    10

struct arguments {
	struct list probes, words; /* words: for the collector */
	char *functions;	   /* of funclat, or NULL */
	char **command;		   /* or NULL */
	struct trace_output_options output;
	bool pid, duration, interval, stacks, events, list, guest;
};

enum {
	KEY_FORMAT = 1000,
	KEY_PERFETTO,
	KEY_FOLDED,
	KEY_TAG,
	KEY_STACKS,
	KEY_EVENTS,
	KEY_LIST,
	KEY_SET,
	KEY_OWN,
	KEY_GUEST,
	KEY_ROOM,
	KEY_TOP
};

/* Above 0, and no more than that makes sense of. */
static void check_number(const char *option, const char *arg, double most, const char *what)
{
	char *end;
	double value = strtod(arg, &end);

	if (end != arg && !*end && value > 0 && value <= most)
		return;
	cli_error("%s %s: give %s", option, arg, what);
	exit(TRIMM_USAGE);
}

static void parse_format(struct arguments *arguments, const char *name)
{
	static const char *const names[] = {"text", "ndjson", "csv", NULL};

	for (int i = 0; names[i]; i++) {
		if (!strcmp(name, names[i])) {
			arguments->output.format = (enum trace_format)i;
			return;
		}
	}
	cli_error_unknown("format", name, names, "trimm trace --help");
	exit(TRIMM_USAGE);
}

/* "a,b" and "a" "b" are the same. */
static void add_probes(struct arguments *arguments, const char *text)
{
	char *copy = cli_format("%s", text), *save = NULL;

	for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save))
		if (!list_has(&arguments->probes, name))
			list_add(&arguments->probes, "%s", name);
	free(copy);
}

static void add_function(struct arguments *arguments, const char *name)
{
	char *longer = arguments->functions ? cli_format("%s,%s", arguments->functions, name)
					    : cli_format("%s", name);

	free(arguments->functions);
	arguments->functions = longer;
}

static void check(const struct arguments *arguments, const struct argp_state *state)
{
	if (arguments->list)
		return;
	if (!arguments->probes.n)
		argp_error(state, "name a probe; `trimm trace --list` tells which there are");
	if (arguments->functions && !list_has(&arguments->probes, "funclat"))
		argp_error(state,
			   "--function %s: it is what the probe funclat times; name that "
			   "too",
			   arguments->functions);
	if (list_has(&arguments->probes, "funclat") && !arguments->functions)
		argp_error(state, "funclat: say with --function which function to time");
	if (arguments->guest && !arguments->command)
		argp_error(state, "--guest: say which command boots guests, as in "
				  "-- trimm run unmap-storm --target module");
	if (arguments->pid && arguments->command)
		argp_error(state, "--pid is of a process that runs, -- COMMAND of one to start; "
				  "give one of them");
}

static error_t parse_more(int key, char *arg, struct arguments *arguments)
{
	switch (key) {
	case KEY_PERFETTO:
		arguments->output.perfetto = arg;
		arguments->events = true;
		return 0;
	case KEY_FOLDED:
		arguments->output.folded = arg;
		arguments->stacks = true;
		return 0;
	case KEY_TAG:
		arguments->output.tag = arg;
		return 0;
	case KEY_STACKS:
		arguments->stacks = true;
		return 0;
	case KEY_EVENTS:
		arguments->events = arguments->output.events = true;
		return 0;
	case KEY_LIST:
		arguments->list = true;
		return 0;
	case KEY_OWN:
		list_add(&arguments->words, "--own");
		return 0;
	case KEY_GUEST:
		list_add(&arguments->words, "--guest");
		arguments->guest = true;
		return 0;
	case KEY_ROOM:
		check_number("--room", arg, 1 << 30, "a number of keys, as in 10000");
		list_add(&arguments->words, "--room=%s", arg);
		return 0;
	case KEY_SET:
		list_add(&arguments->words, "--set=%s", arg);
		return 0;
	case KEY_TOP:
		check_number("--top", arg, 1e6, "a number of stacks, as in 10");
		arguments->output.top = strtoul(arg, NULL, 10);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case KEY_FORMAT:
		parse_format(arguments, arg);
		return 0;
	case 'p':
		check_number("--pid", arg, 1 << 30, "a process's number");
		list_add(&arguments->words, "--pid=%s", arg);
		arguments->pid = true;
		return 0;
	case 'd':
		check_number("--duration", arg, 1e9, "seconds, as in 10 or 0.5");
		list_add(&arguments->words, "--duration=%s", arg);
		arguments->duration = true;
		return 0;
	case 'i':
		check_number("--interval", arg, 1e6, "seconds, as in 1 or 0.5");
		list_add(&arguments->words, "--interval=%s", arg);
		arguments->interval = true;
		return 0;
	case 'f':
		add_function(arguments, arg);
		return 0;
	case 'o':
		arguments->output.output = arg;
		return 0;
	case ARGP_KEY_ARG:
		add_probes(arguments, arg);
		return 0;
	case ARGP_KEY_END:
		check(arguments, state);
		return 0;
	}
	return parse_more(key, arg, arguments);
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"pid", 'p', "PID", 0, "Only this process, until it ends", 0},
			{"duration", 'd', "SECONDS", 0, "For so long", 0},
			{"interval", 'i', "SECONDS", 0,
			 "Show what happened every so often, each from 0 again", 0},
			{"function", 'f', "NAME", 0,
			 "What funclat times; several: NAME,NAME, each by itself", 0},
			{"own", KEY_OWN, NULL, 0,
			 "Of COMMAND's own process alone, or of each case's of `trimm run`", 0},
			{"guest", KEY_GUEST, NULL, 0,
			 "In the Linux guests that COMMAND boots, not in this kernel; needs no "
			 "root",
			 0},
			{"room", KEY_ROOM, "N", 0, "Room for N keys in each map of a probe", 0},
			{"stacks", KEY_STACKS, NULL, 0, "Where events come from", 0},
			{"top", KEY_TOP, "N", 0, "Show the N heaviest stacks of a probe (10)", 0},
			{"events", KEY_EVENTS, NULL, 0,
			 "Show each event, too; with --output they are in FILE instead", 0},
			{"set", KEY_SET, "PROBE.NAME=VALUE", 0, "A probe's own setting", 0},
			{"tag", KEY_TAG, "NAME", 0, "A name, kept with the records", 0},
			{"format", KEY_FORMAT, "FORMAT", 0,
			 "text (as it is without this), ndjson or csv", 1},
			{"output", 'o', "FILE", 0,
			 "Also into FILE, a run file as `trimm run` makes them", 1},
			{"perfetto", KEY_PERFETTO, "FILE", 0,
			 "Events also into FILE, for ui.perfetto.dev", 1},
			{"folded", KEY_FOLDED, "FILE", 0, "Stacks also into FILE, for flame graphs",
			 1},
			{"list", KEY_LIST, NULL, 0, "What probes there are", 2},
			{0}},
	.parser = parse,
	.args_doc = "PROBE[,PROBE...] [-- COMMAND...]\n--list",
	.doc = "What the kernel does about memory, and what looking at it costs: while COMMAND "
	       "or one process runs, or on the whole machine until --duration or Ctrl-C.\v"
	       "  trimm trace ipi,tlbflush -- trimm run unmap-storm flush=eager,lazy\n"
	       "  trimm trace tlbflush --stacks --folded flush.folded -d 10\n"
	       "  trimm trace vmalloc --perfetto purge.json -- COMMAND\n"
	       "  trimm trace funclat -f flush_tlb_kernel_range -d 5\n"
	       "  trimm trace faults -p 4711 -i 1\n"
	       "  trimm trace tracepoint --set tracepoint.name=sys_enter -d 1\n\n"
	       "Below each histogram is its account: events, and those that were lost, missed, "
	       "refused, or found no room; what an event costs, by blocks with and without "
	       "probes where a run has them; and what share of the time that is. Above 5 % a "
	       "WARNING says that times are disturbed. Of `trimm run` the records of each phase "
	       "are in its own file.\n\n"
	       "A probe that can't be had is told in one line, and the others go on. Tracing "
	       "takes root, or CAP_BPF and CAP_PERFMON. The exit code is COMMAND's; 1: no probe "
	       "worked; 2: a word was wrong.",
};

static int list_probes(void)
{
	char *program = target_program("trimm-trace");
	char *argv[] = {program, "--list", NULL};

	execv(program, argv);
	cli_error("%s: %m; `make` builds it", program);
	free(program);
	return TRIMM_FAILED;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The user's wish to stop, as far as it has been passed on. */
struct stopping {
	unsigned int asked;
	double since; /* 0: not yet */
};

static void pass_on(struct stopping *stopping, const struct collector *collector)
{
	unsigned int asked = interrupt_count();

	if (asked == stopping->asked)
		return;
	stopping->asked = asked;
	if (!stopping->since) {
		stopping->since = now();
		collector_ask(collector, interrupt_typed());
	} else if (now() - stopping->since > SAME_REQUEST_S) {
		collector_kill(collector);
	}
}

/* Until the collector has ended and all it wrote is read. Its exit code. */
static int follow(struct collector *collector, struct trace_output *output, bool snapshots)
{
	struct stopping stopping = {.asked = interrupt_count()};
	int signals = interrupt_open(), code = TRIMM_FAILED;
	bool told = false;

	while (!collector_ended(collector, &code)) {
		struct pollfd polled[] = {{.fd = signals, .events = POLLIN},
					  {.fd = collector->records.fd, .events = POLLIN}};
		bool waiting = snapshots && json_array_size(output->kept);

		if (!poll(polled, 2, waiting ? SNAPSHOT_GAP_MS : -1))
			trace_output_snapshot(output);
		pass_on(&stopping, collector);
		collector_read(collector, trace_output_take, output);
		if (output->failed && !told)
			collector_ask(collector, false);
		told = output->failed;
	}
	collector_read(collector, trace_output_take, output);
	return code;
}

static void words_of(struct arguments *arguments)
{
	char *probes = NULL;
	struct list all = {NULL, 0};

	for (size_t i = 0; i < arguments->probes.n; i++) {
		char *longer = probes ? cli_format("%s,%s", probes, arguments->probes.item[i])
				      : cli_format("%s", arguments->probes.item[i]);

		free(probes);
		probes = longer;
	}
	list_add(&all, "%s", probes);
	free(probes);
	for (size_t i = 0; i < arguments->words.n; i++)
		list_add(&all, "%s", arguments->words.item[i]);
	if (arguments->functions)
		list_add(&all, "--set=funclat.function=%s", arguments->functions);
	if (arguments->stacks)
		list_add(&all, "--stacks");
	if (arguments->events)
		list_add(&all, "--events");
	list_free(&arguments->words);
	arguments->words = all;
}

static int trace(struct arguments *arguments)
{
	struct collector collector;
	struct trace_output output;
	int code, closed;

	words_of(arguments);
	arguments->output.several = arguments->probes.n > 1;
	code = trace_output_open(&output, &arguments->output);
	/* Before it starts, so that its end is not missed. */
	interrupt_open();
	if (!code)
		code = collector_start(&collector, &arguments->words, arguments->command, false);
	if (code) {
		trace_output_close(&output, "failed");
		return code;
	}
	if (!arguments->command && !arguments->duration && isatty(STDERR_FILENO))
		fprintf(stderr, "tracing; Ctrl-C ends it\n");
	code = follow(&collector, &output, arguments->interval);
	collector_close(&collector);
	if (!code && arguments->guest && !output.troubled && !output.worked) {
		cli_error(
			"--guest: no case was traced; it takes one that is timed, as of `trimm run "
			"WORKLOAD --target module`");
		code = TRIMM_FAILED;
	}
	if (!code && output.troubled && !output.worked)
		code = TRIMM_FAILED;
	closed = trace_output_close(&output, output.worked ? "ok" : "failed");
	return closed ? closed : code;
}

/* What follows "--" is the command's; it and the mark leave @argv. */
static int cut_command(int argc, char **argv, struct arguments *arguments)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--"))
			continue;
		if (i + 1 == argc) {
			cli_error("--: name the command behind it, or leave it out");
			exit(TRIMM_USAGE);
		}
		arguments->command = &argv[i + 1];
		argv[i] = NULL;
		return i;
	}
	return argc;
}

int verb_trace(int argc, char **argv)
{
	struct arguments arguments = {.output.top = DEFAULT_TOP};
	char **command = cli_command("trace", argc, argv);
	int code;

	arguments.output.command = command;
	argc = cut_command(argc, argv, &arguments);
	cli_parse(&argp, argc, argv, &arguments);
	code = arguments.list ? list_probes() : trace(&arguments);
	list_free(&arguments.probes);
	list_free(&arguments.words);
	free(arguments.functions);
	free(command);
	return code;
}
