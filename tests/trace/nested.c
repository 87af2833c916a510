/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nested.c - page faults on a known way: main calls outer, that inner, which touches pages, over
 * and over for so long. Each calls something: compilers keep no frame in what does not.
 *
 * usage: nested SECONDS
 *
 * It is compiled to keep frame pointers (-fno-omit-frame-pointer), as what callers' names are
 * wanted of must be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define PAGES 256

static volatile int kept;

/* Neither is put into its caller, nor its call made a jump: both do something after it. */
__attribute__((noipa)) static void inner(char *memory)
{
	for (int i = 0; i < PAGES; i++)
		((volatile char *)memory)[i * 4096] = 1;
	madvise(memory, PAGES * 4096, MADV_DONTNEED);
	kept++;
}

__attribute__((noipa)) static void outer(char *memory)
{
	inner(memory);
	kept++;
}

int main(int argc, char **argv)
{
	const double seconds = argc > 1 ? atof(argv[1]) : 0.5;
	char *memory = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	struct timespec from, now;

	if (memory == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	do {
		outer(memory);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((double)(now.tv_sec - from.tv_sec) + (double)(now.tv_nsec - from.tv_nsec) / 1e9 <
		 seconds);
	return 0;
}
