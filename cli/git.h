/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * git.h - what is asked of git, a program run by words (program.h).
 *
 * A repository is a folder, its own or any below it. Nothing here touches what is checked out
 * there, its index or its branches; a worktree adds an entry to its .git, and takes it away again.
 * No hook of it runs. All int results are 0 or -1 with @error set to one line.
 */
#ifndef CLI_GIT_H
#define CLI_GIT_H

#include "run.h"

#define GIT_COMMIT_SIZE 65 /* of SHA-256, in hexadecimal digits, and its end; SHA-1 has 40 */
#define GIT_SHORT	12 /* of these digits, where people read them */

struct git_commit {
	char commit[GIT_COMMIT_SIZE], parent[GIT_COMMIT_SIZE]; /* parent: the first, or "" */
	char *subject, *author_date;			       /* ISO 8601 */
};

/* The whole path of the repository that @directory is in, malloc()ed. */
int git_open(const char *directory, char **repo, struct run_error *error);
/* A branch, tag, HEAD~3, beginning of an id ... to the id of its commit. */
int git_resolve(const char *repo, const char *revision, char commit[GIT_COMMIT_SIZE],
		struct run_error *error);
/* To be freed by git_commit_free(), after an error too. */
int git_read(const char *repo, const char *commit, struct git_commit *out, struct run_error *error);
void git_commit_free(struct git_commit *commit);
/* Is something that git tracks checked out and not as it was committed? */
int git_is_dirty(const char *repo, bool *dirty, struct run_error *error);
/* Was its history cut off by `git clone --depth`? */
int git_is_shallow(const char *repo, bool *shallow, struct run_error *error);
/* Does @commit follow from @ancestor, or is it the same? */
int git_is_ancestor(const char *repo, const char *ancestor, const char *commit, bool *is,
		    struct run_error *error);

/* What is committed, in a folder of its own, which is on no branch. */
int git_worktree_add(const char *repo, const char *path, const char *commit,
		     struct run_error *error);
/* Move it to another commit; files that are the same in both keep their times. */
int git_worktree_move(const char *path, const char *commit, struct run_error *error);
/* Without what was built there, and what a build may have changed. */
int git_worktree_clean(const char *path, struct run_error *error);
/* Away with it, whatever is left of it; fine if there is none. */
int git_worktree_remove(const char *repo, const char *path, struct run_error *error);

/* Any other question, its words ended by NULL; *out, malloc()ed, without its last newline. */
int git_ask(const char *repo, const char *const *words, char **out, struct run_error *error);

#endif /* CLI_GIT_H */
