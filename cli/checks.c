/* SPDX-License-Identifier: GPL-2.0-only */
/* checks.c - see checks.h. */
#include "checks.h"
#include "boots.h"
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

/* One that is under way, of cases that one boot serves; what it says waits until its turn. */
struct check {
	const struct plan_case *cases;
	size_t n;
	pid_t pid;
	int said, records;
	int error; /* it could not be started */
};

static void add_words(struct list *argv, const struct check *check)
{
	for (size_t i = 0; i < check->n; i++) {
		if (i)
			list_add(argv, CASES_SEPARATOR);
		list_add(argv, "check");
		for (size_t j = 0; j < check->cases[i].words.n; j++)
			list_add(argv, "%s", check->cases[i].words.item[j]);
	}
}

static void begin(struct check *check, const struct plan_case *cases, size_t n)
{
	posix_spawn_file_actions_t actions;
	struct list argv = {NULL, 0};

	*check = (struct check){.cases = cases, .n = boots_check(cases, n)};
	target_begin(cases->target, &argv);
	add_words(&argv, check);
	check->said = memfd_create("check", MFD_CLOEXEC);
	check->records = memfd_create("records", MFD_CLOEXEC);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, check->records, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, check->said, STDERR_FILENO);
	check->error = posix_spawn(&check->pid, argv.item[0], &actions, NULL, argv.item, environ);
	posix_spawn_file_actions_destroy(&actions);
	list_free(&argv);
}

/* Each line that it said, behind what it is about. */
static void pass_on(int said, const char *where)
{
	FILE *lines = fdopen(dup(said), "r");
	char *line = NULL;
	size_t size = 0;

	rewind(lines);
	while (getline(&line, &size, lines) > 0)
		fprintf(stderr, "%s%s%s%s", where ? "trimm: " : "", where ? where : "",
			where ? ": " : "", line);
	free(line);
	fclose(lines);
}

/* Which of the cases it ended with: it said so as each ended that another follows. */
static const struct plan_case *last_of(const struct check *check)
{
	FILE *lines = fdopen(dup(check->records), "r");
	size_t size = 0, at = 0;
	char *line = NULL;
	ssize_t length;
	int code;

	rewind(lines);
	while ((length = getline(&line, &size, lines)) > 0)
		at += boots_next(line, (size_t)length, &code);
	free(line);
	fclose(lines);
	return &check->cases[at < check->n ? at : check->n - 1];
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

static int judge(struct check *check)
{
	int code = end(check);
	const struct plan_case *at = last_of(check);

	cli_set_where(at->where);
	pass_on(check->said, at->where);
	if (check->error)
		cli_error("%s: %s", at->target->program, strerror(check->error));
	else if (code && code != TRIMM_USAGE)
		cli_error("%s check %s: failed, code %d", at->target->program, at->label, code);
	cli_set_where(NULL);
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
	size_t width = at_once(), begun = 0, ended = 0, next = 0;
	int code = 0;

	while (ended < begun || (!code && next < n)) {
		struct check *check;

		for (; !code && next < n && begun < ended + width; begun++) {
			begin(&checks[begun % width], &cases[next], n - next);
			next += checks[begun % width].n;
		}
		check = &checks[ended++ % width];
		/* Those after the first that is wrong are only waited for. */
		if (code)
			end(check);
		else
			code = judge(check);
		close(check->said);
		close(check->records);
	}
	return code;
}
