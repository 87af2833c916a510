/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * builds.h - the memory cores of commits: trimm-core.so of each, built once and kept.
 *
 * A folder holds, of each commit that was built, COMMIT.so, COMMIT.json (with what) and COMMIT.log
 * (what make said). One worktree below it goes from commit to commit, so that make compiles only
 * what changed; it is there from the first build to builds_close(). What a killed process left is
 * removed by the next builds_open(), half-compiled objects included. All names are whole paths.
 *
 * Which core fits is asked of who will load it, `trimm-user core FILE`: what was kept for another
 * one is built again. Where it gives no answer, whoever measures hears why.
 */
#ifndef CLI_BUILDS_H
#define CLI_BUILDS_H

#include "git.h"
#include "lock.h"

struct builds {
	char *repo, *directory, *worktree; /* paths; worktree: whether or not it is there */
	char *compiler;			   /* first line of its --version */
	char *loader;			   /* the program that loads cores */
	struct lock lock;
	bool there; /* the worktree */
};

enum build_result {
	BUILD_DONE,
	BUILD_BROKEN,	   /* make failed, from a clean tree too: the commit's own fault */
	BUILD_ENVIRONMENT, /* no git, no compiler, disk full ...: nobody's commit is to blame */
	BUILD_UNFIT,	   /* it is built, and not of a kind that this trimm loads */
	BUILD_STOPPED	   /* the user asked for the end */
};

/*
 * @repo: git_open()'s; @directory: made if missing; @who: for whom else wants it, "trimm nightly".
 * BUILD_DONE, or BUILD_ENVIRONMENT with @error set and nothing to close.
 */
enum build_result builds_open(struct builds *builds, const char *repo, const char *directory,
			      const char *who, struct run_error *error);
/* The worktree goes, and the lock; what was built stays. Fine after a failed open, and twice. */
void builds_close(struct builds *builds);

/*
 * The core of @commit (40 hex digits or more), from the folder or by `make core` in the worktree.
 * BUILD_DONE with *path, malloc()ed; else *path is NULL and @why one line: of a broken build the
 * last that make's log says of an error, and where the log is; of an unfit one what is unlike.
 */
enum build_result builds_core(struct builds *builds, const char *commit, char **path,
			      struct run_error *why);
/* Is it there already, by this compiler and for this trimm? */
bool builds_has(const struct builds *builds, const char *commit);
/* Only the @n cores that were last asked for stay, those of @keep (ended by NULL) among them. */
void builds_keep(const struct builds *builds, size_t n, const char *const *keep);

#endif /* CLI_BUILDS_H */
