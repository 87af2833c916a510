/* SPDX-License-Identifier: GPL-2.0-only */
/* checks.c - see checks.h. */
#include "checks.h"
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_ONCE_MAX 16

/* One that is under way; what it says is kept until its turn has come. */
struct check {
	pid_t pid;
	int said;
	int error; /* it could not be started */
};

static void begin(struct check *check, const struct plan_case *at)
{
	posix_spawn_file_actions_t actions;
	struct list argv = {NULL, 0};

	target_begin(at->target, &argv);
	list_add(&argv, "check");
	for (size_t i = 0; i < at->words.n; i++)
		list_add(&argv, "%s", at->words.item[i]);
	check->said = memfd_create("check", MFD_CLOEXEC);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, check->said, STDERR_FILENO);
	check->error = posix_spawn(&check->pid, argv.item[0], &actions, NULL, argv.item, environ);
	posix_spawn_file_actions_destroy(&actions);
	list_free(&argv);
}

static void pass_on(int said)
{
	char text[4096];
	ssize_t n;

	lseek(said, 0, SEEK_SET);
	while ((n = read(said, text, sizeof(text))) > 0)
		fwrite(text, 1, (size_t)n, stderr);
}

/* Exit code; 128 + signal. */
static int end(struct check *check)
{
	int status = 0;

	if (!check->error)
		while (waitpid(check->pid, &status, 0) < 0 && errno == EINTR)
			;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int judge(struct check *check, const struct plan_case *at)
{
	int code = end(check);

	pass_on(check->said);
	if (check->error)
		cli_error("%s: %s", at->target->program, strerror(check->error));
	else if (code && code != TRIMM_USAGE)
		cli_error("%s check %s: failed, code %d", at->target->program, at->label, code);
	return check->error || (code && code != TRIMM_USAGE) ? TRIMM_FAILED : code;
}

static size_t at_once(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	return cpus < 1 ? 1 : cpus > AT_ONCE_MAX ? AT_ONCE_MAX : (size_t)cpus;
}

int checks_run(const struct plan_case *cases, size_t n)
{
	struct check checks[AT_ONCE_MAX];
	size_t width = at_once(), begun = 0;
	int code = 0;

	for (size_t i = 0; i < n && (!code || i < begun); i++) {
		struct check *check = &checks[i % width];

		for (; !code && begun < n && begun < i + width; begun++)
			begin(&checks[begun % width], &cases[begun]);
		/* Those after the first that is wrong are only waited for. */
		if (code)
			end(check);
		else
			code = judge(check, &cases[i]);
		close(check->said);
	}
	return code;
}
