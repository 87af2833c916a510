/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_kernel.c - a Linux kernel of a commit, by the user's own command.
 *
 * The command runs in the worktree, which then holds a built tree; or its last line of output is
 * kernel=WORD, where what is to boot is elsewhere. What it built for one commit stays for the next,
 * so that make compiles what changed; anew is from nothing.
 */
#include "bisect_state.h"
#include "cli.h"
#include "program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All it said, of the last commit that was built. */
#define BUILD_LOG "build.log"
#define WORD	  "kernel="

/* The last line that is not empty, cut out of @text. */
static char *last_line(char *text)
{
	char *end = text + strlen(text), *start;

	while (end > text && end[-1] == '\n')
		*--end = 0;
	start = strrchr(text, '\n');
	return start ? start + 1 : text;
}

static void keep_log(const struct bisect_state *state, const char *commit, const char *out,
		     const char *err)
{
	char *path = cli_format("%s/" BUILD_LOG, state->directory);
	FILE *log = fopen(path, "we");

	if (log) {
		fprintf(log, "== %s\n%s%s", commit, out, err);
		fclose(log);
	}
	free(path);
}

static enum bisect_outcome judge(struct bisect_state *state, int code, char *said,
				 struct run_error *why)
{
	if (!code)
		return OUTCOME_DONE;
	snprintf(why->text, sizeof(why->text), "%.300s: %.100s (%s/" BUILD_LOG ")",
		 state->options->build, *said ? said : "failed without a word", state->directory);
	if (code == PROGRAM_STOPPED) {
		state->stopped = true;
		return OUTCOME_STOPPED;
	}
	/* The shell's: not found, not to be run; or a signal, which is somebody's doing. */
	if (code < 0 || code >= 126)
		return OUTCOME_ENVIRONMENT;
	return OUTCOME_SKIP;
}

enum bisect_outcome bisect_kernel_build(struct bisect_state *state, size_t place, bool anew,
					char **kernel, struct run_error *why)
{
	const char *commit = state->bisection.points[place].commit;
	char *argv[] = {"sh", "-c", (char *)state->options->build, NULL}, *out, *err, *word;
	const struct program program = {.directory = state->worktree, .stoppable = true};
	enum bisect_outcome outcome;
	int code;

	*kernel = NULL;
	if (bisect_worktree(state, why) || git_worktree_move(state->worktree, commit, why) ||
	    (anew && git_worktree_clean(state->worktree, why)))
		return OUTCOME_ENVIRONMENT;
	code = program_read(argv, &program, &out, &err);
	keep_log(state, commit, out, err);
	outcome = judge(state, code, last_line(*err ? err : out), why);
	if (!outcome) {
		word = last_line(out);
		*kernel = strncmp(word, WORD, strlen(WORD)) ? cli_format("%s", state->worktree)
							    : cli_format("%s", word + strlen(WORD));
	}
	free(out);
	free(err);
	return outcome;
}
