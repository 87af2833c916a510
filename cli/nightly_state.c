/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nightly_state.c - the file of a night, which is also how far it is.
 *
 * It names the run of each part from the moment that run's file is there, and is written anew whole
 * each time; which cases of a run are finished is beside that run (finished.h). So a night that was
 * killed is found by what it compares, and nothing of it is measured twice.
 */
#include "cli.h"
#include "directory.h"
#include "finished.h"
#include "nightly.h"
#include "results.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* Nights whose own file stays, for the history of a year; their runs go long before. */
#define FILES_MAX 400

static void stamp(char text[32], const char *format)
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, 32, format, &utc);
}

static struct night_commit describe(struct night *night, const struct git_commit *commit,
				    bool dirty)
{
	return (struct night_commit){
		.commit = night_text(night, commit->commit),
		.subject = night_text(night, commit->subject),
		.author_date = night_text(night, commit->author_date),
		.dirty = dirty,
	};
}

static int start_anew(struct nightly *nightly)
{
	const struct nightly_options *options = nightly->options;
	struct night *night = night_new();
	char when[32], id[48], started[32];
	unsigned short random;

	if (!night) {
		cli_error("out of memory");
		return TRIMM_FAILED;
	}
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = getpid();
	stamp(when, "%Y%m%dT%H%M%S");
	stamp(started, "%Y-%m-%dT%H:%M:%SZ");
	snprintf(id, sizeof(id), "%s-%04x", when, random);
	night->id = night_text(night, id);
	night->started = night_text(night, started);
	night->why = night_text(night, "it is not finished");
	night->repo = night_text(night, nightly->repo);
	night->suite = night_text(night, options->suite);
	night->version = night_text(night, TRIMM_VERSION);
	night->machine = night_text(night, nightly->machine);
	night->head = describe(night, &nightly->head, nightly->dirty);
	night->reference = describe(night, &nightly->reference, false);
	night->threshold = options->threshold;
	night->gate = options->gate;
	night->summary = night_text(night, "trimm: not finished");
	nightly->night = night;
	return 0;
}

static bool is_same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* Would this night find what that one was to find? */
static bool is_ours(const struct nightly *nightly, const struct night *night)
{
	return !night->finished && is_same(night->repo, nightly->repo) &&
	       is_same(night->head.commit, nightly->head.commit) &&
	       is_same(night->reference.commit, nightly->reference.commit) &&
	       is_same(night->suite, nightly->options->suite) &&
	       is_same(night->version, TRIMM_VERSION) &&
	       is_same(night->machine, nightly->machine) &&
	       night->threshold == nightly->options->threshold &&
	       night->gate == nightly->options->gate;
}

static int is_night(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".json");
}

static int newest_first(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*b)->d_name, (*a)->d_name);
}

/* @age: 0 of the newest; @first: of all there are. */
typedef void night_fn(struct nightly *nightly, struct night **night, size_t age, bool first);

/* Every night there is, the newest first; @each may keep one, and leaves NULL then. */
static void each_night(struct nightly *nightly, night_fn *each)
{
	struct dirent **entries = NULL;
	int n = scandir(nightly->directory, &entries, is_night, newest_first);
	struct run_error error;
	struct night *night;

	for (int i = 0; i < n; i++) {
		char *path = cli_format("%s/%s", nightly->directory, entries[i]->d_name);

		if (night_load(path, &night, &error))
			cli_error("%s", error.text);
		else
			each(nightly, &night, i, i == n - 1);
		if (night)
			night_free(night);
		free(path);
		free(entries[i]);
	}
	free(entries);
}

static void take_unfinished(struct nightly *nightly, struct night **night, size_t age, bool first)
{
	(void)age;
	(void)first;
	if (nightly->night || !is_ours(nightly, *night))
		return;
	nightly->night = *night;
	*night = NULL;
}

int nightly_save(struct nightly *nightly)
{
	char *path = cli_format("%s/%s.json", nightly->directory, nightly->night->id);
	struct run_error error;
	int code = 0;

	if (night_save(nightly->night, path, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	} else if (!nightly->night->path) {
		nightly->night->path = night_text(nightly->night, path);
	}
	free(path);
	return code;
}

/* What those that were killed were just writing. A run that is begun elsewhere now is younger. */
static void remove_unfinished(const struct nightly *nightly)
{
	char *runs = cli_format("%s/runs", results_directory());

	directory_remove_files(nightly->directory, ".partial", 0);
	directory_remove_files(runs, ".new", 60);
	free(runs);
}

int nightly_begin(struct nightly *nightly)
{
	int code;

	remove_unfinished(nightly);
	if (!nightly->options->fresh)
		each_night(nightly, take_unfinished);
	if (nightly->night) {
		nightly_say(nightly, "goes on with night %s", nightly->night->id);
		return 0;
	}
	code = start_anew(nightly);
	return code ? code : nightly_save(nightly);
}

/* The part of the night's verdict that a step is of, and which of its runs. */
static const struct {
	enum night_part part;
	size_t number;
} place[NIGHTLY_STEPS] = {
	[STEP_COUNT] = {NIGHT_EXACT, 0},      [STEP_TIME] = {NIGHT_TIME, 0},
	[STEP_TIME_MORE] = {NIGHT_TIME, 1},   [STEP_AGAIN] = {NIGHT_AGAIN, 0},
	[STEP_AGAIN_MORE] = {NIGHT_AGAIN, 1},
};

char *nightly_run_path(const struct nightly *nightly, enum nightly_step step)
{
	const struct night_runs *runs = &nightly->night->runs[place[step].part];

	if (runs->nr <= place[step].number)
		return NULL;
	return cli_format("%s/runs/%s.ndjson", results_directory(), runs->id[place[step].number]);
}

int nightly_set_run(struct nightly *nightly, enum nightly_step step, const char *id)
{
	struct night *night = nightly->night;

	night->runs[place[step].part].nr = place[step].number;
	for (enum night_part part = place[step].part + 1; part < NIGHT_PARTS; part++)
		night->runs[part].nr = 0;
	if (!night_add_run(night, place[step].part, id))
		return nightly_save(nightly);
	cli_error("out of memory");
	return TRIMM_FAILED;
}

int nightly_end(struct nightly *nightly, const char *status, const char *why)
{
	struct night *night = nightly->night;
	char finished[32];

	stamp(finished, "%Y-%m-%dT%H:%M:%SZ");
	night->finished = night_text(night, finished);
	night->status = night_text(night, status);
	night->why = night_text(night, why);
	return nightly_save(nightly);
}

static void remove_run(const char *id)
{
	static const char *const suffixes[] = {"ndjson", "kernel.log"};
	char *path = cli_format("%s/runs/%s.ndjson", results_directory(), id);

	finished_remove(path);
	free(path);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		path = cli_format("%s/runs/%s.%s", results_directory(), id, suffixes[i]);
		unlink(path);
		free(path);
	}
}

static void drop_old(struct nightly *nightly, struct night **night, size_t age, bool first)
{
	char *report;

	if (age < nightly->options->keep)
		return;
	report = cli_format("%s/report/night-%s", results_directory(), (*night)->id);
	directory_remove(report);
	free(report);
	for (int part = 0; part < NIGHT_PARTS; part++)
		for (size_t i = 0; i < (*night)->runs[part].nr; i++)
			remove_run((*night)->runs[part].id[i]);
	/* The first says what is compared with, if nothing else does: nightly_revisions.c. */
	if (first || (age < FILES_MAX && (*night)->finished))
		return;
	unlink((*night)->path);
}

void nightly_keep(struct nightly *nightly)
{
	const char *const cores[] = {nightly->head.commit, nightly->reference.commit, NULL};

	each_night(nightly, drop_old);
	if (nightly->builds.directory)
		builds_keep(&nightly->builds, nightly->options->keep + 1, cores);
}
