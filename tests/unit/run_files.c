/* SPDX-License-Identifier: GPL-2.0-only */
/* run_files.c - files for tests, in a folder that goes when the test program ends. */
#include "run_files.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/trimm-test-XXXXXX";
static pid_t owner; /* 0: no folder yet; a forked child must not remove it */

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static void remove_folder(void)
{
	if (getpid() == owner)
		nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

const char *files_folder(void)
{
	char *runs;

	if (owner)
		return folder;
	must(mkdtemp(folder) != NULL, folder);
	owner = getpid();
	atexit(remove_folder);
	runs = files_path("runs");
	must(!mkdir(runs, 0777), runs);
	free(runs);
	return folder;
}

char *files_path(const char *name)
{
	char *path;

	must(asprintf(&path, "%s/%s", files_folder(), name) > 0, name);
	return path;
}

void files_write(const char *path, const char *bytes, size_t length)
{
	FILE *out = fopen(path, "w");

	must(out != NULL, path);
	must(fwrite(bytes, 1, length, out) == length, path);
	must(!fclose(out), path);
}

char *files_read(const char *path, size_t *length)
{
	FILE *in = fopen(path, "r");
	struct stat status;
	char *bytes;

	must(in && !fstat(fileno(in), &status), path);
	bytes = calloc(1, (size_t)status.st_size + 1);
	must(bytes && fread(bytes, 1, (size_t)status.st_size, in) == (size_t)status.st_size, path);
	fclose(in);
	*length = (size_t)status.st_size;
	return bytes;
}

char *files_make_run(const char *name, const struct record_shape *shape)
{
	char *path = files_path(name);

	must(!record_make(path, shape), path);
	return path;
}
