/* SPDX-License-Identifier: GPL-2.0-only */
/* suite.c - reading suites; see suite.h. */
#include "suite.h"
#include "cli.h"
#include "target.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".suite"
/* Deeper: a suite that includes itself. */
#define INCLUDES_MAX 8
#define BLANKS	     " \t\r\n"

/* A file that is being read. */
struct reader {
	struct suite *suite;
	const struct reader *by; /* who includes it, or NULL */
	const char *path;
	FILE *file;
	size_t number;		/* of the line at hand */
	struct list words;	/* of the group at hand; empty: none is */
	size_t began;		/* its first line's number */
	struct list everywhere; /* what "all:" said */
	bool goes_on;		/* the last line ended with a backslash */
};

static int read_file(struct suite *suite, const struct reader *by, const char *name);

/* --- Where they are --- */

static bool is_folder(const char *path)
{
	return !access(path, R_OK | X_OK);
}

/* Beside what is installed, or in the source tree. */
static char *folder(void)
{
	char *own = own_directory();
	char *installed = cli_format("%s/../share/trimm/suites", own ? own : ".");
	char *tree = cli_format("%s/../../suites", own ? own : ".");

	free(own);
	if (is_folder(installed)) {
		free(tree);
		return installed;
	}
	free(installed);
	return tree;
}

static bool has_suffix(const char *name)
{
	size_t length = strlen(name), suffix = strlen(SUFFIX);

	return length > suffix && !strcmp(name + length - suffix, SUFFIX);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_suite(const struct dirent *entry)
{
	return has_suffix(entry->d_name);
}

struct list suite_names(void)
{
	struct list names = {NULL, 0};
	struct dirent **entries = NULL;
	char *path = folder();
	int n = scandir(path, &entries, is_suite, by_name);

	for (int i = 0; i < n; i++) {
		list_add(&names, "%.*s", (int)(strlen(entries[i]->d_name) - strlen(SUFFIX)),
			 entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	free(path);
	return names;
}

/* @by is whose folder a path begins in that does not begin with /. */
static char *path_of(const char *name, const struct reader *by)
{
	const char *slash = by ? strrchr(by->path, '/') : NULL;
	char *within, *path;

	if (strchr(name, '/') || has_suffix(name))
		return slash && *name != '/'
			       ? cli_format("%.*s/%s", (int)(slash - by->path), by->path, name)
			       : cli_format("%s", name);
	within = folder();
	path = cli_format("%s/%s" SUFFIX, within, name);
	free(within);
	return path;
}

/* --- What is in them --- */

static void say_where(const struct reader *reader, size_t number, char **where)
{
	cli_set_where(NULL);
	free(*where);
	*where = number ? cli_format("%s:%zu", reader->path, number) : NULL;
	cli_set_where(*where);
}

static bool names_same(const char *a, const char *b)
{
	size_t length = strcspn(a, "=:");

	return length == strcspn(b, "=:") && !strncmp(a, b, length) && a[length] == b[length];
}

/* Has the group words of that name, or arms where @word is one? */
static bool says(const struct list *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strpbrk(word, "=:") && names_same(words->item[i], word))
			return true;
	return false;
}

static int end_all(struct reader *reader)
{
	list_free(&reader->everywhere);
	for (size_t i = 1; i < reader->words.n; i++) {
		if (!strchr(reader->words.item[i], '=')) {
			cli_error("all: is followed by NAME=VALUE words, and %s is none",
				  reader->words.item[i]);
			return TRIMM_USAGE;
		}
		list_add(&reader->everywhere, "%s", reader->words.item[i]);
	}
	return 0;
}

static int end_include(struct reader *reader)
{
	if (reader->words.n == 2)
		return read_file(reader->suite, reader, reader->words.item[1]);
	cli_error("include is followed by one suite, its name or path");
	return TRIMM_USAGE;
}

static int end_line(struct reader *reader)
{
	struct suite *suite = reader->suite;
	struct suite_line *line;
	size_t own = reader->words.n;

	for (size_t i = 0; i < own; i++) {
		if (*reader->words.item[i] == '-') {
			cli_error("%s: a line of a suite is one group of words; options are words, "
				  "too: target=, mode=",
				  reader->words.item[i]);
			return TRIMM_USAGE;
		}
	}
	suite->lines = cli_alloc(suite->lines, (suite->nr_lines + 1) * sizeof(*suite->lines));
	line = &suite->lines[suite->nr_lines++];
	*line = (struct suite_line){.where = cli_format("%s", cli_where())};
	for (size_t i = 0; i < own; i++)
		list_add(&line->words, "%s", reader->words.item[i]);
	for (size_t i = 0; i < reader->everywhere.n; i++)
		if (!says(&reader->words, reader->everywhere.item[i]))
			list_add(&line->words, "%s", reader->everywhere.item[i]);
	return 0;
}

/* The group at hand is whole. */
static int end_group(struct reader *reader)
{
	char *where = NULL;
	int code = 0;

	if (!reader->words.n)
		return 0;
	say_where(reader, reader->began, &where);
	if (!strcmp(reader->words.item[0], "all:"))
		code = end_all(reader);
	else if (!strcmp(reader->words.item[0], "include"))
		code = end_include(reader);
	else
		code = end_line(reader);
	cli_set_where(NULL);
	free(where);
	list_free(&reader->words);
	return code;
}

static void take_about(struct reader *reader, const char *line)
{
	if (reader->by || reader->suite->about || *line != '#')
		return;
	line += 1 + strspn(line + 1, "# ");
	/* The licence that files of the project begin with tells nothing of them. */
	if (strncmp(line, "SPDX-", strlen("SPDX-")))
		reader->suite->about = cli_format("%.*s", (int)strcspn(line, "\r\n"), line);
}

/* A # begins a comment where a word could begin. */
static void cut_comment(char *line)
{
	for (char *c = line; *c; c++) {
		if (*c == '#' && (c == line || strchr(BLANKS, c[-1]))) {
			*c = '\0';
			return;
		}
	}
}

static int take_line(struct reader *reader, char *line)
{
	bool continues = reader->goes_on || *line == ' ' || *line == '\t';
	char *save = NULL, *word;
	size_t length;
	int code = 0;

	take_about(reader, line);
	cut_comment(line);
	length = strlen(line);
	while (length && strchr(BLANKS, line[length - 1]))
		line[--length] = '\0';
	reader->goes_on = length && line[length - 1] == '\\';
	if (reader->goes_on)
		line[length - 1] = '\0';
	for (word = strtok_r(line, BLANKS, &save); word; word = strtok_r(NULL, BLANKS, &save)) {
		if (!continues)
			code = end_group(reader);
		if (code)
			return code;
		if (!reader->words.n)
			reader->began = reader->number;
		continues = true;
		list_add(&reader->words, "%s", word);
	}
	return 0;
}

static int read_lines(struct reader *reader)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	int code = 0;

	while (!code && (length = getline(&line, &size, reader->file)) >= 0) {
		reader->number++;
		if (strlen(line) == (size_t)length) {
			code = take_line(reader, line);
		} else {
			cli_error("%s:%zu: a 0 byte: this is no text", reader->path,
				  reader->number);
			code = TRIMM_USAGE;
		}
	}
	free(line);
	return code ? code : end_group(reader);
}

static int refuse_name(const char *name, const char *path, int error)
{
	struct list names = suite_names();

	if (strchr(name, '/') || has_suffix(name) || error != ENOENT)
		cli_error("%s: %s", path, strerror(error));
	else
		cli_error_unknown("suite", name, (const char *const *)names.item,
				  "trimm list suites");
	list_free(&names);
	return TRIMM_USAGE;
}

static int read_file(struct suite *suite, const struct reader *by, const char *name)
{
	char *path = path_of(name, by);
	struct reader reader = {.suite = suite, .by = by, .path = path};
	unsigned int depth = 0;
	int code;

	for (; by; by = by->by)
		depth++;
	if (depth > INCLUDES_MAX) {
		cli_error("%s: suites that include each other without end", name);
		free(path);
		return TRIMM_USAGE;
	}
	reader.file = fopen(path, "re");
	code = reader.file ? read_lines(&reader) : refuse_name(name, path, errno);
	/* A folder can be opened, but not read. */
	if (!code && ferror(reader.file))
		code = refuse_name(name, path, errno);
	if (reader.file)
		fclose(reader.file);
	list_free(&reader.words);
	list_free(&reader.everywhere);
	free(path);
	return code;
}

int suite_read(struct suite *suite, const char *name)
{
	int code;

	*suite = (struct suite){.nr_lines = 0};
	code = read_file(suite, NULL, name);
	if (!code && !suite->nr_lines) {
		cli_error("%s: there is nothing to run in it; a line is a group of words as `trimm "
			  "run` takes them",
			  name);
		code = TRIMM_USAGE;
	}
	return code;
}

void suite_free(struct suite *suite)
{
	for (size_t i = 0; i < suite->nr_lines; i++) {
		list_free(&suite->lines[i].words);
		free(suite->lines[i].where);
	}
	free(suite->lines);
	free(suite->about);
	*suite = (struct suite){.nr_lines = 0};
}

static int add_over(const struct param *param, struct spec *spec)
{
	char *word = cli_format("%s=", param->name), *longer;
	int code;

	if (spec_param(spec, param->name))
		spec_remove(spec, param->name);
	for (size_t i = 0; i < param->values.n; i++) {
		longer = cli_format("%s%s%s", word, i ? "," : "", param->values.item[i]);
		free(word);
		word = longer;
	}
	code = spec_add(spec, word);
	free(word);
	return code;
}

int suite_spec(const struct suite_line *line, const struct spec *over, struct spec *spec)
{
	int code = 0;

	cli_set_where(line->where);
	*spec = (struct spec){.nr_params = 0};
	for (size_t i = 0; i < line->words.n && !code; i++)
		code = spec_add(spec, line->words.item[i]);
	for (size_t i = 0; i < over->nr_params && !code; i++)
		code = add_over(&over->params[i], spec);
	cli_set_where(NULL);
	return code;
}
