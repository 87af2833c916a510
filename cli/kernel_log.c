/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_log.c - see kernel_log.h. Each guest writes to a file of its own, so that nobody depends
 * on how it opens it; a command that is killed leaves that file, ID.kernel.log.now, as well.
 */
#include "kernel_log.h"
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* results/runs/ID.ndjson with another ending. */
static char *beside(const char *run, const char *ending)
{
	const char *dot = strrchr(run, '.');

	return cli_format("%.*s%s", (int)(dot - run), run, ending);
}

void kernel_log_begin(const char *run)
{
	char *now = beside(run, ".kernel.log.now");

	unlink(now);
	setenv("TRIMM_KERNEL_LOG", now, 1);
	free(now);
}

static bool copy(FILE *from, FILE *to)
{
	char text[65536], last = '\n';
	size_t n;

	while ((n = fread(text, 1, sizeof(text), from))) {
		last = text[n - 1];
		if (fwrite(text, 1, n, to) != n)
			return false;
	}
	if (last != '\n')
		fputc('\n', to);
	return !ferror(from) && !fflush(to);
}

static bool add(FILE *from, const char *path, int number, const char *label)
{
	FILE *to = fopen(path, "ae");
	bool fine = to && fprintf(to, "== case %d: %s\n", number, label) > 0 && copy(from, to);

	if (to && fclose(to))
		fine = false;
	return fine;
}

void kernel_log_end(const char *run, int number, const char *label)
{
	char *now = beside(run, ".kernel.log.now"), *path = beside(run, ".kernel.log");
	FILE *from = fopen(now, "re");
	int first = from ? fgetc(from) : EOF;

	unsetenv("TRIMM_KERNEL_LOG");
	if (first != EOF) {
		rewind(from);
		if (!add(from, path, number, label))
			cli_error("%s: %m; the guest's kernel log is not kept", path);
	} else if (!from && errno != ENOENT) {
		cli_error("%s: %m", now);
	}
	if (from)
		fclose(from);
	unlink(now);
	free(now);
	free(path);
}

char *kernel_log_of(const char *run)
{
	char *path = beside(run, ".kernel.log");

	if (!access(path, F_OK))
		return path;
	free(path);
	return NULL;
}
