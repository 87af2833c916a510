/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * as_proc.c - see as_proc.h. The files are bound over /proc's in a mount namespace of the
 * command's own, made in a user namespace where we are not root; nobody else sees them, and
 * the kernel takes the mounts away with the last process that does.
 */
#include "as_proc.h"
#include "ask.h"
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *path_of(const char *directory, const char *name)
{
	return cli_format("%s/%s", directory, name);
}

/* In place: what is bound is the file, not its name. */
static int write_file(const char *path, const char *text, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	int failed = fd < 0 || pwrite(fd, text, length, 0) != (ssize_t)length ||
		     ftruncate(fd, (off_t)length);

	if (failed)
		cli_error("%s: %m", path);
	if (fd >= 0)
		close(fd);
	return failed ? TRIMM_FAILED : 0;
}

static int refresh(const char *directory, const char *const *names, pid_t pid, unsigned int arm)
{
	int code = 0;

	for (; *names && !code; names++) {
		char *path = path_of(directory, *names);
		size_t length;
		char *text = ask(pid, *names, arm, &length);

		code = text ? write_file(path, text, length) : TRIMM_FAILED;
		free(text);
		free(path);
	}
	return code;
}

static int put_line(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int failed = fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return failed;
}

/* Mounts of our own: as root at once, else as root of a user namespace of our own. */
static int leave_mounts(void)
{
	char *uids = cli_format("%u %u 1", geteuid(), geteuid());
	char *gids = cli_format("%u %u 1", getegid(), getegid());
	int failed = unshare(CLONE_NEWNS);

	if (failed && errno == EPERM)
		failed = unshare(CLONE_NEWUSER | CLONE_NEWNS) ||
			 put_line("/proc/self/setgroups", "deny") ||
			 put_line("/proc/self/uid_map", uids) ||
			 put_line("/proc/self/gid_map", gids);
	free(uids);
	free(gids);
	return failed || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static void become(char *const *command, const char *directory, const char *const *names)
{
	sigset_t none;

	if (leave_mounts()) {
		cli_error("a mount namespace: %m; run as root, or allow user namespaces");
		_exit(TRIMM_FAILED);
	}
	for (; *names; names++) {
		char *from = path_of(directory, *names), *to = path_of("/proc", *names);

		/* A kernel without this file has no tool that reads it either. */
		if (mount(from, to, NULL, MS_BIND, NULL) && errno != ENOENT) {
			cli_error("%s over %s: %m", from, to);
			_exit(TRIMM_FAILED);
		}
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(command[0], command);
	cli_error("%s: %m", command[0]);
	_exit(errno == ENOENT ? TRIMM_USAGE : TRIMM_FAILED);
}

static int wait_for(pid_t child, const char *directory, const char *const *names, pid_t pid,
		    unsigned int arm)
{
	const struct timespec step = {.tv_nsec = 50000000};
	bool fresh = true;
	int status;

	for (unsigned int steps = 1; waitpid(child, &status, WNOHANG) != child; steps++) {
		nanosleep(&step, NULL);
		/* The run may end before the command does: its last state stays. */
		if (fresh && steps % 20 == 0)
			fresh = !refresh(directory, names, pid, arm);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : TRIMM_FAILED;
}

int as_proc_run(char *const *command, const char *const *names, pid_t pid, unsigned int arm)
{
	char directory[] = "/tmp/trimm-proc-XXXXXX";
	int code = TRIMM_FAILED;
	pid_t child;

	if (!mkdtemp(directory)) {
		cli_error("%s: %m", directory);
		return TRIMM_FAILED;
	}
	if (refresh(directory, names, pid, arm))
		goto out;
	fflush(stdout);
	child = fork();
	if (!child)
		become(command, directory, names);
	if (child < 0)
		cli_error("%s: %m", command[0]);
	else
		code = wait_for(child, directory, names, pid, arm);
out:
	for (const char *const *name = names; *name; name++) {
		char *path = path_of(directory, *name);

		unlink(path);
		free(path);
	}
	rmdir(directory);
	return code;
}
