/* SPDX-License-Identifier: GPL-2.0-only */
/* program.c - see program.h. */
#include "program.h"
#include "cli.h"
#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* After being asked to end, before it is killed. */
#define GRACE_SECONDS 5

/*
 * What would make git speak of the repository of the hook we run in, and make of the Makefile;
 * FLAVOUR is our own Makefile's.
 */
static const char *const foreign[] = {
	"GIT_DIR",	 "GIT_WORK_TREE",  "GIT_INDEX_FILE",
	"GIT_PREFIX",	 "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
	"GIT_NAMESPACE", "MAKEFLAGS",	   "GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"MAKELEVEL",	 "MFLAGS",	   "MAKEOVERRIDES",
	"FLAVOUR",
};

static void set_environment(void)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		unsetenv(foreign[i]);
	setenv("LC_ALL", "C", 1);
	/* No question to a user who is asleep, and no lock in a checkout that somebody works in. */
	setenv("GIT_TERMINAL_PROMPT", "0", 1);
	setenv("GIT_OPTIONAL_LOCKS", "0", 1);
}

static void become(char *const *argv, const struct program *program, pid_t parent, int report)
{
	int null = open("/dev/null", O_RDWR), in = program->in ? open(program->in, O_RDONLY) : null;
	int out = program->out < 0 ? null : program->out,
	    err = program->err < 0 ? null : program->err;
	int error;

	setpgid(0, 0);
	/* SIGTERM: make passes it on to its compilers, and removes what they have half written. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	interrupt_forget();
	set_environment();
	dup2(in, STDIN_FILENO);
	/* Out of the way of the numbers they are to be copied to. */
	out = fcntl(out, F_DUPFD_CLOEXEC, 10);
	err = fcntl(err, F_DUPFD_CLOEXEC, 10);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (!program->directory || !chdir(program->directory))
		execvp(argv[0], argv);
	error = errno;
	_exit(write(report, &error, sizeof(error)) == sizeof(error) ? 127 : 126);
}

static int start(char *const *argv, const struct program *program, pid_t *pid)
{
	pid_t parent = getpid();
	int report[2], error = 0;

	if (pipe2(report, O_CLOEXEC))
		return -errno;
	*pid = fork();
	if (!*pid)
		become(argv, program, parent, report[1]);
	error = *pid < 0 ? errno : 0;
	close(report[1]);
	/* exec closes its end; until then it may have something to say. */
	while (!error && read(report[0], &error, sizeof(error)) < 0 && errno == EINTR)
		;
	close(report[0]);
	if (error && *pid > 0)
		waitpid(*pid, NULL, 0);
	return -error;
}

/* Until it is gone. *ended: PROGRAM_STOPPED or PROGRAM_LATE if that was our doing. */
static int follow(pid_t pid, const struct program *program, int *ended)
{
	time_t late = program->seconds ? time(NULL) + program->seconds : 0, killed = 0;
	struct pollfd signals = {.fd = interrupt_open(), .events = POLLIN};
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		/* Not forever: that it is gone may have been heard before. */
		poll(&signals, 1, 200);
		if (interrupt_count() && program->stoppable && !*ended)
			*ended = PROGRAM_STOPPED;
		else if (late && time(NULL) > late && !*ended)
			*ended = PROGRAM_LATE;
		if (*ended && !killed) {
			kill(-pid, SIGTERM);
			killed = time(NULL);
		} else if (killed && time(NULL) > killed + GRACE_SECONDS) {
			kill(-pid, SIGKILL);
		}
	}
	return status;
}

int program_run(char *const *argv, const struct program *program)
{
	int ended = 0, status, error;
	pid_t pid = -1;

	/* From here on a signal is something to be asked for. */
	interrupt_open();
	if (program->stoppable && interrupt_count())
		return PROGRAM_STOPPED;
	error = start(argv, program, &pid);
	if (error)
		return error;
	status = follow(pid, program, &ended);
	/* Whom it left behind. */
	if (ended)
		kill(-pid, SIGKILL);
	if (ended)
		return ended;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char *read_back(int fd)
{
	off_t length = lseek(fd, 0, SEEK_END);
	char *text = cli_alloc(NULL, length + 1);
	ssize_t n = pread(fd, text, length, 0);

	text[n > 0 ? n : 0] = 0;
	close(fd);
	return text;
}

int program_read(char *const *argv, const struct program *program, char **out, char **err)
{
	struct program own = *program;
	int code;

	own.out = memfd_create("out", MFD_CLOEXEC);
	own.err = memfd_create("err", MFD_CLOEXEC);
	if (own.out < 0 || own.err < 0) {
		cli_error("memfd_create: %m");
		exit(TRIMM_FAILED);
	}
	code = program_run(argv, &own);
	*out = read_back(own.out);
	*err = read_back(own.err);
	return code;
}
