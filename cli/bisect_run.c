/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_run.c - git bisect run in a worktree of its own, and both ends of the line between what it
 * runs for each commit and this process.
 *
 * A linked worktree has its own refs/bisect and its own state (git-worktree(1)), so that neither a
 * dirty checkout nor a bisection that its user is in the middle of is touched. --no-checkout: git
 * chooses commits, and leaves files to who builds them.
 *
 * Exit codes of a step (git-bisect(1)): 0 as the older end, 1 as the later one, 125 skip; of 128
 * and more git ends without a verdict, and of all others it would blame the commit. So nothing but
 * these three is passed on, and whatever goes wrong is 129.
 */
#include "bisect_state.h"
#include "cli.h"
#include "interrupt.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int bisect_step(int fd)
{
	char commit[GIT_COMMIT_SIZE];
	struct run_error error;
	int code;

	if (git_resolve(".", "BISECT_HEAD", commit, &error)) {
		cli_error("%s", error.text);
		return BISECT_CODE_ABORT;
	}
	if (send(fd, commit, strlen(commit), MSG_NOSIGNAL) < 0 ||
	    recv(fd, &code, sizeof(code), 0) != sizeof(code)) {
		cli_error("bisect: whoever asked for this is gone");
		return BISECT_CODE_ABORT;
	}
	return bisect_code_safe(code);
}

static size_t place_of(const struct bisection *bisection, const char *commit)
{
	size_t i = 0;

	while (i < bisection->n && strcmp(bisection->points[i].commit, commit))
		i++;
	return i;
}

/* What to say of a commit: measured now, or already known. */
static int answer(struct bisect_state *state, const char *commit)
{
	size_t place = place_of(&state->bisection, commit);
	struct bisect_point *point = &state->bisection.points[place];

	if (place == state->bisection.n) {
		snprintf(state->error.text, sizeof(state->error.text),
			 "git asks about %s, which is not between the ends", commit);
		return BISECT_CODE_ABORT;
	}
	if (interrupt_count())
		state->stopped = true;
	if (state->stopped || *state->error.text)
		return BISECT_CODE_ABORT;
	if (point->side == BISECT_NONE && bisect_measure_point(state, place, false))
		return BISECT_CODE_ABORT;
	return bisect_code(point->side);
}

static void serve(struct bisect_state *state, int fd)
{
	char commit[GIT_COMMIT_SIZE];
	ssize_t n;

	for (;;) {
		n = recv(fd, commit, sizeof(commit) - 1, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		commit[n] = 0;
		n = answer(state, commit);
		if (send(fd, &(int){(int)n}, sizeof(int), MSG_NOSIGNAL) < 0)
			return;
	}
}

static void add_words(const struct bisect_state *state, struct list *words, const char *first)
{
	static const char *const before[] = {"git", "-c", "core.hooksPath=/dev/null", "-C"};

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		list_add(words, "%s", before[i]);
	list_add(words, "%s", state->worktree);
	list_add(words, "bisect");
	list_add(words, "%s", first);
}

/* Its words go to a file: what it found is known from the answers it got. */
static int run_git(const struct bisect_state *state, const struct list *words)
{
	char *path = cli_format("%s/" BISECT_GIT_LOG, state->directory);
	int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	const struct program program = {.out = log, .err = log};
	int code = program_run(words->item, &program);

	if (log >= 0)
		close(log);
	free(path);
	return code;
}

static int start(struct bisect_state *state)
{
	bool forward = state->bisection.bad_is_new;
	struct list words = {NULL, 0};
	int code;

	add_words(state, &words, "start");
	list_add(&words, "--no-checkout");
	list_add(&words, "--first-parent");
	list_add(&words, "--term-old=%s", forward ? "fast" : "slow");
	list_add(&words, "--term-new=%s", forward ? "slow" : "fast");
	list_add(&words, "%s", state->new);
	list_add(&words, "%s", state->old);
	list_add(&words, "--");
	for (size_t i = 0; i < state->options->paths.n; i++)
		list_add(&words, "%s", state->options->paths.item[i]);
	code = run_git(state, &words);
	list_free(&words);
	return code;
}

/* In a process of its own: git, and below it a step for each commit, which talk on @fd. */
static void become_git(const struct bisect_state *state, int fd, pid_t parent)
{
	struct list words = {NULL, 0};
	char *self = realpath("/proc/self/exe", NULL);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || !self)
		_exit(BISECT_CODE_ABORT);
	fcntl(fd, F_SETFD, 0);
	add_words(state, &words, "run");
	list_add(&words, "%s", self);
	list_add(&words, "bisect");
	list_add(&words, "--step=%d", fd);
	_exit(run_git(state, &words) ? 1 : 0);
}

static int run(struct bisect_state *state)
{
	int ends[2], status;
	pid_t child, parent = getpid();

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		cli_error("bisect: socketpair: %m");
		return TRIMM_FAILED;
	}
	fflush(NULL);
	child = fork();
	if (!child) {
		close(ends[0]);
		become_git(state, ends[1], parent);
	}
	close(ends[1]);
	if (child > 0)
		serve(state, ends[0]);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0)
		return 0;
	cli_error("bisect: fork: %m");
	return TRIMM_FAILED;
}

int bisect_worktree(struct bisect_state *state, struct run_error *why)
{
	if (state->has_worktree)
		return 0;
	/* What a killed call left. */
	if (git_worktree_remove(state->repo, state->worktree, why) ||
	    git_worktree_add(state->repo, state->worktree, state->old, why))
		return -1;
	state->has_worktree = true;
	return 0;
}

int bisect_run(struct bisect_state *state)
{
	char *log = cli_format("%s/" BISECT_GIT_LOG, state->directory);
	struct run_error error;

	unlink(log);
	free(log);
	if (bisect_worktree(state, &error)) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	if (start(state)) {
		cli_error("bisect: git bisect start failed; %s/" BISECT_GIT_LOG " has its words",
			  state->directory);
		return TRIMM_FAILED;
	}
	return run(state);
}
