/* SPDX-License-Identifier: GPL-2.0-only */
/* row_file.c - rows in a shared mapping of a sparse file; see row_file.h. */
#include "row_file.h"

#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct rows *rows;
static struct row beyond;

int row_file_open(const char *path, const char *words, uint64_t absent)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *at = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, 0) && !ftruncate(fd, sizeof(*rows)))
		at = mmap(NULL, sizeof(*rows), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		say("rows=%s cannot be written: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	if (at == MAP_FAILED)
		return -1;
	rows = at;
	rows->absent = absent;
	snprintf(rows->model, sizeof(rows->model), "%s", words);
	return 0;
}

struct row *row_file_begin(void)
{
	if (rows->n < ROWS_MAX)
		return &rows->row[rows->n];
	memset(&beyond, 0, sizeof(beyond));
	return &beyond;
}

void row_file_end(void)
{
	if (rows->n < ROWS_MAX)
		__atomic_store_n(&rows->n, rows->n + 1, __ATOMIC_RELEASE);
	else
		rows->lost++;
}
