/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest.c - a static program that runs under qemu-x86_64 with the plugin: loops between marks whose
 * counts test_plugin.c works out by hand. Everything counted is in assembly, so that no compiler
 * has a say.
 *
 * usage: guest MAILBOX walk PAGES ROUNDS | flush PAGES | kinds |
 *	kinds-threaded | strings | ops | nops | mixed SEED ROUNDS
 *
 * PADDING is what `nops` has in its loop: one NOP of two bytes, or two of one.
 */
#include "mailbox.h"
#include "mark.h"
#include "mark_x86.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef PADDING
#define PADDING ".byte 0x66, 0x90"
#endif

#define PAGE 4096UL
/* Begins a 2 MiB page, so that every upper entry covers as much as it can. */
#define ARENA	    ((char *)0x200000000000UL)
#define ARENA_PAGES 16384UL

static struct mailbox *mailbox;

/* The mark @id, in the middle of other assembly. */
#define MARK(id) ".byte 0x0f, 0x1f, 0x84, 0x00, " #id ", 0xc0, 0x17, 0x5a\n\t"
_Static_assert(MARK_OPEN == 3 && MARK_CLOSE == 4 && MARK_OP == 5 && MARK_OP_DONE == 9,
	       "the numbers in MARK() below");

static void flushed(char *start, char *end)
{
	mailbox->start = (uintptr_t)start;
	mailbox->end = (uintptr_t)end;
	PLAT_MARK(MARK_FLUSH);
}

/* 1 instruction; each page: 1 load, 4 instructions. */
static void walk(char *at, unsigned long pages)
{
	unsigned long n = pages;

	__asm__ volatile(MARK(3) "nop\n"
				 "1:	movb (%[at]), %%al\n"
				 "	add $4096, %[at]\n"
				 "	dec %[n]\n"
				 "	jnz 1b\n" MARK(4)
			 : [at] "+r"(at), [n] "+r"(n)
			 :
			 : "rax", "memory", "cc");
}

static void run_walk(unsigned long pages, unsigned long rounds)
{
	PLAT_MARK(MARK_BEGIN);
	for (unsigned long i = 0; i < rounds; i++)
		walk(ARENA, pages);
	PLAT_MARK(MARK_END);
}

/* Walk, flush the second quarter in the window, walk again, flush it outside, walk again. */
static void run_flush(unsigned long pages)
{
	char *start = ARENA + pages / 4 * PAGE, *end = start + pages / 4 * PAGE;

	PLAT_MARK(MARK_BEGIN);
	walk(ARENA, pages);
	mailbox->start = (uintptr_t)start;
	mailbox->end = (uintptr_t)end;
	__asm__ volatile(MARK(3) MARK(10) MARK(4) : : : "memory");
	walk(ARENA, pages);
	flushed(start, end);
	walk(ARENA, pages);
	PLAT_MARK(MARK_END);
}

/* One of each: a load, a store, both at once in three ways, a load over a page's end. */
static void run_kinds(void)
{
	PLAT_MARK(MARK_BEGIN);
	__asm__ volatile(MARK(3) "mov (%0), %%rax\n"
				 "	mov %%rax, 8(%0)\n"
				 "	addq $1, 16(%0)\n"
				 "	lock addq $1, 24(%0)\n"
				 "	xchg %%rax, 32(%0)\n"
				 "	mov 4092(%0), %%rax\n"
				 "	lea 40(%0), %%rax\n" MARK(4)
			 :
			 : "r"(ARENA)
			 : "rax", "memory", "cc");
	PLAT_MARK(MARK_END);
}

/* The same with a second thread alive: QEMU then makes locked instructions another way. */
static void *wait_for_end(void *arg)
{
	char end;

	(void)!read(*(int *)arg, &end, 1);
	return NULL;
}

static void run_kinds_threaded(void)
{
	pthread_t thread;
	int pipes[2];

	if (pipe(pipes) || pthread_create(&thread, NULL, wait_for_end, &pipes[0]))
		exit(2);
	usleep(100000); /* until it sleeps in read() */
	run_kinds();
	(void)!write(pipes[1], "", 1);
	pthread_join(thread, NULL);
}

/* 1 byte stored, 1000 bytes, none; 100 words copied; the same instruction again in a loop. */
static void run_strings(void)
{
	unsigned long n = 3;

	PLAT_MARK(MARK_BEGIN);
	__asm__ volatile(MARK(3) "mov %[arena], %%rdi\n"
				 "	mov $1, %%ecx\n"
				 "	rep stosb\n"
				 "	mov $1000, %%ecx\n"
				 "	rep stosb\n"
				 "	rep stosb\n"
				 "	mov %[arena], %%rsi\n"
				 "	mov $100, %%ecx\n"
				 "	rep movsq\n"
				 "1:	mov $2, %%ecx\n"
				 "	rep stosw\n"
				 "	dec %[n]\n"
				 "	jnz 1b\n" MARK(4)
			 : [n] "+r"(n)
			 : [arena] "r"(ARENA)
			 : "rax", "rcx", "rsi", "rdi", "memory", "cc");
	PLAT_MARK(MARK_END);
}

/* Operations of metric 0 with 1 load in 3 instructions, each on a page of its own; then of 1. */
static void run_ops(void)
{
	char *at = ARENA;

	PLAT_MARK(MARK_BEGIN);
	for (unsigned int i = 0; i < 10; i++, at += PAGE)
		__asm__ volatile(MARK(3) "nop\n" MARK(5) "nop\n"
							 "	movb (%0), %%al\n"
							 "	nop\n" MARK(9) MARK(4)
				 :
				 : "r"(at)
				 : "rax", "memory");
	__asm__ volatile(MARK(3) MARK(6) "nop\n" MARK(9) "nop\n" MARK(9) MARK(4) : : : "memory");
	/* Operations outside windows are nobody's. */
	__asm__ volatile(MARK(6) "nop\n" MARK(9)::: "memory");
	PLAT_MARK(MARK_END);
}

static void run_nops(void)
{
	unsigned long n = 10000;

	PLAT_MARK(MARK_BEGIN);
	__asm__ volatile(MARK(3) "1:	" PADDING "\n"
				 "	dec %0\n"
				 "	jnz 1b\n" MARK(4)
			 : "+r"(n)
			 :
			 : "memory", "cc");
	PLAT_MARK(MARK_END);
}

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005UL + 1442695040888963407UL;
	return *seed >> 33;
}

/* Accesses of mixed locality, with flushes of one page, of many and of all. */
static void run_mixed(uint64_t seed, unsigned long rounds)
{
	unsigned long sum = 0;

	PLAT_MARK(MARK_BEGIN);
	PLAT_MARK(MARK_OPEN);
	for (unsigned long i = 0; i < rounds; i++) {
		unsigned long reach = 1UL << next(&seed) % 15;
		char *at = ARENA + next(&seed) % reach * PAGE + next(&seed) % (PAGE - 8);

		sum += *(volatile unsigned char *)at;
		if (next(&seed) % 8 == 0)
			*(volatile uint64_t *)(ARENA + i % ARENA_PAGES * PAGE + PAGE - 4) = sum;
		if (next(&seed) % 500 == 0)
			flushed(at, at + 1);
		if (next(&seed) % 5000 == 0)
			flushed(at, at + next(&seed) % 256 * PAGE);
		if (next(&seed) % 50000 == 0)
			flushed(NULL, (char *)0x7ffffffff000UL);
	}
	PLAT_MARK(MARK_CLOSE);
	PLAT_MARK(MARK_END);
}

int main(int argc, char **argv)
{
	unsigned long a = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
	unsigned long b = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
	void *arena;
	int fd;

	if (argc < 3)
		return 2;
	fd = open(argv[1], O_RDWR);
	mailbox = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	/* One page more for an access that crosses the last one's end. */
	arena = mmap(ARENA, (ARENA_PAGES + 1) * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (mailbox == MAP_FAILED || arena != ARENA)
		return 2;
	if (!strcmp(argv[2], "walk"))
		run_walk(a, b);
	else if (!strcmp(argv[2], "flush"))
		run_flush(a);
	else if (!strcmp(argv[2], "kinds"))
		run_kinds();
	else if (!strcmp(argv[2], "kinds-threaded"))
		run_kinds_threaded();
	else if (!strcmp(argv[2], "strings"))
		run_strings();
	else if (!strcmp(argv[2], "ops"))
		run_ops();
	else if (!strcmp(argv[2], "nops"))
		run_nops();
	else if (!strcmp(argv[2], "mixed"))
		run_mixed(a, b);
	else
		return 2;
	return 0;
}
