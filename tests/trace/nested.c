/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nested.c - page faults on a known way: main calls outer, that leave, that inner, which touches
 * pages, over and over for so long. Each calls something: compilers keep no frame in what does not.
 * What leave would come back to is behind the end of outer, as it never does.
 *
 * usage: nested SECONDS
 *
 * It is compiled to keep frame pointers (-fno-omit-frame-pointer), as what callers' names are
 * wanted of must be.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define PAGES 256

static volatile int kept;
static jmp_buf back;

/* None is put into its caller, nor its call made a jump: something is done after it. */
__attribute__((noipa)) static void inner(char *memory)
{
	for (int i = 0; i < PAGES; i++)
		((volatile char *)memory)[i * 4096] = 1;
	madvise(memory, PAGES * 4096, MADV_DONTNEED);
	kept++;
}

__attribute__((noipa, noreturn)) static void leave(char *memory)
{
	inner(memory);
	longjmp(back, 1);
}

__attribute__((noipa)) static void outer(char *memory)
{
	leave(memory);
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
		if (!setjmp(back))
			outer(memory);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((double)(now.tv_sec - from.tv_sec) + (double)(now.tv_nsec - from.tv_nsec) / 1e9 <
		 seconds);
	return 0;
}
