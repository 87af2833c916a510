/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * archive.c - Linux unpacks any number of cpio archives one behind the other, compressed or not,
 * each at a multiple of 4 bytes (Documentation/driver-api/early-userspace/buffer-format.rst): so
 * what is added for one run costs no new compression of all the rest.
 */
#include "archive.h"
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define ALIGNMENT 4

/* From where it is on to the file's end. */
static bool copy_all(int to, int from)
{
	ssize_t copied;

	while ((copied = sendfile(to, from, NULL, 1 << 30)) > 0)
		;
	return !copied;
}

static bool align(int archive)
{
	static const char zeros[ALIGNMENT];
	off_t at = lseek(archive, 0, SEEK_CUR);
	size_t more = (size_t)(-at & (ALIGNMENT - 1));

	return write(archive, zeros, more) == (ssize_t)more;
}

/* The "newc" header of what is called @name, and that name. */
static bool begin(int archive, const char *name, unsigned int mode, unsigned long size)
{
	static unsigned int serial;

	/* Magic, inode, mode, owner, group, links, time, size, device, its own, name, checksum. */
	return align(archive) &&
	       dprintf(archive, "070701%08x%08x%08x%08x%08x%08x%08lx%08x%08x%08x%08x%08zx%08x%s%c",
		       ++serial, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, strlen(name) + 1, 0, name,
		       '\0') > 0 &&
	       align(archive);
}

int archive_open(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC),
	    archive = memfd_create("initramfs", MFD_CLOEXEC);
	bool whole = from >= 0 && archive >= 0 && copy_all(archive, from);

	if (!whole)
		launch_error("%s: %m", path);
	if (from >= 0)
		close(from);
	return whole ? archive : -1;
}

int archive_add(int archive, const char *path, const char *name)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	bool whole = false;

	if (from >= 0 && !fstat(from, &about)) {
		if (!S_ISREG(about.st_mode))
			errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
		else
			whole = begin(archive, name, S_IFREG | (about.st_mode & 0777),
				      (unsigned long)about.st_size) &&
				copy_all(archive, from);
	}
	if (!whole)
		launch_error("%s: cannot be given to the guest: %m", path);
	if (from >= 0)
		close(from);
	return whole ? 0 : -1;
}

int archive_add_text(int archive, const char *text, const char *name)
{
	const size_t length = strlen(text);

	if (begin(archive, name, S_IFREG | 0444, length) &&
	    write(archive, text, length) == (ssize_t)length)
		return 0;
	launch_error("%s: cannot be given to the guest: %m", name);
	return -1;
}

int archive_add_folder(int archive, const char *name)
{
	return begin(archive, name, S_IFDIR | 0755, 0) ? 0 : -1;
}

int archive_end(int archive)
{
	return begin(archive, "TRAILER!!!", 0, 0) && align(archive) ? 0 : -1;
}
