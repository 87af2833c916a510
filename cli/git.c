/* SPDX-License-Identifier: GPL-2.0-only */
/* git.c - see git.h. */
#include "git.h"
#include "program.h"
#include "cli.h"
#include "directory.h"
#include "list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(struct run_error *error, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(struct run_error *error, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(error->text, sizeof(error->text), fmt, args);
	va_end(args);
	return -1;
}

/*
 * The first line of its words, without "fatal: ": what it says after that is advice for whom types
 * its commands.
 */
static char *first_line(char *said)
{
	static const char *const prefixes[] = {"fatal: ", "error: "};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		char *at = strstr(said, prefixes[i]);

		if (at) {
			said = at + strlen(prefixes[i]);
			break;
		}
	}
	said[strcspn(said, "\n")] = 0;
	return said;
}

/* Its exit code, its answer without the last newline, and the line it complained with. */
struct answer {
	int code;
	char *out, *said;
};

static void answer_free(struct answer *answer)
{
	free(answer->out);
	free(answer->said);
}

/* @words end with NULL. 0, to be freed; -1 with @error set if git could not be asked. */
static int ask(const char *repo, const char *const *words, struct answer *answer,
	       struct run_error *error)
{
	/* No hook of theirs, no monitor started, nothing packed behind their back. */
	static const char *const before[] = {
		"git",	     "-c", "core.hooksPath=/dev/null",	"-c", "core.fsmonitor=false", "-c",
		"gc.auto=0", "-c", "advice.detachedHead=false", "-C"};
	const struct program program = {.stoppable = false};
	struct list argv = {NULL, 0};
	size_t length;
	char *said;

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		list_add(&argv, "%s", before[i]);
	list_add(&argv, "%s", repo);
	for (; *words; words++)
		list_add(&argv, "%s", *words);
	answer->code = program_read(argv.item, &program, &answer->out, &said);
	list_free(&argv);
	length = strlen(answer->out);
	if (length && answer->out[length - 1] == '\n')
		answer->out[length - 1] = 0;
	answer->said = cli_format("%s", first_line(said));
	free(said);
	if (answer->code >= 0)
		return 0;
	fail(error, "git: %s; install it, or put it on the PATH", strerror(-answer->code));
	answer_free(answer);
	return -1;
}

/* Ask for what must succeed: 0 with *out, to be freed, or NULL out; else -1, in git's words. */
static int demand(const char *repo, const char *const *words, char **out, struct run_error *error)
{
	struct answer answer;

	if (ask(repo, words, &answer, error))
		return -1;
	if (answer.code) {
		fail(error, "%s: git %s: %s", repo, words[0],
		     *answer.said ? answer.said : "failed without a word");
		answer_free(&answer);
		return -1;
	}
	if (out)
		*out = answer.out;
	else
		free(answer.out);
	free(answer.said);
	return 0;
}
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

int git_open(const char *directory, char **repo, struct run_error *error)
{
	struct answer answer;

	*repo = NULL;
	if (access(directory, X_OK))
		return fail(error, "%s: %m; give the folder of a git repository", directory);
	if (ask(directory, WORDS("rev-parse", "--show-toplevel"), &answer, error))
		return -1;
	/* A bare one has no files to be above of. */
	if (answer.code && strstr(answer.said, "work tree")) {
		answer_free(&answer);
		if (ask(directory, WORDS("rev-parse", "--absolute-git-dir"), &answer, error))
			return -1;
	}
	if (!answer.code)
		*repo = cli_format("%s", answer.out);
	else if (strstr(answer.said, "not a git repository"))
		fail(error, "%s: not a git repository; give the folder of one with --repo",
		     directory);
	else
		fail(error, "%s: git: %s", directory, answer.said);
	answer_free(&answer);
	return *repo ? 0 : -1;
}

int git_resolve(const char *repo, const char *revision, char commit[GIT_COMMIT_SIZE],
		struct run_error *error)
{
	char *name = cli_format("%s^{commit}", revision);
	struct answer answer;
	struct run_error none;
	bool shallow = false;
	int code = ask(repo, WORDS("rev-parse", "--verify", "--quiet", "--end-of-options", name),
		       &answer, error);

	free(name);
	if (code)
		return -1;
	snprintf(commit, GIT_COMMIT_SIZE, "%s", answer.out);
	code = answer.code;
	answer_free(&answer);
	/* An id that is only well-formed: --verify believes it. */
	if (!code)
		code = ask(repo, WORDS("cat-file", "-e", commit), &answer, error);
	if (code < 0)
		return -1;
	if (!code && !answer.code) {
		answer_free(&answer);
		return 0;
	}
	if (!code)
		answer_free(&answer);
	git_is_shallow(repo, &shallow, &none);
	return fail(error, "%s: no such revision in %s%s", revision, repo,
		    shallow ? ", a shallow clone; `git fetch --unshallow` brings the rest"
			    : "; `git log` names them");
}

int git_read(const char *repo, const char *commit, struct git_commit *out, struct run_error *error)
{
	char *answer, *line, *next;

	*out = (struct git_commit){.subject = NULL};
	if (demand(repo,
		   WORDS("log", "-1", "--no-show-signature", "--format=%H%n%P%n%aI%n%s", commit),
		   &answer, error))
		return -1;
	next = answer;
	line = strsep(&next, "\n");
	snprintf(out->commit, sizeof(out->commit), "%s", line);
	line = next ? strsep(&next, "\n") : "";
	snprintf(out->parent, sizeof(out->parent), "%.*s", (int)strcspn(line, " "), line);
	line = next ? strsep(&next, "\n") : "";
	out->author_date = cli_format("%s", line);
	out->subject = cli_format("%s", next ? next : "");
	free(answer);
	return 0;
}

void git_commit_free(struct git_commit *commit)
{
	free(commit->subject);
	free(commit->author_date);
	*commit = (struct git_commit){.subject = NULL};
}

int git_is_dirty(const char *repo, bool *dirty, struct run_error *error)
{
	struct answer answer;
	char *bare;

	*dirty = false;
	if (demand(repo, WORDS("rev-parse", "--is-inside-work-tree"), &bare, error))
		return -1;
	if (strcmp(bare, "true")) {
		free(bare);
		return 0;
	}
	free(bare);
	if (ask(repo, WORDS("status", "--porcelain", "--untracked-files=no"), &answer, error))
		return -1;
	*dirty = *answer.out;
	answer_free(&answer);
	return 0;
}

int git_is_shallow(const char *repo, bool *shallow, struct run_error *error)
{
	char *answer;

	*shallow = false;
	if (demand(repo, WORDS("rev-parse", "--is-shallow-repository"), &answer, error))
		return -1;
	*shallow = !strcmp(answer, "true");
	free(answer);
	return 0;
}

int git_is_ancestor(const char *repo, const char *ancestor, const char *commit, bool *is,
		    struct run_error *error)
{
	struct answer answer;
	int code =
		ask(repo, WORDS("merge-base", "--is-ancestor", ancestor, commit), &answer, error);

	*is = false;
	if (code)
		return -1;
	*is = !answer.code;
	if (answer.code > 1)
		code = fail(error, "%s: git merge-base: %s", repo, answer.said);
	answer_free(&answer);
	return code;
}

int git_worktree_add(const char *repo, const char *path, const char *commit,
		     struct run_error *error)
{
	return demand(repo, WORDS("worktree", "add", "--detach", "--force", path, commit), NULL,
		      error);
}

int git_worktree_move(const char *path, const char *commit, struct run_error *error)
{
	return demand(path, WORDS("checkout", "--detach", "--force", "--quiet", commit), NULL,
		      error);
}

int git_worktree_clean(const char *path, struct run_error *error)
{
	if (demand(path, WORDS("reset", "--hard", "--quiet"), NULL, error))
		return -1;
	return demand(path, WORDS("clean", "-ffdxq"), NULL, error);
}

int git_worktree_remove(const char *repo, const char *path, struct run_error *error)
{
	int removed = directory_remove(path);
	struct answer answer;

	if (removed)
		return fail(error, "%s: %s", path, strerror(-removed));
	/*
	 * Its entry. Twice: one that was killed while it was made is locked. That there is none is
	 * what is wanted, and what git fails for.
	 */
	if (ask(repo, WORDS("worktree", "remove", "--force", "--force", path), &answer, error))
		return -1;
	answer_free(&answer);
	return 0;
}

int git_ask(const char *repo, const char *const *words, char **out, struct run_error *error)
{
	return demand(repo, words, out, error);
}
