/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nightly_revisions.c - which two commits a night compares: HEAD, and the one it is pinned to.
 *
 * The reference stays the same from night to night, so that a slow drift is seen too: results say
 * it in a file of their own, "COMMIT reason", which can be committed; without one it is what HEAD
 * was at the first night.
 */
#include "cli.h"
#include "nightly.h"
#include "results.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first line of results/reference; NULL: there is none. */
static char *pinned_line(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (file && getline(&line, &size, file) < 0)
		line[0] = 0;
	if (file)
		fclose(file);
	if (line)
		line[strcspn(line, "\n")] = 0;
	return line;
}

static int one_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_night(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".json");
}

/* What HEAD was at the first night of this repository; "" if this is the first. */
static void first_head(const struct nightly *nightly, char commit[GIT_COMMIT_SIZE])
{
	struct dirent **entries = NULL;
	int n = scandir(nightly->directory, &entries, is_night, one_by_name);
	struct run_error error;
	struct night *night;

	*commit = 0;
	for (int i = 0; i < n; i++) {
		char *path = cli_format("%s/%s", nightly->directory, entries[i]->d_name);

		if (!*commit && !night_load(path, &night, &error)) {
			if (!strcmp(night->repo, nightly->repo))
				snprintf(commit, GIT_COMMIT_SIZE, "%s", night->head.commit);
			night_free(night);
		}
		free(path);
		free(entries[i]);
	}
	free(entries);
}

static int resolve(const struct nightly *nightly, const char *revision, struct git_commit *commit)
{
	char id[GIT_COMMIT_SIZE];
	struct run_error error;

	if (!git_resolve(nightly->repo, revision, id, &error) &&
	    !git_read(nightly->repo, id, commit, &error))
		return 0;
	cli_error("%s", error.text);
	return TRIMM_USAGE;
}

static int find_pinned(struct nightly *nightly, const char *path, char *line)
{
	size_t length = strcspn(line, " \t");
	const char *reason = line + length + strspn(line + length, " \t");
	char *revision = cli_format("%.*s", (int)length, line);
	int code = TRIMM_USAGE;

	if (!length) {
		cli_error("%s: empty; its one line is a commit and a reason", path);
	} else {
		cli_set_where(path);
		code = resolve(nightly, revision, &nightly->reference);
		cli_set_where(NULL);
		nightly->why_reference = cli_format("%s%s%s", path, *reason ? ": " : "", reason);
	}
	free(revision);
	return code;
}

static int find_reference(struct nightly *nightly)
{
	const char *given = nightly->options->reference;
	char *path = cli_format("%s/reference", results_directory());
	char *line = given ? NULL : pinned_line(path), first[GIT_COMMIT_SIZE];
	int code;

	if (given) {
		nightly->why_reference = cli_format("--reference %s", given);
		code = resolve(nightly, given, &nightly->reference);
	} else if (line) {
		code = find_pinned(nightly, path, line);
	} else {
		first_head(nightly, first);
		nightly->why_reference = cli_format("%s; %s can pin another",
						    *first ? "HEAD at the first night"
							   : "HEAD, as this is the "
							     "first night",
						    path);
		code = resolve(nightly, *first ? first : nightly->head.commit, &nightly->reference);
	}
	free(line);
	free(path);
	return code;
}

int nightly_find_revisions(struct nightly *nightly)
{
	struct run_error error;
	int code;

	if (git_open(nightly->options->repo, &nightly->repo, &error) ||
	    git_is_dirty(nightly->repo, &nightly->dirty, &error)) {
		cli_error("%s", error.text);
		return TRIMM_USAGE;
	}
	code = resolve(nightly, nightly->options->head, &nightly->head);
	if (!code)
		code = find_reference(nightly);
	if (code)
		return code;
	nightly_say(nightly, "%s: HEAD %.*s \"%s\"%s", nightly->repo, GIT_SHORT,
		    nightly->head.commit, nightly->head.subject,
		    nightly->dirty ? ", as it is committed: changes that are not are left out"
				   : "");
	nightly_say(nightly, "%s: reference %.*s \"%s\" (%s)", nightly->repo, GIT_SHORT,
		    nightly->reference.commit, nightly->reference.subject, nightly->why_reference);
	return 0;
}
