/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.c - a report's directory: built beside its place, put there in one step.
 */
#include "report.h"
#include "report_page.h"
#include "error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RAW_NAME  "run.ndjson"
#define PAGE_NAME "index.html"
/* In the first lines of every page: what tells a report from a user's other directories. */
#define PAGE_MARK "<meta name=generator content=trimm>"

static bool path_join(char path[PATH_MAX], const char *directory, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", directory, name) < PATH_MAX;
}

/* Does the directory hold a report of ours, or nothing at all? */
static bool replaceable(const char *directory)
{
	char path[PATH_MAX], head[512] = "";
	struct dirent *entry;
	bool empty = true;
	FILE *page;
	DIR *dir = opendir(directory);

	if (!dir)
		return false;
	while ((entry = readdir(dir)))
		empty &= strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(dir);
	if (empty)
		return true;
	page = path_join(path, directory, PAGE_NAME) ? fopen(path, "r") : NULL;
	if (!page)
		return false;
	head[fread(head, 1, sizeof(head) - 1, page)] = '\0';
	fclose(page);
	return strstr(head, PAGE_MARK);
}

/* A page that only bears the mark: an unfinished report may be removed by the next one. */
static int mark(const char *directory)
{
	char path[PATH_MAX];
	FILE *page = path_join(path, directory, PAGE_NAME) ? fopen(path, "w") : NULL;

	if (!page)
		return -1;
	fputs("<!DOCTYPE html>\n" PAGE_MARK "\n<title>unfinished</title>\n", page);
	return fclose(page) ? -1 : 0;
}

/* Reports are flat; a directory within, which a user must have put there, stops this. */
static void remove_report(const char *directory)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir = opendir(directory);

	while (dir && (entry = readdir(dir))) {
		if (path_join(path, directory, entry->d_name))
			unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(directory);
}

/* The directories above @path. */
static int make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return 0;
}

static int copy_file(const char *from, const char *to)
{
	char text[65536];
	FILE *in = fopen(from, "r"), *out = in ? fopen(to, "w") : NULL;
	size_t n;
	int err = 0;

	while (out && (n = fread(text, 1, sizeof(text), in)) > 0)
		fwrite(text, 1, n, out);
	if (!out || ferror(in) || ferror(out))
		err = -1;
	if (in)
		fclose(in);
	if (out && fclose(out))
		err = -1;
	return err;
}

/* The names before each = of the arms, each once: what compare_by() can be asked for. */
static void compare_all(struct report *report)
{
	struct compare_options options = COMPARE_DEFAULTS;
	struct run_error ignored;

	if (strcmp(report->run->status, "incomplete") == 0)
		return;
	for (size_t i = 0; i < report->run->nr_benches; i++) {
		char arm[256], label[256], *rest = arm, *word;

		snprintf(arm, sizeof(arm), "%s", report->run->benches[i].arm);
		/* Who has named the arms finds them by these names, and not once more by the rest.
		 */
		if (*bench_param(&report->run->benches[i], "label", label, sizeof(label)))
			strcpy(arm, "label");
		while ((word = strsep(&rest, ","))) {
			struct comparison **next = &report->comparisons[report->nr_comparisons];
			size_t known = 0;

			word[strcspn(word, "=")] = '\0';
			while (known < report->nr_comparisons &&
			       strcmp(report->comparisons[known]->factor, word) != 0)
				known++;
			if (known < report->nr_comparisons || known == REPORT_FACTORS_MAX || !*word)
				continue;
			/* No two arms of a case differ in it: nothing to show, no error. */
			if (!compare_by(report->run, word, &options, next, &ignored))
				report->nr_comparisons++;
		}
	}
}

static int write_page(const struct report *report, const char *directory, struct run_error *error)
{
	struct report with_file = *report;
	char path[PATH_MAX];
	int failed;

	if (!path_join(path, directory, PAGE_NAME))
		return error_set(error, "%s: %s", directory, strerror(ENAMETOOLONG));
	with_file.out = fopen(path, "w");
	if (!with_file.out)
		return error_set(error, "%s: can't write: %s", path, strerror(errno));
	report_page(&with_file);
	failed = ferror(with_file.out);
	if (fclose(with_file.out) || failed)
		return error_set(error, "%s: can't write: %s", path, strerror(errno));
	return 0;
}

/* Figures, page and records into @directory, which is empty. */
static int fill(const struct run *run, const struct calibration *calibration, const char *directory,
		struct run_error *error)
{
	struct report report = {.run = run, .calibration = calibration, .raw = RAW_NAME};
	struct figures figures = {0};
	struct plot_cases cases;
	char path[PATH_MAX];
	int err;

	if (plot_cases_read(run, &cases))
		return error_set(error, "%s: out of memory", run->path);
	compare_all(&report);
	err = plot_run(&cases, directory, &figures, error);
	report.cases = &cases;
	report.figures = &figures;
	if (!err)
		err = write_page(&report, directory, error);
	if (!err && path_join(path, directory, RAW_NAME) && copy_file(run->path, path))
		err = error_set(error, "%s: can't copy %s: %s", path, run->path, strerror(errno));
	for (size_t i = 0; i < report.nr_comparisons; i++)
		comparison_free(report.comparisons[i]);
	plot_free(&figures);
	plot_cases_free(&cases);
	return err;
}

/* Put the finished directory in its place; an old report ends up under @built's name. */
static int exchange(const char *built, const char *place, struct run_error *error)
{
	if (!rename(built, place))
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return error_set(error, "%s: can't put the report there: %s", place,
				 strerror(errno));
	if (!renameat2(AT_FDCWD, built, AT_FDCWD, place, RENAME_EXCHANGE)) {
		remove_report(built);
		return 0;
	}
	/* A file system that can't exchange: for a moment there is no report. */
	remove_report(place);
	if (!rename(built, place))
		return 0;
	return error_set(error, "%s: can't replace the old report: %s", place, strerror(errno));
}

int report_write(const struct run *run, const struct calibration *calibration,
		 const char *directory, struct run_error *error)
{
	size_t length = strlen(directory);
	char place[PATH_MAX], built[PATH_MAX];
	struct stat about;
	int err;

	while (length > 1 && directory[length - 1] == '/')
		length--;
	if (!length || length + sizeof(".tmp") > PATH_MAX)
		return error_set(error, "%s: no directory for a report", directory);
	snprintf(place, sizeof(place), "%.*s", (int)length, directory);
	snprintf(built, sizeof(built), "%.*s.tmp", (int)length, directory);
	if (make_parents(place))
		return error_set(error, "%s: can't create: %s", place, strerror(errno));
	if (!stat(place, &about) && !replaceable(place))
		return error_set(error,
				 "%s: is not a report of trimm; choose another directory, or "
				 "remove it first",
				 place);
	/* Left by one who was killed. */
	if (!stat(built, &about) && replaceable(built))
		remove_report(built);
	if (mkdir(built, 0777))
		return error_set(error, "%s: can't create: %s", built, strerror(errno));
	if (mark(built))
		err = error_set(error, "%s: can't write: %s", built, strerror(errno));
	else
		err = fill(run, calibration, built, error);
	if (!err)
		err = exchange(built, place, error);
	if (err)
		remove_report(built);
	return err;
}
