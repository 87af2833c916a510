/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window_linear.c - host=linear: the whole window is one memfd, mapped once.
 *
 * A page appears on first touch and keeps its bytes when a flush takes its translation away;
 * it never holds what the frame's pointer shows. A freed page stays in the memfd: memory
 * follows the most address space ever in use, which mmcore keeps low by reusing from below.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"
#include "window.h"

int linear_open(struct window *window)
{
	size_t bytes = window->end - window->start;
	int fd = memfd_create("trimm-window", MFD_CLOEXEC), error = 0;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)bytes) ||
	    mmap((void *)window->start, bytes, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, fd, 0) == MAP_FAILED)
		error = -errno;
	else
		/* A huge page would make a flush split it: 4 KiB, as the entries say. */
		madvise((void *)window->start, bytes, MADV_NOHUGEPAGE);
	close(fd);
	return error;
}

void linear_flush(uintptr_t start, uintptr_t end)
{
	uint64_t begin = call_begin();
	int error = madvise((void *)start, end - start, MADV_DONTNEED);

	call_end(begin);
	if (error)
		plat_die(__FILE__, __LINE__, "madvise refuses to flush");
}
