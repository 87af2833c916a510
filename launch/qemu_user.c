/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * qemu_user.c - the user target under qemu-x86_64, with the plugin: exact counts of user space.
 *
 * What could make two runs differ is taken away: one worker, a static program, an environment of
 * nothing that it does not need, addresses that are not random. What is asked of a program before a
 * run needs no emulation. A case of other builds of mmcore (core=) is run by the dynamic program,
 * since only that can load them; so such a case's counts compare with each other.
 */
#include "arguments.h"
#include "child.h"
#include "launch.h"
#include "mailbox.h"
#include "options.h"
#include "passing.h"
#include "plugin.h"
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECORD_FD  CHILD_FD
#define MAILBOX_FD (CHILD_FD + 1)
#define ROWS_FD	   (CHILD_FD + 2)

/* A question, which can only be refused, waits no longer; the look at it costs nothing. */
#define LOOK_MS 100

struct run {
	struct child child;
	struct sink sink;
	struct passing passing;
	int records; /* our end of its pipe */
	char *line;  /* what came of a record that is not yet whole */
	size_t length, size;
};

static int check_words(const struct options *options)
{
	if (options->cpus > 1) {
		launch_error("cpus=%u: exact counts of the user target are of one CPU; "
			     "`--target qemu` counts on more",
			     options->cpus);
		return LAUNCH_USAGE;
	}
	if (options->runs && !options->exact) {
		launch_error("the user target is emulated for exact counts only; add mode=exact");
		return LAUNCH_USAGE;
	}
	return 0;
}

static void hand_on(struct run *run)
{
	char *line = run->line, *end = run->line + run->length, *newline;

	while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
		sink_record(&run->sink, line, (size_t)(newline - line));
		line = newline + 1;
	}
	run->length = (size_t)(end - line);
	memmove(run->line, line, run->length);
}

static void stop(void *arg)
{
	struct run *run = arg;

	kill(run->child.pid, SIGINT);
}

static int turn(void *arg)
{
	struct run *run = arg;
	ssize_t got;

	for (;;) {
		if (run->size - run->length < 65536) {
			run->size = 2 * run->size + 65536;
			run->line = realloc(run->line, run->size);
			if (!run->line) {
				launch_error("out of memory");
				exit(LAUNCH_FAILED);
			}
		}
		got = read(run->records, run->line + run->length, run->size - run->length);
		if (got <= 0)
			break;
		run->length += (size_t)got;
		hand_on(run);
	}
	passing_turn(&run->passing, false);
	if (*run->sink.wrong || run->sink.closed)
		child_kill(&run->child);
	return LOOK_MS;
}

static void said(void *arg, const char *line)
{
	(void)arg;
	dprintf(STDERR_FILENO, "%s\n", line);
}

static int judge(const struct run *run, int status)
{
	if (*run->sink.wrong) {
		launch_error("the target's records: %s", run->sink.wrong);
		return LAUNCH_FAILED;
	}
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	launch_error("qemu-x86_64 was killed by signal %d (%s)", WTERMSIG(status),
		     strsignal(WTERMSIG(status)));
	/* As the program would have ended outside QEMU. */
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return LAUNCH_FAILED;
}

static int start_emulated(struct run *run, const struct options *options, char *const *argv,
			  bool loads, const int fds[CHILD_FDS_MAX])
{
	const char *cores = getenv("TRIMM_CORES");
	char **more,
		*environment[] = {launch_format("TRIMM_RECORD_FD=%d", RECORD_FD),
				  launch_format("TRIMM_MODEL_FD=%d", MAILBOX_FD), NULL, NULL, NULL};
	char *source = launch_format("mailbox=/proc/self/fd/%d", MAILBOX_FD);
	struct arguments arguments = {.n = 0};
	struct child_start start = {
		.argv = arguments.item,
		.environ = environment,
		.package = "qemu-user",
		.fds = {fds[0], fds[1], fds[2]},
		.nr_fds = 3,
		.fixed_addresses = true,
	};
	int failed;

	/* Which arm comes first to a call of a library must not show in what it takes. */
	more = &environment[2];
	if (loads)
		*more++ = launch_format("LD_BIND_NOW=1");
	if (loads && cores)
		*more = launch_format("TRIMM_CORES=%s", cores);
	arguments_add(&arguments, launch_format("qemu-x86_64"));
	plugin_add(&arguments, source, ROWS_FD, options->model);
	for (; *argv; argv++)
		arguments_add(&arguments, launch_format("%s", *argv));
	if (!options->cpus)
		arguments_add(&arguments, launch_format("cpus=1"));
	failed = child_start(&run->child, &start);
	arguments_free(&arguments);
	free(source);
	for (more = environment; *more; more++)
		free(*more);
	return failed;
}

/* Is there a word core=, plain or an arm's? */
static bool loads_cores(int nr_words, char *const *words)
{
	for (int i = 0; i < nr_words; i++) {
		const char *word = strncmp(words[i], "arm:", 4) ? words[i] : words[i] + 4;

		while (word && strncmp(word, "core=", 5)) {
			word = word == words[i] ? NULL : strchr(word, ',');
			word = word ? word + 1 : NULL;
		}
		if (word)
			return true;
	}
	return false;
}

static int emulate(const struct options *options, char *const *argv, bool loads)
{
	static struct run run;
	struct child_watch watch = {.turn = turn, .stop = stop, .said = said, .arg = &run};
	struct rows *rows;
	int pipe_fds[2], fds[CHILD_FDS_MAX];
	void *mailbox;

	fds[1] = launch_share("mailbox", MAILBOXES * sizeof(struct mailbox), &mailbox);
	fds[2] = plugin_rows(&rows);
	if (fds[1] < 0 || fds[2] < 0)
		return LAUNCH_FAILED;
	if (pipe2(pipe_fds, O_CLOEXEC)) {
		launch_error("cannot make a pipe for records: %m");
		return LAUNCH_FAILED;
	}
	fds[0] = pipe_fds[1];
	fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK);
	run.records = watch.fd = pipe_fds[0];
	sink_open(&run.sink, rows);
	child_signals();
	if (start_emulated(&run, options, argv, loads, fds))
		return LAUNCH_FAILED;
	close(pipe_fds[1]);
	passing_open(&run.passing, NULL);
	return judge(&run, child_follow(&run.child, &watch));
}

int launch_user(int nr_words, char *const *words)
{
	struct arguments arguments = {.n = 0};
	struct options options;
	bool loads = loads_cores(nr_words, words);
	char *program;
	int code = options_read(&options, nr_words, words);

	if (!code)
		code = check_words(&options);
	if (code)
		return code;
	program = launch_beside(loads ? "trimm-user" : "trimm-user-static");
	arguments_add(&arguments, program);
	for (int i = 0; i < nr_words; i++)
		arguments_add(&arguments, launch_format("%s", words[i]));
	if (options.runs)
		return emulate(&options, arguments.item, loads);
	execv(program, arguments.item);
	launch_error("%s: %s%s", program, strerror(errno),
		     errno == ENOENT ? "; `make` builds it" : "");
	return LAUNCH_FAILED;
}
