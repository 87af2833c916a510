/* SPDX-License-Identifier: GPL-2.0-only */
/* collector.c - see collector.h. */
#include "collector.h"
#include "cli.h"
#include "interrupt.h"
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child's end of the pipe; as in runner.h. */
#define RECORD_FD 3

static void become(char *const *argv, int records, bool apart, bool quiet, pid_t parent)
{
	int null = quiet ? open("/dev/null", O_RDWR) : -1;

	if (apart)
		setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	interrupt_forget();
	if (quiet) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	/* Where it is that number already, dup2() would leave it to close at exec. */
	if (records == RECORD_FD)
		fcntl(records, F_SETFD, 0);
	else
		dup2(records, RECORD_FD);
	execv(argv[0], argv);
	cli_error("%s: %s; `make` builds it", argv[0], strerror(errno));
	_exit(TRIMM_FAILED);
}

static char **arguments(const struct list *words, char *const *command)
{
	struct list argv = {NULL, 0};
	char *program = target_program("trimm-trace");

	list_add(&argv, "%s", program);
	free(program);
	for (size_t i = 0; i < words->n; i++)
		list_add(&argv, "%s", words->item[i]);
	list_add(&argv, "--output=%d", RECORD_FD);
	if (command)
		list_add(&argv, "--");
	for (; command && *command; command++)
		list_add(&argv, "%s", *command);
	return argv.item;
}

static void free_arguments(char **argv)
{
	for (char **word = argv; *word; word++)
		free(*word);
	free(argv);
}

int collector_start(struct collector *collector, const struct list *words, char *const *command,
		    bool quiet)
{
	char **argv = arguments(words, command);
	pid_t parent = getpid();
	int records[2], code = 0;

	*collector = (struct collector){.apart = !command, .records.fd = -1};
	if (pipe2(records, O_CLOEXEC)) {
		cli_error("pipe: %m");
		free_arguments(argv);
		return TRIMM_FAILED;
	}
	collector->pid = fork();
	if (!collector->pid)
		become(argv, records[1], collector->apart, quiet, parent);
	if (collector->pid < 0) {
		cli_error("fork: %m");
		code = TRIMM_FAILED;
		close(records[0]);
	} else {
		fcntl(records[0], F_SETFL, O_NONBLOCK);
		collector->records.fd = records[0];
	}
	close(records[1]);
	free_arguments(argv);
	return code;
}

void collector_read(struct collector *collector, lines_fn *each, void *arg)
{
	lines_read(&collector->records, each, arg);
}

/* Not SIGINT: a shell that starts us in the background has that ignored. */
void collector_ask(const struct collector *collector, bool typed)
{
	if (collector->pid > 0 && (collector->apart || !typed))
		kill(collector->pid, SIGTERM);
}

void collector_kill(const struct collector *collector)
{
	if (collector->pid > 0)
		kill(collector->pid, SIGKILL);
}

bool collector_ended(struct collector *collector, int *code)
{
	int status;

	if (collector->pid > 0 && waitpid(collector->pid, &status, WNOHANG) != collector->pid)
		return false;
	if (collector->pid > 0 && WIFSIGNALED(status)) {
		cli_error("trimm-trace was killed by signal %d (%s); what it had counted is lost",
			  WTERMSIG(status), strsignal(WTERMSIG(status)));
		*code = TRIMM_FAILED;
	} else if (collector->pid > 0) {
		*code = WEXITSTATUS(status);
	}
	collector->pid = -1;
	return true;
}

void collector_close(struct collector *collector)
{
	lines_close(&collector->records);
}
