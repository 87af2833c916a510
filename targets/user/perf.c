/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf.c - see perf.h.
 *
 * What can be had is found out once, before any slot opens its own. A slot
 * reads its own counters alone: that is all RDPMC can do, and it needs no lock.
 */
#include "perf.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "host.h"
#include "model.h"
#include "perf_open.h"
#include "perf_pack.h"
#include "perf_tracepoint.h"
#include "workers.h"

static struct perf_list wanted;
static bool of_cpus;

/* Once known: those that are reported; and those of them that are open, in packs. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct host_extra extra[PERF_COUNTERS_MAX];
static struct perf_answer answers[PERF_COUNTERS_MAX];
static unsigned int nr_extra, pack[PERF_COUNTERS_MAX], nr_packs;
static struct perf_list had;
static int place[PERF_COUNTERS_MAX]; /* in `had`, of each that is reported; -1: it can't be had */
static char remark[400];

/* A slot's own, in the order of `had`: what its counters said last, and what asking them adds. */
static struct slot {
	struct perf_slot *open;
	struct host_extra_count before[PERF_COUNTERS_MAX], empty[PERF_COUNTERS_MAX];
} slots[TRI_MAX_CPUS];

/* Spans in which nothing is done; of cycles the least of so many is what no interrupt was in. */
#define EMPTY_SPANS 64

int perf_choose(const char *text)
{
	struct perf_list list;
	char why[300];
	uint64_t id;

	if (perf_list_parse(text, &list, why, sizeof(why))) {
		host_error("perf=%s: %s", text, why);
		return -EFAULT;
	}
	for (unsigned int i = 0; i < list.n; i++) {
		const char *event = perf_event(&list.counter[i]);

		if (!strchr(event, ':') || perf_tracepoint_id(event, &id) != -ENOENT)
			continue;
		host_error("perf=%s: this kernel has no tracepoint %s; `perf list tracepoint` or "
			   "tracefs, /sys/kernel/tracing/events, name them",
			   text, event);
		return -EFAULT;
	}
	wanted = list;
	return 0;
}

void perf_choose_scope(bool cpu)
{
	of_cpus = cpu;
}

static int cpu_of(unsigned int slot)
{
	return of_cpus ? (int)workers_host_cpu(slot) : -1;
}

/* A descriptor for each counter of each slot: more than 1,024 with many CPUs. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* auto: each reason once, with how many counters it keeps out. */
static void leave_out(const struct perf_answer *answer)
{
	static const struct perf_answer *last;
	size_t length = strlen(remark);

	if (last && !strcmp(last->why, answer->why))
		return;
	snprintf(remark + length, sizeof(remark) - length, "%s%s",
		 length ? "; " : "perf=auto counts less than there is: ", answer->why);
	last = answer;
}

static bool fits(void *arg, const unsigned int *which, unsigned int m)
{
	return perf_fits(arg, which, m);
}

static void find_out(void)
{
	unsigned int group[PERF_COUNTERS_MAX];

	if (wanted.n)
		allow_descriptors();
	for (unsigned int i = 0; i < wanted.n; i++) {
		struct perf_counter *counter = &wanted.counter[i];
		struct perf_answer *answer = &answers[i];

		*answer = (struct perf_answer){"disabled", "mode=exact executes in an emulator, "
							   "which counts by itself"};
		if (!model_watches())
			perf_try(counter, cpu_of(0), answer);
		if (strcmp(answer->avail, "ok") && wanted.automatic) {
			leave_out(answer);
			continue;
		}
		extra[nr_extra] = (struct host_extra){
			.name = counter->name,
			.unit = counter->unit,
			.source = "perf",
			.better = counter->better,
			.avail = answer->avail,
			.why = answer->why,
		};
		place[nr_extra] = -1;
		if (!strcmp(answer->avail, "ok")) {
			group[had.n] = counter->group;
			place[nr_extra] = (int)had.n;
			had.counter[had.n++] = *counter;
		}
		nr_extra++;
	}
	nr_packs = perf_pack(group, had.n, fits, &had, pack);
}

unsigned int host_extras(const struct host_extra **table)
{
	pthread_once(&once, find_out);
	*table = extra;
	return nr_extra;
}

const char *host_extras_remark(void)
{
	return *remark ? remark : NULL;
}

/* What was there a moment ago may be gone: descriptors run out, or somebody changes a sysctl. */
static void lose_all(int error)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&mutex);
	for (unsigned int i = 0; i < nr_extra; i++) {
		struct perf_answer *answer = &answers[i];

		if (place[i] < 0)
			continue;
		answer->avail = "denied";
		snprintf(answer->why, sizeof(answer->why),
			 "a worker could not open its counters: %s; ulimit -n is one limit",
			 strerror(error));
		extra[i].why = answer->why;
		extra[i].avail = answer->avail;
	}
	pthread_mutex_unlock(&mutex);
}

static void read_all(struct slot *slot, struct host_extra_count *out)
{
	for (unsigned int i = 0; i < had.n; i++)
		if (!perf_slot_read(slot->open, i, &out[i].value, &out[i].enabled, &out[i].running))
			out[i] = slot->before[i];
}

/*
 * Reading a counter takes time, instructions and mostly a system call, which those that are read
 * before it (at the beginning) and after it (at the end) count.
 */
static void measure_empty(struct slot *slot)
{
	for (unsigned int i = 0; i < had.n; i++)
		slot->empty[i].value = ~0UL;
	for (unsigned int n = 0; n < EMPTY_SPANS; n++) {
		struct host_extra_count after[PERF_COUNTERS_MAX];

		read_all(slot, slot->before);
		read_all(slot, after);
		for (unsigned int i = 0; i < had.n; i++) {
			uint64_t value = after[i].value - slot->before[i].value;

			if (value < slot->empty[i].value)
				slot->empty[i].value = value;
		}
	}
}

void perf_enter(unsigned int slot)
{
	const struct host_extra *table;

	/* Slots that share a CPU would count it twice. */
	if (!host_extras(&table) || !had.n || (of_cpus && slot >= workers_cpus()))
		return;
	slots[slot].open = perf_slot_open(&had, pack, nr_packs, cpu_of(slot));
	if (slots[slot].open)
		measure_empty(&slots[slot]);
	else
		lose_all(errno);
}

void perf_leave(unsigned int slot)
{
	perf_slot_close(slots[slot].open);
	slots[slot].open = NULL;
}

void host_extras_begin(void)
{
	struct slot *slot = &slots[plat_cpu()];

	if (slot->open)
		read_all(slot, slot->before);
}

void host_extras_end(struct host_extra_count *to)
{
	struct slot *slot = &slots[plat_cpu()];
	struct host_extra_count after[PERF_COUNTERS_MAX];

	if (!slot->open)
		return;
	read_all(slot, after);
	for (unsigned int i = 0; i < nr_extra; i++) {
		const struct host_extra_count *now, *before, *empty;
		uint64_t value;

		if (place[i] < 0)
			continue;
		now = &after[place[i]];
		before = &slot->before[place[i]];
		empty = &slot->empty[place[i]];
		value = now->value - before->value;
		to[i].value += value > empty->value ? value - empty->value : 0;
		to[i].enabled += now->enabled - before->enabled;
		to[i].running += now->running - before->running;
	}
}
