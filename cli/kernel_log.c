/* SPDX-License-Identifier: GPL-2.0-only */
/* kernel_log.c - see kernel_log.h; launch/kernel_log.h is the other end. */
#include "kernel_log.h"
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VARIABLE "TRIMM_KERNEL_LOG"

void kernel_log_begin(const char *run)
{
	/* results/runs/ID.ndjson with another ending. */
	char *path = cli_format("%.*s.kernel.log", (int)(strrchr(run, '.') - run), run);

	setenv(VARIABLE, path, 1);
	free(path);
}

char *kernel_log_end(void)
{
	char *path = cli_format("%s", getenv(VARIABLE));
	struct stat file;

	unsetenv(VARIABLE);
	if (!stat(path, &file) && file.st_size)
		return path;
	unlink(path);
	free(path);
	return NULL;
}
