/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_line.c - the commits of a bisection in the order of history: the older end, and the first
 * parents from there to the later end.
 */
#include "bisect_state.h"
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int usage(const struct run_error *error)
{
	cli_error("%s", error->text);
	return TRIMM_USAGE;
}

/* Where the two have no line in common: their last common commit. "": there is none. */
static int merge_base(struct bisect_state *state, char *good, const char *bad)
{
	const char *words[] = {"merge-base", good, bad, NULL};
	struct run_error error;
	bool shallow = false;
	char *base;

	if (git_ask(state->repo, words, &base, &error)) {
		if (git_is_shallow(state->repo, &shallow, &error))
			return usage(&error);
		cli_error("bisect: %s and %s have no commit in common in %s%s",
			  state->options->good, state->options->bad, state->repo,
			  shallow ? ", a shallow clone; `git fetch --unshallow` brings the rest"
				  : "; give two revisions of one history");
		return TRIMM_USAGE;
	}
	snprintf(good, GIT_COMMIT_SIZE, "%.*s", (int)strcspn(base, "\n"), base);
	free(base);
	cli_error("bisect: %s is no ancestor of %s: their last common commit, %.*s, is taken for "
		  "the good end",
		  state->options->good, state->options->bad, GIT_SHORT, good);
	return 0;
}

static int find_ends(struct bisect_state *state)
{
	char good[GIT_COMMIT_SIZE], bad[GIT_COMMIT_SIZE];
	bool forward = false, backward = false;
	struct run_error error;
	int code;

	if (git_open(state->options->repo, &state->repo, &error) ||
	    git_resolve(state->repo, state->options->good, good, &error) ||
	    git_resolve(state->repo, state->options->bad, bad, &error) ||
	    git_is_ancestor(state->repo, good, bad, &forward, &error) ||
	    git_is_ancestor(state->repo, bad, good, &backward, &error))
		return usage(&error);
	if (forward && backward) {
		cli_error("bisect: --good %s and --bad %s are the same commit, %.*s",
			  state->options->good, state->options->bad, GIT_SHORT, good);
		return TRIMM_USAGE;
	}
	if (!forward && !backward) {
		code = merge_base(state, good, bad);
		if (code)
			return code;
	}
	state->bisection.bad_is_new = !backward;
	state->old = cli_format("%s", backward ? bad : good);
	state->new = cli_format("%s", backward ? good : bad);
	return 0;
}

/* "COMMIT<tab>DATE<tab>SUBJECT", cut up in place. */
static void add_point(struct bisection *bisection, char *line)
{
	const char *commit = strsep(&line, "\t"), *date = line ? strsep(&line, "\t") : "";

	bisection->points =
		cli_alloc(bisection->points, (bisection->n + 1) * sizeof(*bisection->points));
	bisection->points[bisection->n++] = (struct bisect_point){
		.commit = cli_format("%s", commit),
		.author_date = cli_format("%s", date),
		.subject = cli_format("%s", line ? line : ""),
	};
}

static int add_points(struct bisect_state *state, const struct list *words)
{
	char *text, *rest, *line;
	struct run_error error;

	if (git_ask(state->repo, (const char *const *)words->item, &text, &error))
		return usage(&error);
	for (rest = text; (line = strsep(&rest, "\n"));)
		if (*line)
			add_point(&state->bisection, line);
	free(text);
	return 0;
}

static void add_format(struct list *words)
{
	list_add(words, "log");
	list_add(words, "--no-show-signature");
	list_add(words, "--format=%%H\t%%aI\t%%s");
}

static int add_one(struct bisect_state *state, const char *commit)
{
	struct list words = {NULL, 0};
	int code;

	add_format(&words);
	list_add(&words, "-1");
	list_add(&words, "%s", commit);
	code = add_points(state, &words);
	list_free(&words);
	return code;
}

static int add_between(struct bisect_state *state)
{
	struct list words = {NULL, 0};
	int code;

	add_format(&words);
	list_add(&words, "--first-parent");
	list_add(&words, "--reverse");
	list_add(&words, "%s..%s", state->old, state->new);
	list_add(&words, "--");
	for (size_t i = 0; i < state->options->paths.n; i++)
		list_add(&words, "%s", state->options->paths.item[i]);
	code = add_points(state, &words);
	list_free(&words);
	return code;
}

int bisect_line_read(struct bisect_state *state)
{
	struct bisection *bisection = &state->bisection;
	int code = find_ends(state);

	if (!code)
		code = add_one(state, state->old);
	if (!code)
		code = add_between(state);
	if (code)
		return code;
	if (bisection->n == 1) {
		cli_error("bisect: no commit from %.*s to %.*s touches what --paths names",
			  GIT_SHORT, state->old, GIT_SHORT, state->new);
		return TRIMM_USAGE;
	}
	/* With --paths: what changed it may be in none of them. */
	if (strcmp(bisection->points[bisection->n - 1].commit, state->new))
		code = add_one(state, state->new);
	state->good = bisection->bad_is_new ? 0 : bisection->n - 1;
	state->bad = bisection->bad_is_new ? bisection->n - 1 : 0;
	return code;
}
