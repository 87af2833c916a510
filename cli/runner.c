/* SPDX-License-Identifier: GPL-2.0-only */
/* runner.c - see runner.h. */
#include "runner.h"
#include "cli.h"
#include "interrupt.h"
#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct runner {
	const struct runner_calls *calls;
	struct runner_outcome *outcome;
	struct lines records, words;
	pid_t pid;
	unsigned int asked; /* to stop, before this case and during it */
	int64_t stopped_ms; /* when the first request came */
};

static bool take_record(void *arg, char *line, size_t length)
{
	struct runner *runner = arg;

	if (runner->calls->record(runner->calls->arg, line, length))
		return true;
	kill(runner->pid, SIGKILL);
	return false;
}

static bool take_words(void *arg, char *line, size_t length)
{
	struct runner *runner = arg;

	line[length - 1] = 0;
	snprintf(runner->outcome->said, sizeof(runner->outcome->said), "%s", line);
	runner->calls->said(runner->calls->arg, line);
	return true;
}

/* In the child: wire up and become the target. */
static void become(char *const *argv, int records, int words, pid_t parent)
{
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	interrupt_forget();
	/* Out of the way of the numbers they are to be copied to. */
	records = fcntl(records, F_DUPFD_CLOEXEC, 10);
	words = fcntl(words, F_DUPFD_CLOEXEC, 10);
	dup2(null, STDIN_FILENO);
	dup2(words, STDOUT_FILENO);
	dup2(words, STDERR_FILENO);
	dup2(records, RECORD_FD);
	setenv(RECORD_FD_NAMING, RECORD_FD_TEXT, 1);
	execv(argv[0], argv);
	dprintf(STDERR_FILENO, "trimm: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int start(struct runner *runner, char *const *argv)
{
	int records[2], words[2];
	pid_t parent = getpid();

	if (pipe2(records, O_CLOEXEC))
		return -errno;
	if (pipe2(words, O_CLOEXEC)) {
		close(records[0]);
		close(records[1]);
		return -errno;
	}
	runner->pid = runner->outcome->pid = fork();
	if (!runner->pid)
		become(argv, records[1], words[1], parent);
	close(records[1]);
	close(words[1]);
	runner->records = (struct lines){.fd = records[0]};
	runner->words = (struct lines){.fd = words[0]};
	fcntl(records[0], F_SETFL, O_NONBLOCK);
	fcntl(words[0], F_SETFL, O_NONBLOCK);
	return runner->pid < 0 ? -errno : 0;
}

/* A request may come twice at once: to the process and to its group, as timeout(1) does. */
#define SAME_REQUEST_MS 500

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The first request lets the child end its case, a later one ends the child. */
static void forward_interrupts(struct runner *runner)
{
	unsigned int asked = interrupt_count();

	if (asked == runner->asked)
		return;
	runner->asked = asked;
	if (!runner->outcome->stopped) {
		cli_error("stopping at the next block; once more kills");
		kill(runner->pid, SIGINT);
		runner->outcome->stopped = true;
		runner->stopped_ms = now_ms();
	} else if (now_ms() - runner->stopped_ms > SAME_REQUEST_MS) {
		kill(runner->pid, SIGKILL);
	}
}

/* Until the child is gone; what it wrote before is then still in the pipes. */
static int follow(struct runner *runner, int signals)
{
	int status;

	while (waitpid(runner->pid, &status, WNOHANG) != runner->pid) {
		struct pollfd polled[] = {
			{.fd = signals, .events = POLLIN},
			{.fd = runner->records.fd, .events = POLLIN},
			{.fd = runner->words.fd, .events = POLLIN},
		};

		poll(polled, 3, -1);
		forward_interrupts(runner);
		lines_read(&runner->records, take_record, runner);
		lines_read(&runner->words, take_words, runner);
	}
	forward_interrupts(runner);
	lines_read(&runner->records, take_record, runner);
	lines_read(&runner->words, take_words, runner);
	return status;
}

void runner_run(char *const *argv, const struct runner_calls *calls, struct runner_outcome *outcome)
{
	struct runner runner = {.calls = calls, .outcome = outcome};
	int signals = interrupt_open();
	int status;

	memset(outcome, 0, sizeof(*outcome));
	runner.asked = interrupt_count();
	outcome->code = start(&runner, argv);
	if (!outcome->code) {
		status = follow(&runner, signals);
		outcome->code = WIFEXITED(status) ? WEXITSTATUS(status) : TRIMM_FAILED;
		outcome->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	}
	lines_close(&runner.records);
	lines_close(&runner.words);
}
