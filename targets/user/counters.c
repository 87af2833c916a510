/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counters.c - what the host counts, read from files that stay open.
 *
 * Everything may be missing (no /proc, no such line, no permission): then the counter says
 * why, its value stays 0 and nothing else suffers.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "calls.h"
#include "clock.h"
#include "host.h"
#include "workers.h"

#define NS_PER_SECOND 1000000000ULL

/*
 * Holds /proc/interrupts of some 500 CPUs; only pages that are written exist. The harness
 * reads counters on slot 0 alone.
 */
static char text[4 << 20];

struct availability {
	const char *state, *why;
};
static struct availability available[HOST_COUNTER_COUNT];

struct call_cost call_cost[TRI_MAX_CPUS];
static int interrupts_fd, stat_fd;

/* A whole file from its start, as a string; false if there is none. */
static bool read_text(int fd)
{
	size_t length = 0;
	ssize_t got;

	if (fd < 0)
		return false;
	do {
		got = pread(fd, text + length, sizeof(text) - 1 - length, (off_t)length);
		if (got > 0)
			length += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	text[length] = '\0';
	return length > 0;
}

/* Which of our CPUs the host calls @number, or -1. */
static int our_index(unsigned long number)
{
	for (unsigned int i = 0; i < workers_cpus(); i++)
		if (workers_host_cpu(i) == number)
			return (int)i;
	return -1;
}

/* The columns are the online CPUs, named in the first line: "  CPU0  CPU2". */
static bool read_shootdowns(struct host_counts *out)
{
	char *names = text, *at;

	if (!read_text(interrupts_fd))
		return false;
	at = strstr(text, "TLB:");
	if (!at)
		return false;
	at += strlen("TLB:");
	while ((names = strstr(names, "CPU")) && names < at) {
		int index = our_index(strtoul(names + strlen("CPU"), &names, 10));
		uint64_t count = strtoull(at, &at, 10);

		out->value[HOST_COUNTER_host_tlb_shootdowns] += count;
		if (index >= 0)
			out->tlb_by_cpu[index] = count;
	}
	return true;
}

/* "cpu0 user nice system idle iowait irq softirq steal ...", a line for each CPU online. */
static bool read_steal(struct host_counts *out)
{
	const int steal_column = 8;
	uint64_t ticks = 0;
	bool found = false;
	char *line;

	if (!read_text(stat_fd))
		return false;
	for (line = strstr(text, "\ncpu"); line; line = strstr(line, "\ncpu")) {
		int index = our_index(strtoul(line + strlen("\ncpu"), &line, 10));
		uint64_t value = 0;
		int column = 0;

		while (*line == ' ' && column < steal_column) {
			value = strtoull(line, &line, 10);
			column++;
		}
		if (index < 0 || column < steal_column)
			continue;
		ticks += value;
		found = true;
	}
	out->value[HOST_COUNTER_host_steal_ns] =
		ticks * (NS_PER_SECOND / (uint64_t)sysconf(_SC_CLK_TCK));
	return found;
}

static int open_counter(enum host_counter which, const char *path, const char *missing)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && (errno == EACCES || errno == EPERM))
		available[which] = (struct availability){"denied", "the file may not be read"};
	else if (fd < 0)
		available[which] = (struct availability){"unsupported", missing};
	return fd;
}

static void counters_open(void)
{
	static struct host_counts probe;

	for (int i = 0; i < HOST_COUNTER_COUNT; i++)
		available[i] = (struct availability){"ok", NULL};
	interrupts_fd = open_counter(HOST_COUNTER_host_tlb_shootdowns, "/proc/interrupts",
				     "there is no /proc/interrupts");
	stat_fd = open_counter(HOST_COUNTER_host_steal_ns, "/proc/stat", "there is no /proc/stat");
	if (interrupts_fd >= 0 && !read_shootdowns(&probe))
		available[HOST_COUNTER_host_tlb_shootdowns] =
			(struct availability){"unsupported", "/proc/interrupts has no TLB line"};
	if (stat_fd >= 0 && !read_steal(&probe))
		available[HOST_COUNTER_host_steal_ns] =
			(struct availability){"unsupported", "/proc/stat has no steal column"};
}

static const struct availability *availability(enum host_counter which)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, counters_open);
	return &available[which];
}

const char *host_counter_avail(enum host_counter which, const char **why)
{
	*why = availability(which)->why;
	return availability(which)->state;
}

void host_counts_read(struct host_counts *out)
{
	struct rusage usage;
	uint64_t ticks = 0;

	memset(out, 0, sizeof(*out));
	availability(0);
	read_shootdowns(out);
	read_steal(out);
	getrusage(RUSAGE_SELF, &usage);
	out->value[HOST_COUNTER_host_minor_faults] = (uint64_t)usage.ru_minflt;
	out->value[HOST_COUNTER_host_switches] = (uint64_t)usage.ru_nivcsw;
	out->value[HOST_COUNTER_host_lock_waits] =
		__atomic_load_n(&plat_spin_waits, __ATOMIC_RELAXED);
	for (int i = 0; i < TRI_MAX_CPUS; i++) {
		out->value[HOST_COUNTER_host_flush_calls] +=
			__atomic_load_n(&call_cost[i].calls, __ATOMIC_RELAXED);
		ticks += __atomic_load_n(&call_cost[i].ticks, __ATOMIC_RELAXED);
	}
	out->value[HOST_COUNTER_host_flush_ns] = clock_ticks_to_ns(ticks);
}
