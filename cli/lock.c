/* SPDX-License-Identifier: GPL-2.0-only */
/* lock.c - see lock.h. */
#include "lock.h"
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Is @fd still what @path names? Its last holder may have taken the file away meanwhile. */
static bool is_named(int fd, const char *path)
{
	struct stat ours, named;

	return !fstat(fd, &ours) && !stat(path, &named) && ours.st_ino == named.st_ino &&
	       ours.st_dev == named.st_dev;
}

static int held(int fd, const char *path, struct run_error *error)
{
	char who[128] = "";
	ssize_t n = pread(fd, who, sizeof(who) - 1, 0);

	close(fd);
	who[n > 0 ? strcspn(who, "\n") : 0] = 0;
	snprintf(error->text, sizeof(error->text),
		 "%s: held by %s; wait for its end, or give another folder with --results", path,
		 *who ? who : "another process");
	return 1;
}

static bool sign(int fd, const char *who)
{
	time_t now = time(NULL);
	char since[32];
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return !ftruncate(fd, 0) &&
	       dprintf(fd, "%s, process %d, since %s\n", who, getpid(), since) > 0;
}

int lock_take(struct lock *lock, const char *path, const char *who, struct run_error *error)
{
	int fd;

	*lock = LOCK_NONE;
	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0)
			break;
		if (flock(fd, LOCK_EX | LOCK_NB)) {
			if (errno == EWOULDBLOCK)
				return held(fd, path, error);
			break;
		}
		if (!is_named(fd, path)) {
			close(fd);
			continue;
		}
		if (!sign(fd, who))
			break;
		*lock = (struct lock){fd, cli_format("%s", path)};
		return 0;
	}
	snprintf(error->text, sizeof(error->text),
		 "%s: %m; give another folder with --results, or make room there", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

void lock_release(struct lock *lock)
{
	if (lock->fd < 0)
		return;
	/* While it is held: the next to come makes a new one. */
	unlink(lock->path);
	close(lock->fd);
	free(lock->path);
	*lock = LOCK_NONE;
}
