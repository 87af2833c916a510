/* SPDX-License-Identifier: GPL-2.0-only */
/* directory.c - see directory.h. */
#include "directory.h"
#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), end = strlen(suffix);

	return length > end && !strcmp(name + length - end, suffix);
}

void directory_remove_files(const char *path, const char *suffix, unsigned int seconds)
{
	DIR *stream = opendir(path);
	const struct dirent *entry;
	struct stat status;

	while (stream && (entry = readdir(stream))) {
		if (has_suffix(entry->d_name, suffix) &&
		    !fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) &&
		    status.st_mtime + (time_t)seconds <= time(NULL))
			unlinkat(dirfd(stream), entry->d_name, 0);
	}
	if (stream)
		closedir(stream);
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
