/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * touches.c - PAGES: a known number of page faults, each the first write to a page of its own.
 *
 * It waits for a line before and after, so that its number is known to who traces it, and prints
 * the faults that the kernel has counted for it meanwhile.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "line.h"

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

int main(int argc, char **argv)
{
	const size_t page = 4096, pages = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	volatile char *memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	cpu_set_t first;
	long before;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (memory == MAP_FAILED || sched_setaffinity(0, sizeof(first), &first) ||
	    madvise((void *)memory, pages * page, MADV_NOHUGEPAGE))
		return 1;
	wait_for_a_line();
	before = minor_faults();
	for (size_t i = 0; i < pages; i++)
		memory[i * page] = 1;
	dprintf(STDOUT_FILENO, "%ld\n", minor_faults() - before);
	wait_for_a_line();
	return 0;
}
