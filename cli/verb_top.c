/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_top.c - trimm top: what memory does just now, of a run or of the machine, as a live view. */
#include "ask.h"
#include "cli.h"
#include "top_screen.h"
#include "top_sources.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of a plain snapshot. */
#define BATCH_WIDTH 80
#define BATCH_ROWS  10
/* Between two looks at signals, keys apart. */
#define LOOK_MS 50

struct arguments {
	const char *probes;
	double interval;
	unsigned long batch; /* snapshots; 0: live */
	pid_t pid;
	unsigned int arm;
	bool machine;
};

static double parse_number(const char *option, const char *arg, double low, double high,
			   const char *what)
{
	char *end;
	double value = strtod(arg, &end);

	if (end != arg && !*end && value >= low && value <= high)
		return value;
	cli_error("%s %s: give %s", option, arg, what);
	exit(TRIMM_USAGE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'a':
		arguments->arm = (unsigned int)parse_number("--arm", arg, 0, 1000, "a number");
		return 0;
	case 'b':
		arguments->batch = (unsigned long)parse_number("--batch", arg, 1, 1e9,
							       "a number of snapshots, as in 5");
		return 0;
	case 'i':
		arguments->interval =
			parse_number("--interval", arg, 0.1, 3600, "seconds, from 0.1 on");
		return 0;
	case 'm':
		arguments->machine = true;
		return 0;
	case 'p':
		arguments->pid =
			(pid_t)parse_number("--pid", arg, 1, 1 << 30, "a process's number");
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->probes)
			argp_error(state, "%s: probes are one word, with commas between them", arg);
		arguments->probes = arg;
		return 0;
	case ARGP_KEY_END:
		if (arguments->machine && arguments->pid)
			argp_error(state, "--machine and --pid: give one of them");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"interval", 'i', "SECONDS", 0, "Look so often (1)", 0},
			{"pid", 'p', "PID", 0, "Of which process, or run if several go on", 0},
			{"arm", 'a', "N", 0, "Which arm's memory core of a run (0, the first)", 0},
			{"machine", 'm', NULL, 0, "Of the machine, even if a run goes on", 0},
			{"batch", 'b', "N", 0, "Print N snapshots as text, and end", 0},
			{0}},
	.parser = parse,
	.args_doc = "[PROBE[,PROBE...]]",
	.doc = "Flushes, interrupts for them, purges, areas that wait, levels of per-CPU lists and "
	       "slabs, latencies: of the run that goes on, if one does, else of the machine.\v"
	       "Keys: q quits, p pauses, Tab goes to the next table, 1 to 4 show one alone and 0 "
	       "all, < and > choose the column to sort by, r reverses, arrows and pages scroll.\n\n"
	       "  trimm top\n"
	       "  trimm top -i 5 ipi,tlbflush\n"
	       "  trimm top --batch 3\n\n"
	       "Latencies are of probes (`trimm trace --list`), which take root, as the machine's "
	       "slabs and waiting areas do. What is not known is '-'. Without PROBE: those of ipi, "
	       "reclaim, tlbflush and vmalloc that there are.",
};

/* --- Signals --- */

static volatile sig_atomic_t caught;

static void catch (int signal_number)
{
	caught = signal_number;
}

/* All that would end us with the terminal as it is then; what means damage is none of them. */
static void catch_signals(void)
{
	static const int signals[] = {SIGHUP,  SIGINT,	SIGQUIT, SIGPIPE, SIGALRM,
				      SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGVTALRM};
	struct sigaction action = {.sa_handler = catch};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

/* Ctrl-C is a way to quit; others are to be seen by whoever waits for us. */
static int end_by(int signal_number)
{
	if (!signal_number || signal_number == SIGINT)
		return TRIMM_FINE;
	signal(signal_number, SIG_DFL);
	raise(signal_number);
	return TRIMM_FAILED;
}

/* --- What to look at --- */

/* The run to ask, or 0; an exit code after one line where that is unclear. */
static int choose_run(const struct arguments *arguments, pid_t *run)
{
	pid_t pids[64];
	size_t n = arguments->machine ? 0 : ask_find(pids, 64);

	*run = 0;
	for (size_t i = 0; i < n && i < 64; i++)
		if (pids[i] == arguments->pid)
			*run = pids[i];
	if (arguments->pid && !*run && kill(arguments->pid, 0) && errno == ESRCH) {
		cli_error("--pid %d: there is no such process", arguments->pid);
		return TRIMM_USAGE;
	}
	if (arguments->pid || !n)
		return 0;
	if (n > 1) {
		cli_error(
			"%zu runs are going on; choose one with --pid, e.g. --pid %d, or --machine",
			n, pids[0]);
		return TRIMM_USAGE;
	}
	*run = pids[0];
	return 0;
}

static char *title_of(const struct arguments *arguments, pid_t run)
{
	if (run)
		return cli_format("run %d, arm %u", run, arguments->arm);
	if (arguments->pid)
		return cli_format("process %d", arguments->pid);
	return cli_format("machine");
}

/* --- Plain text --- */

static void print_snapshot(const struct top_model *model, const char *title, FILE *out)
{
	char line[BATCH_WIDTH + 1], second[BATCH_WIDTH + 1];

	top_model_summary(model, line, second, BATCH_WIDTH);
	fprintf(out, "%s\n%s\n%s\n", title, line, second);
	if (*model->trouble)
		fprintf(out, "%s\n", model->trouble);
	for (int i = 0; i < TOP_TABLES; i++) {
		const struct top_table *table = &model->tables[i];

		top_table_head(table, line, BATCH_WIDTH);
		fprintf(out, "\n%s\n", line);
		for (size_t row = 0; row < table->n && row < BATCH_ROWS; row++) {
			top_table_line(table, row, line, BATCH_WIDTH);
			fprintf(out, "%s\n", line);
		}
		if (table->n > BATCH_ROWS)
			fprintf(out, "... %zu more %s\n", table->n - BATCH_ROWS, table->title);
	}
	fputs("\n", out);
	fflush(out);
}

static void run_batch(const struct arguments *arguments, struct top_sources *sources,
		      const char *title)
{
	unsigned long left = arguments->batch;

	while (left && !caught && !top_sources_ended(sources)) {
		struct pollfd polled = {.fd = top_sources_fd(sources), .events = POLLIN};

		poll(&polled, 1, LOOK_MS);
		if (!top_sources_read(sources))
			continue;
		top_sources_take(sources);
		/* The first has no rates: there was nothing before it. */
		if (sources->model->seconds > 0) {
			print_snapshot(sources->model, title, stdout);
			left--;
		}
	}
}

/* --- Live --- */

static void run_live(struct top_sources *sources, struct top_screen *screen)
{
	top_sources_take(sources);
	top_screen_draw(screen);
	while (!screen->over && !caught) {
		struct pollfd polled[] = {{.fd = STDIN_FILENO, .events = POLLIN},
					  {.fd = top_sources_fd(sources), .events = POLLIN}};

		/* A terminal that has hung up is no place to stay. */
		if (poll(polled, 2, LOOK_MS) > 0 && polled[0].revents & (POLLHUP | POLLERR))
			break;
		top_screen_keys(screen);
		if (!top_sources_read(sources) || screen->paused)
			continue;
		top_sources_take(sources);
		if (top_sources_ended(sources))
			snprintf(screen->model->trouble, sizeof(screen->model->trouble),
				 "the run has ended; q quits");
		top_screen_draw(screen);
	}
	top_screen_close();
}

static int look(const struct arguments *arguments)
{
	struct top_sources sources;
	struct top_screen screen;
	struct top_model model;
	char *title;
	pid_t run;
	int code = choose_run(arguments, &run);

	if (code)
		return code;
	title = title_of(arguments, run);
	top_model_open(&model, arguments->interval);
	catch_signals();
	top_sources_open(&sources, &model, run, arguments->arm, run ? run : arguments->pid,
			 arguments->probes, arguments->interval);
	if (arguments->batch)
		run_batch(arguments, &sources, title);
	else if (top_screen_open(&screen, &model, title))
		run_live(&sources, &screen);
	else
		code = TRIMM_FAILED;
	top_sources_close(&sources);
	top_model_close(&model);
	free(title);
	return code ? code : end_by(caught);
}

int verb_top(int argc, char **argv)
{
	struct arguments arguments = {.interval = 1};

	cli_parse(&argp, argc, argv, &arguments);
	if (!arguments.batch && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
		cli_error("this is no terminal; `trimm top --batch N` prints N snapshots");
		return TRIMM_USAGE;
	}
	return look(&arguments);
}
