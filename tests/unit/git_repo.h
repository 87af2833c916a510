/* SPDX-License-Identifier: GPL-2.0-only */
/* git_repo.h - a small repository to ask about, and to build: `make core` writes a file. */
#ifndef TESTS_UNIT_GIT_REPO_H
#define TESTS_UNIT_GIT_REPO_H

/* A new folder with an empty repository in it, malloc()ed. */
char *repo_make(void);
/* Run a line of a shell in it, which must succeed. */
void repo_do(const char *repo, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What `git rev-parse` says of it, in a buffer that the next call reuses. */
const char *repo_commit(const char *repo, const char *revision);
void repo_remove(char *repo);

#endif /* TESTS_UNIT_GIT_REPO_H */
