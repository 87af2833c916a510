/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * make.h - run make in a worktree, and tell a commit that does not compile from a machine that
 * cannot.
 */
#ifndef CLI_MAKE_H
#define CLI_MAKE_H

#include "builds.h"
#include "list.h"

/*
 * `make -s -jCPUS` with @words in @directory, its words into the file @log. BUILD_DONE; or
 * another, and @why one line: the log's own where make failed.
 */
enum build_result make_run(const char *directory, const struct list *words, const char *log,
			   struct run_error *why);

#endif /* CLI_MAKE_H */
