/* SPDX-License-Identifier: GPL-2.0-only */
/* directory.c - see directory.h. */
#include "directory.h"
#include "cli.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Open at a time, of a deep tree. */
#define DESCRIPTORS 16

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path) && errno != ENOENT ? -1 : 0;
}

int directory_remove(const char *path)
{
	if (!nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS))
		return 0;
	return errno == ENOENT ? 0 : -errno;
}

int directory_make(const char *path)
{
	char *part = cli_format("%s", path);
	int error = 0;

	for (char *end = part; *end && !error;) {
		char kept;

		end += strspn(end, "/");
		end += strcspn(end, "/");
		kept = *end;
		*end = 0;
		if (mkdir(part, 0777) && errno != EEXIST)
			error = -errno;
		*end = kept;
	}
	free(part);
	return error;
}
