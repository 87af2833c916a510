/* SPDX-License-Identifier: GPL-2.0-only */
/* report_place.c - see report_place.h. */
#include "report_place.h"
#include "error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
	page = path_join(path, directory, REPORT_INDEX) ? fopen(path, "r") : NULL;
	if (!page)
		return false;
	head[fread(head, 1, sizeof(head) - 1, page)] = '\0';
	fclose(page);
	return strstr(head, REPORT_MARK);
}

/* A page that only bears the mark: an unfinished report may be removed by the next one. */
static int mark(const char *directory)
{
	char path[PATH_MAX];
	FILE *page = path_join(path, directory, REPORT_INDEX) ? fopen(path, "w") : NULL;

	if (!page)
		return -1;
	fputs("<!DOCTYPE html>\n" REPORT_MARK "\n<title>unfinished</title>\n", page);
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

int report_place(const char *directory, report_fill_fn *fill, void *what, struct run_error *error)
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
	if (!stat(built, &about) && replaceable(built))
		remove_report(built);
	if (mkdir(built, 0777))
		return error_set(error, "%s: can't create: %s", built, strerror(errno));
	if (mark(built))
		err = error_set(error, "%s: can't write: %s", built, strerror(errno));
	else
		err = fill(built, what, error);
	if (!err)
		err = exchange(built, place, error);
	if (err)
		remove_report(built);
	return err;
}

FILE *report_open(const char *directory, const char *name, struct run_error *error)
{
	char path[PATH_MAX];
	FILE *out;

	if (!path_join(path, directory, name)) {
		error_set(error, "%s: %s", directory, strerror(ENAMETOOLONG));
		return NULL;
	}
	out = fopen(path, "w");
	if (!out)
		error_set(error, "%s: can't write: %s", path, strerror(errno));
	return out;
}

int report_close(FILE *out, const char *directory, const char *name, struct run_error *error)
{
	int failed = ferror(out);

	if (!fclose(out) && !failed)
		return 0;
	return error_set(error, "%s/%s: can't write: %s", directory, name, strerror(errno));
}

int report_copy(const char *from, const char *directory, const char *name, struct run_error *error)
{
	char path[PATH_MAX];

	if (!path_join(path, directory, name))
		return error_set(error, "%s: %s", directory, strerror(ENAMETOOLONG));
	if (!link(from, path) || !copy_file(from, path))
		return 0;
	return error_set(error, "%s: can't copy %s: %s", path, from, strerror(errno));
}
