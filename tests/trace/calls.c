/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * calls.c - functions that are called known numbers of times, in each other, in themselves, asleep
 * and in threads, for probe funclat to time. What each takes at least is in its name's comment; the
 * kernel has no say in how often.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ALONE __attribute__((noinline, noclone))

void recurse(unsigned int depth);
void spin(void);
void outer(void);
void doze(void);
void ends(void);
void jumps(void);
void leaves(void);

static const unsigned int threads = 4;
static unsigned long rounds;
static jmp_buf back;
static volatile unsigned long work;

static void wait_us(uint64_t us)
{
	struct timespec begun, now;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((uint64_t)(now.tv_sec - begun.tv_sec) * 1000000000 + (uint64_t)now.tv_nsec -
		       (uint64_t)begun.tv_nsec <
	       us * 1000);
}

/* 100 us, and as much again for each level below. */
ALONE void recurse(unsigned int depth)
{
	wait_us(100);
	if (depth)
		recurse(depth - 1);
	work++;
}

/* 50 us. */
ALONE void spin(void)
{
	wait_us(50);
}

/* 2 ms, asleep. */
ALONE void doze(void)
{
	const struct timespec rest = {.tv_nsec = 2000000};

	nanosleep(&rest, NULL);
	work++;
}

/* 2.1 ms: a sleep and two spins in it. */
ALONE void outer(void)
{
	spin();
	doze();
	spin();
	work++;
}

ALONE void ends(void)
{
	wait_us(10);
}

/* Ends by jumping to ends(): both have one frame. */
ALONE void jumps(void)
{
	work++;
	ends();
}

/* Never ends. */
ALONE void leaves(void)
{
	work++;
	longjmp(back, 1);
}

static void *sleeps(void *nothing)
{
	for (unsigned long i = 0; i < rounds; i++)
		doze();
	return nothing;
}

int main(int argc, char **argv)
{
	pthread_t thread[threads];

	rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 10;
	for (unsigned int i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, sleeps, NULL);
	for (unsigned int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	for (unsigned long i = 0; i < rounds; i++) {
		recurse(9);
		outer();
		jumps();
		if (!setjmp(back))
			leaves();
	}
	printf("%lu\n", work);
	return 0;
}
