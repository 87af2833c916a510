/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shootdowns.c - pages given back while another thread of ours runs on another CPU, and what
 * /proc/interrupts counted meanwhile: "TLB 9990 CAL 10012 RES 44".
 *
 * usage: shootdowns COUNT [CONTROL ACK]
 *
 * CONTROL and ACK are perf stat's (--control): it counts in the same window.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>

#include "window.h"

static volatile bool stop;

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		window_fail("sched_setaffinity");
}

static void *spin(void *arg)
{
	(void)arg;
	pin(1);
	while (!stop)
		;
	return NULL;
}

/* All CPUs' of a line, "TLB:", of the text of /proc/interrupts. */
static unsigned long line_sum(const char *text, const char *name)
{
	const char *at = strstr(text, name);
	unsigned long sum = 0;
	char *end;

	if (!at)
		return 0;
	for (at += strlen(name);; at = end) {
		unsigned long value = strtoul(at, &end, 10);

		if (end == at)
			return sum;
		sum += value;
	}
}

static const char *const names[] = {"TLB:", "CAL:", "RES:"};

static void read_interrupts(unsigned long *sums)
{
	static char text[1 << 20];
	FILE *file = fopen("/proc/interrupts", "re");
	size_t n = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (!n)
		window_fail("/proc/interrupts");
	text[n] = '\0';
	fclose(file);
	for (int i = 0; i < 3; i++)
		sums[i] = line_sum(text, names[i]);
}

static void tell_perf(char *const *files, const char *what)
{
	int control = open(files[0], O_WRONLY | O_CLOEXEC), ack;
	char answer[16];

	if (control < 0 || write(control, what, strlen(what)) < 0)
		window_fail(files[0]);
	ack = open(files[1], O_RDONLY | O_CLOEXEC);
	if (ack < 0 || read(ack, answer, sizeof(answer)) <= 0)
		window_fail(files[1]);
	close(ack);
	close(control);
}

int main(int argc, char **argv)
{
	const long count = argc > 1 ? atol(argv[1]) : 10000;
	unsigned long before[3], after[3];
	struct window window;
	pthread_t other;
	volatile char *page =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		window_fail("mmap");
	pin(0);
	window_open(&window);
	if (pthread_create(&other, NULL, spin, NULL))
		window_fail("pthread_create");
	if (argc > 3)
		tell_perf(argv + 2, "enable\n");
	window_count(&window, true);
	read_interrupts(before);
	for (long i = 0; i < count; i++) {
		*page = 1;
		if (madvise((void *)page, 4096, MADV_DONTNEED))
			window_fail("madvise");
	}
	read_interrupts(after);
	window_count(&window, false);
	if (argc > 3)
		tell_perf(argv + 2, "disable\n");
	stop = true;
	pthread_join(other, NULL);
	window_close(&window);
	fprintf(stderr, "TLB %lu CAL %lu RES %lu\n", after[0] - before[0], after[1] - before[1],
		after[2] - before[2]);
	return 0;
}
