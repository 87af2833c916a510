/* SPDX-License-Identifier: GPL-2.0-only */
/* accepted.c - the file of accepted changes: read, checked line by line, and asked. */
#include "accepted.h"
#include "arena.h"
#include "error.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FAMILY		"trimm-accepted/"
#define FORMAT		FAMILY "1"
#define COMMIT_SHORTEST 7
#define COMMIT_LONGEST	40
#define BLANK		" \t"

struct file {
	struct accepted accepted; /* first, so that it can be freed by its address */
	struct arena arena;
	size_t room;
};

static bool is_commit(const char *text)
{
	size_t length = strspn(text, "0123456789abcdef");

	return !text[length] && length >= COMMIT_SHORTEST && length <= COMMIT_LONGEST;
}

/* The next word, ended; *text is what follows. NULL: none. */
static char *take_word(char **text)
{
	char *word = *text + strspn(*text, BLANK), *end = word + strcspn(word, BLANK);

	*text = end;
	if (end == word)
		return NULL;
	if (*end)
		*(*text)++ = '\0';
	return word;
}

/* Cut "<=RATIO" off; false if it is not one. */
static bool take_ratio(char *metric, double *ratio)
{
	char *sign = strstr(metric, "<="), *end;

	*ratio = INFINITY;
	if (!sign)
		return true;
	*ratio = strtod(sign + 2, &end);
	*sign = '\0';
	return isdigit((unsigned char)sign[2]) && !*end && *ratio > 0 && isfinite(*ratio);
}

static struct accepted_entry *add_entry(struct file *file)
{
	struct accepted *accepted = &file->accepted;
	struct accepted_entry *grown;

	if (accepted->nr == file->room) {
		file->room = 2 * file->room + 16;
		grown = realloc(accepted->entries, file->room * sizeof(*grown));
		if (!grown)
			return NULL;
		accepted->entries = grown;
	}
	return &accepted->entries[accepted->nr++];
}

/* NULL, or what is wrong with the line. */
static const char *read_entry(struct file *file, char *line, size_t number)
{
	char *commit = take_word(&line), *series = take_word(&line), *metric = take_word(&line);
	char *reason = line + strspn(line, BLANK);
	struct accepted_entry *entry;
	double ratio;

	if (!metric)
		return "write COMMIT SERIES METRIC REASON";
	if (!is_commit(commit))
		return "the commit is no 7 to 40 hex digits";
	if (!take_ratio(metric, &ratio))
		return "after <= comes a ratio above 0, such as total<=1.05";
	if (!*metric)
		return "there is no metric before <=; * is any";
	if (!*reason)
		return "a reason is missing: what changed, and why that is right";
	entry = add_entry(file);
	if (!entry)
		return "out of memory";
	*entry = (struct accepted_entry){
		.commit = arena_text(&file->arena, commit),
		.series = arena_text(&file->arena, series),
		.metric = arena_text(&file->arena, metric),
		.reason = arena_text(&file->arena, reason),
		.ratio = ratio,
		.line = number,
	};
	return file->arena.exhausted ? "out of memory" : NULL;
}

static const char *read_format(const char *line)
{
	if (!strcmp(line, FORMAT))
		return NULL;
	return !strncmp(line, FAMILY, strlen(FAMILY)) ? "this program reads " FORMAT
							": take a newer one"
						      : "the first line has to be " FORMAT;
}

/* NULL, or what is wrong. @length: of a line that may hold anything, even a 0. */
static const char *read_line(struct file *file, char *line, size_t length, size_t number)
{
	while (length && isspace((unsigned char)line[length - 1]))
		line[--length] = '\0';
	if (strlen(line) != length)
		return "a byte that is 0: this is no text";
	if (number == 1)
		return read_format(line);
	line += strspn(line, BLANK);
	return *line && *line != '#' ? read_entry(file, line, number) : NULL;
}

static int read_file(struct file *file, FILE *in, const char *path, struct run_error *error)
{
	const char *wrong = NULL;
	char *line = NULL;
	size_t size = 0, number = 0;
	ssize_t length;

	while (!wrong && (length = getline(&line, &size, in)) >= 0)
		wrong = read_line(file, line, (size_t)length, ++number);
	if (!number && !wrong)
		wrong = read_format("");
	free(line);
	if (ferror(in))
		return error_set(error, "%s: %s", path, strerror(errno));
	return wrong ? error_set(error, "%s:%zu: %s", path, number ? number : 1, wrong) : 0;
}

int accepted_load(const char *path, struct accepted **out, struct run_error *error)
{
	struct file *file = calloc(1, sizeof(*file));
	FILE *in = fopen(path, "re");
	int err = 0;

	*out = NULL;
	if (!file)
		err = error_set(error, "%s: out of memory", path);
	else if (!in && errno != ENOENT)
		err = error_set(error, "%s: %s", path, strerror(errno));
	else if (in)
		err = read_file(file, in, path, error);
	if (in)
		fclose(in);
	if (err && file)
		accepted_free(&file->accepted);
	else if (!err)
		*out = &file->accepted;
	return err;
}

void accepted_free(struct accepted *accepted)
{
	struct file *file = (struct file *)accepted;

	if (!file)
		return;
	arena_free(&file->arena);
	free(accepted->entries);
	free(file);
}

bool accepted_names(const char *name, const char *series, const char *workload, const char *label)
{
	char full[512];

	if (!strcmp(name, series) || !fnmatch(name, workload, 0))
		return true;
	snprintf(full, sizeof(full), "%s:%s", workload, label);
	for (char *c = full; *c; c++)
		*c = *c == ' ' ? ',' : *c;
	return !fnmatch(name, full, 0);
}

static bool is_about(const struct accepted_entry *entry, const struct accepted_change *change)
{
	return change->ratio <= entry->ratio && !fnmatch(entry->metric, change->metric, 0) &&
	       accepted_names(entry->series, change->series, change->workload, change->label);
}

/* After good, up to and with bad. */
static bool is_between(const struct accepted_commits *commits, const char *commit, const char *good,
		       const char *bad)
{
	if (!commits->holds)
		return !strncmp(commit, bad, strlen(commit));
	return commits->holds(commits->arg, commit, bad) &&
	       !commits->holds(commits->arg, commit, good);
}

const struct accepted_entry *accepted_find(const struct accepted *accepted,
					   const struct accepted_commits *commits,
					   const struct accepted_change *change)
{
	for (size_t i = 0; i < accepted->nr; i++) {
		const struct accepted_entry *entry = &accepted->entries[i];

		if (is_about(entry, change) &&
		    is_between(commits, entry->commit, change->good, change->bad))
			return entry;
	}
	return NULL;
}

struct marking {
	const struct accepted *accepted;
	const struct accepted_commits *commits;
	const struct night *night;
	const struct night_case *item;
	const struct accepted_entry *first; /* in the file, of those found */
	bool all;			    /* that regressed, so far */
};

static void mark_metric(struct marking *marking, const char *metric, double ratio)
{
	const struct night_case *item = marking->item;
	const struct accepted_change change = {
		.series = item->series,
		.workload = item->workload,
		.label = item->label,
		.metric = metric,
		.good = marking->night->reference.commit,
		.bad = marking->night->head.commit,
		.ratio = ratio,
	};
	const struct accepted_entry *entry =
		accepted_find(marking->accepted, marking->commits, &change);

	marking->all &= entry != NULL;
	if (entry && (!marking->first || entry < marking->first))
		marking->first = entry;
}

void accepted_mark_night(const struct accepted *accepted, const struct accepted_commits *commits,
			 struct night *night)
{
	for (size_t i = 0; i < night->nr_cases; i++) {
		struct night_case *item = &night->cases[i];
		struct marking marking = {accepted, commits, night, item, NULL, true};

		for (size_t c = 0; item->has_exact && c < item->exact.nr_counters; c++) {
			const struct night_counter *counter = &item->exact.counters[c];

			if (counter->verdict == VERDICT_REGRESSED)
				mark_metric(&marking, counter->name,
					    counter->head / counter->reference);
		}
		if (item->has_time && item->time.verdict == VERDICT_REGRESSED)
			mark_metric(&marking, item->time.metric, item->time.ratio);
		if (!marking.all)
			marking.first = NULL;
		item->accepted_commit =
			night_text(night, marking.first ? marking.first->commit : NULL);
		item->accepted_reason =
			night_text(night, marking.first ? marking.first->reason : NULL);
	}
}
