/* SPDX-License-Identifier: GPL-2.0-only */
/* child.c - see child.h. */
#include "child.h"
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A request may come twice at once: to the process and to its group, as timeout(1) does. */
#define SAME_REQUEST_MS 500

static int signals = -1;
static pid_t starter;

void child_signals(void)
{
	sigset_t set;

	starter = getppid();
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	/* Whoever started us wants no run that outlives it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != starter)
		raise(SIGTERM);
}

/* In the child: wire up and become the program; its errno goes to @failed. */
static void become(const struct child_start *start, int said, int failed, pid_t parent)
{
	int fds[CHILD_FDS_MAX], null = open("/dev/null", O_RDONLY);
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(LAUNCH_FAILED);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (start->fixed_addresses)
		personality(ADDR_NO_RANDOMIZE);
	/* Out of the way of the numbers they are to be copied to. */
	said = fcntl(said, F_DUPFD_CLOEXEC, 16);
	failed = fcntl(failed, F_DUPFD_CLOEXEC, 16);
	for (unsigned int i = 0; i < start->nr_fds; i++)
		fds[i] = fcntl(start->fds[i], F_DUPFD_CLOEXEC, 16);
	dup2(null, STDIN_FILENO);
	dup2(said, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	for (unsigned int i = 0; i < start->nr_fds; i++)
		dup2(fds[i], CHILD_FD + (int)i);
	execvpe(start->argv[0], start->argv, start->environ ? start->environ : environ);
	if (write(failed, &errno, sizeof(errno)) < 0)
		_exit(LAUNCH_FAILED);
	_exit(LAUNCH_FAILED);
}

int child_start(struct child *child, const struct child_start *start)
{
	int said[2], failed[2], error = 0;
	pid_t parent = getpid();

	*child = (struct child){.program = start->argv[0], .pid = -1};
	if (!pipe2(said, O_CLOEXEC) && !pipe2(failed, O_CLOEXEC)) {
		child->pid = fork();
		if (!child->pid)
			become(start, said[1], failed[1], parent);
	}
	if (child->pid < 0) {
		launch_error("%s: cannot be started: %m", child->program);
		return -1;
	}
	close(said[1]);
	close(failed[1]);
	child->said = said[0];
	fcntl(said[0], F_SETFL, O_NONBLOCK);
	/* Nothing comes, and the pipe ends, once it has become the program. */
	if (read(failed[0], &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(failed[0]);
	if (!error)
		return 0;
	waitpid(child->pid, NULL, 0);
	if (error == ENOENT)
		launch_error("%s: not found; install package %s", child->program, start->package);
	else
		launch_error("%s: %s", child->program, strerror(error));
	return -1;
}

void child_kill(const struct child *child)
{
	if (child->pid > 0)
		kill(child->pid, SIGKILL);
}

static void end_line(struct child *child, const struct child_watch *watch)
{
	if (!child->length)
		return;
	child->line[child->length] = '\0';
	child->length = 0;
	memcpy(child->last, child->line, sizeof(child->last));
	watch->said(watch->arg, child->last);
}

/* A line longer than there is room for is handed on in pieces. */
static void listen(struct child *child, const struct child_watch *watch)
{
	char piece[4096];
	ssize_t got;

	while ((got = read(child->said, piece, sizeof(piece))) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			if (piece[i] != '\n' && piece[i] != '\r')
				child->line[child->length++] = piece[i];
			if (piece[i] == '\n' || child->length == sizeof(child->line) - 1)
				end_line(child, watch);
		}
	}
	/* At its end it would be readable for ever. */
	if (!got) {
		close(child->said);
		child->said = -1;
	}
}

struct requests {
	bool stopping;
	int64_t first_ms;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take_signals(const struct child *child, const struct child_watch *watch,
			 struct requests *requests)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		/* Nobody is left to read what an end in order would say. */
		if (getppid() != starter)
			child_kill(child);
		if (!requests->stopping) {
			requests->stopping = true;
			requests->first_ms = now_ms();
			watch->stop(watch->arg);
		} else if (now_ms() - requests->first_ms > SAME_REQUEST_MS) {
			child_kill(child);
		}
	}
}

int child_follow(struct child *child, const struct child_watch *watch)
{
	struct requests requests = {.stopping = false};
	int status, wait_ms = 0;

	while (waitpid(child->pid, &status, WNOHANG) != child->pid) {
		struct pollfd polled[] = {
			{.fd = signals, .events = POLLIN},
			{.fd = child->said, .events = POLLIN},
			{.fd = watch->fd, .events = POLLIN},
		};

		poll(polled, 3, wait_ms);
		take_signals(child, watch, &requests);
		listen(child, watch);
		wait_ms = watch->turn(watch->arg);
	}
	/* Its number may be another's from now on. */
	child->pid = 0;
	listen(child, watch);
	end_line(child, watch);
	if (child->said >= 0)
		close(child->said);
	watch->turn(watch->arg);
	return status;
}
