/* SPDX-License-Identifier: GPL-2.0-only */
/* command.c - see command.h. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int command_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int command_requests(int signals)
{
	struct signalfd_siginfo info;
	int requests = 0;

	while (read(signals, &info, sizeof(info)) == sizeof(info))
		requests += info.ssi_signo != SIGCHLD;
	return requests;
}

/* What it fails with goes back on the same socket that said when to begin. */
static void become(char *const *argv, int go, pid_t parent)
{
	sigset_t none;
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || read(go, &byte, 1) != 1)
		_exit(1);
	prctl(PR_SET_PDEATHSIG, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	if (write(go, &errno, sizeof(errno)) < 0)
		_exit(1);
	_exit(127);
}

int command_prepare(struct command *command, char *const *argv)
{
	const pid_t parent = getpid();
	int go[2];

	*command = (struct command){.go = -1};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, go))
		return -1;
	command->pid = fork();
	if (!command->pid) {
		close(go[0]);
		become(argv, go[1], parent);
	}
	close(go[1]);
	command->go = go[0];
	return command->pid < 0 ? -1 : 0;
}

int command_begin(struct command *command)
{
	int error = 0;

	/* Nothing comes, and the socket ends, once it is what it is to be. */
	if (write(command->go, "", 1) != 1 ||
	    read(command->go, &error, sizeof(error)) != (ssize_t)sizeof(error))
		error = 0;
	close(command->go);
	if (error) {
		waitpid(command->pid, NULL, 0);
		command->pid = 0;
	}
	return error;
}

bool command_ended(struct command *command)
{
	if (command->pid && waitpid(command->pid, &command->status, WNOHANG) == command->pid)
		command->pid = 0;
	return !command->pid;
}

void command_stop(struct command *command)
{
	struct timespec now;
	double at;

	clock_gettime(CLOCK_MONOTONIC, &now);
	at = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
	if (!command->pid || (command->stopped && at < command->stopped_at + 0.5))
		return;
	kill(command->pid, command->stopped ? SIGKILL : SIGTERM);
	if (!command->stopped)
		command->stopped_at = at;
	command->stopped = true;
}
