/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf_open.c - see perf_open.h.
 *
 * A pack is a list of libperf's (evlist), whose first counter leads the group. Each is read alone:
 * of a group's read libperf hands out the leader's value only (Linux 6.1 to 6.12, tools/lib/perf/
 * evsel.c), and alone is how RDPMC does it; the kernel schedules them together all the same.
 */
#include "perf_open.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <perf/core.h>
#include <perf/cpumap.h>
#include <perf/evlist.h>
#include <perf/evsel.h>
#include <perf/threadmap.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "perf_raw.h"
#include "perf_tracepoint.h"

struct perf_slot {
	unsigned int packs, n;
	struct perf_evlist *pack[PERF_COUNTERS_MAX];
	struct perf_evsel *counter[PERF_COUNTERS_MAX];
};

/* The thread that opens; kept, as libperf does not count who refers to it evenly. */
static struct perf_thread_map *self;

static int say_nothing(enum libperf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static void begin(void)
{
	pid_t this_thread = 0;

	libperf_init(say_nothing);
	self = perf_thread_map__new_array(1, &this_thread);
}

static bool ready(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, begin);
	return self;
}

static struct perf_evsel *evsel_new(const struct perf_counter *counter)
{
	struct perf_event_attr attr = {
		.type = counter->type,
		.size = sizeof(attr),
		.config = counter->config,
		.exclude_user = counter->side == PERF_SIDE_KERNEL,
		.exclude_kernel = counter->side == PERF_SIDE_USER,
		.exclude_hv = counter->side == PERF_SIDE_USER,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
	};

	return perf_evsel__new(&attr);
}

/* NULL: any CPU, or there is no memory, which an open will find out again. */
static struct perf_cpu_map *cpu_map(int cpu)
{
	char text[16];

	if (cpu < 0)
		return NULL;
	snprintf(text, sizeof(text), "%d", cpu);
	return perf_cpu_map__new(text);
}

/* 0 or -errno: this counter alone, opened and closed. */
static int try_open(const struct perf_counter *counter, int cpu)
{
	struct perf_evsel *evsel = ready() ? evsel_new(counter) : NULL;
	struct perf_cpu_map *cpus = cpu_map(cpu);
	int error = -ENOMEM;

	if (evsel)
		error = perf_evsel__open(evsel, cpus, cpu < 0 ? self : NULL);
	if (evsel && !error)
		perf_evsel__close(evsel);
	if (evsel)
		perf_evsel__delete(evsel);
	perf_cpu_map__put(cpus);
	return error;
}

static const struct perf_counter user_cycles = {
	.type = PERF_TYPE_HARDWARE,
	.config = PERF_COUNT_HW_CPU_CYCLES,
	.side = PERF_SIDE_USER,
};

#define EXACT "mode=exact counts instructions and modelled TLB misses"

static void answer(struct perf_answer *out, const char *avail, const char *why)
{
	out->avail = avail;
	snprintf(out->why, sizeof(out->why), "%s", why);
}

/* What kernel.perf_event_paranoid is, or -2. */
static int paranoid(void)
{
	FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	int level = -2;

	if (file && fscanf(file, "%d", &level) != 1)
		level = -2;
	if (file)
		fclose(file);
	return level;
}

/* Linux's Documentation/admin-guide/sysctl/kernel.rst: what each level keeps from whom. */
static void denied(const struct perf_counter *counter, int cpu, struct perf_answer *out)
{
	bool kernel = counter->side != PERF_SIDE_USER;
	int most = cpu >= 0 ? 0 : kernel ? 1 : 2, level = paranoid();

	out->avail = "denied";
	if (level > most)
		snprintf(out->why, sizeof(out->why),
			 "%s: sysctl kernel.perf_event_paranoid=%d (it is %d), root, or "
			 "CAP_PERFMON",
			 cpu >= 0 ? "a whole CPU is counted with"
			 : kernel ? "the kernel is counted with"
				  : "counting takes",
			 most, level);
	else
		snprintf(out->why, sizeof(out->why),
			 "perf events are refused by more than perf_event_paranoid: a container's "
			 "or a sandbox's rules (seccomp) must let perf_event_open pass");
}

static bool is_hardware(const struct perf_counter *counter)
{
	return counter->type != PERF_TYPE_SOFTWARE && counter->type != PERF_TYPE_TRACEPOINT;
}

static void refused(const struct perf_counter *counter, int cpu, int error, struct perf_answer *out)
{
	struct perf_answer pmu;

	if (error == -EACCES || error == -EPERM) {
		denied(counter, cpu, out);
	} else if (error == -ENOSYS) {
		answer(out, "unsupported", "this kernel has no perf events (CONFIG_PERF_EVENTS)");
	} else if (!is_hardware(counter)) {
		out->avail = "unsupported";
		snprintf(out->why, sizeof(out->why), "perf_event_open: %s", strerror(-error));
	} else if (counter != &user_cycles && !perf_has_pmu(&pmu)) {
		*out = pmu;
	} else if (counter == &user_cycles) {
		answer(out, "unsupported",
		       "no PMU: this machine shows its kernel no hardware counters; " EXACT);
	} else {
		answer(out, "unsupported", "this CPU's PMU has no such event; " EXACT);
	}
}

static void no_tracepoint(int error, struct perf_answer *out)
{
	if (error == -EACCES)
		answer(out, "denied", "only root may look tracepoints up in tracefs; run as root");
	else if (error == -ENODEV)
		answer(out, "unsupported",
		       "no tracefs (CONFIG_TRACING), or mount -t tracefs tracefs "
		       "/sys/kernel/tracing");
	else
		answer(out, "unsupported", "this kernel has no such tracepoint");
}

void perf_try(struct perf_counter *counter, int cpu, struct perf_answer *out)
{
	struct perf_cpu_id id;
	int error;

	*out = (struct perf_answer){.avail = "ok"};
	if (counter->type == PERF_TYPE_TRACEPOINT) {
		error = perf_tracepoint_id(perf_event(counter), &counter->config);
		if (error) {
			no_tracepoint(error, out);
			return;
		}
	}
	if (counter->type == PERF_TYPE_RAW) {
		if (!perf_has_pmu(out))
			return;
		perf_raw_cpu(&id);
		if (!perf_raw_config((enum perf_raw)counter->config, &id, &counter->config)) {
			answer(out, "unsupported",
			       "no number of this event is known of this CPU (AMD's count walks, "
			       "as dtlb_load_misses, not their cycles)");
			return;
		}
	}
	error = try_open(counter, cpu);
	if (error)
		refused(counter, cpu, error, out);
}

bool perf_has_pmu(struct perf_answer *out)
{
	int error = try_open(&user_cycles, -1);

	*out = (struct perf_answer){.avail = "ok"};
	if (error)
		refused(&user_cycles, -1, error, out);
	return !error;
}

bool perf_fits(const struct perf_list *list, const unsigned int *which, unsigned int m)
{
	struct perf_list some = {.n = m};
	unsigned int pack[PERF_COUNTERS_MAX] = {0};
	struct perf_slot *slot;

	for (unsigned int i = 0; i < m; i++)
		some.counter[i] = list->counter[which[i]];
	slot = perf_slot_open(&some, pack, 1, -1);
	perf_slot_close(slot);
	return slot;
}

static bool pack_open(struct perf_slot *slot, const struct perf_list *list,
		      const unsigned int *pack, struct perf_cpu_map *cpus)
{
	struct perf_evlist *evlist = perf_evlist__new();
	unsigned int number = slot->packs;
	int error;

	if (!evlist)
		return false;
	slot->pack[slot->packs++] = evlist;
	for (unsigned int i = 0; i < list->n; i++) {
		if (pack[i] != number)
			continue;
		slot->counter[i] = evsel_new(&list->counter[i]);
		if (!slot->counter[i])
			return false;
		perf_evlist__add(evlist, slot->counter[i]);
	}
	perf_evlist__set_maps(evlist, cpus, cpus ? NULL : self);
	perf_evlist__set_leader(evlist);
	error = perf_evlist__open(evlist);
	if (error)
		errno = -error;
	return !error;
}

struct perf_slot *perf_slot_open(const struct perf_list *list, const unsigned int *pack,
				 unsigned int packs, int cpu)
{
	struct perf_slot *slot = ready() ? calloc(1, sizeof(*slot)) : NULL;
	struct perf_cpu_map *cpus = cpu_map(cpu);
	bool opened = slot;

	if (slot)
		slot->n = list->n;
	for (unsigned int i = 0; i < packs && opened; i++)
		opened = pack_open(slot, list, pack, cpus);
	perf_cpu_map__put(cpus);
	/* A page of each, by which RDPMC may read it; where it can't, read(2) does. */
	for (unsigned int i = 0; i < list->n && opened && cpu < 0; i++)
		if (is_hardware(&list->counter[i]))
			perf_evsel__mmap(slot->counter[i], 0);
	if (!opened) {
		int error = errno;

		perf_slot_close(slot);
		errno = error;
	}
	return opened ? slot : NULL;
}

bool perf_slot_read(struct perf_slot *slot, unsigned int counter, uint64_t *value,
		    uint64_t *enabled, uint64_t *running)
{
	struct perf_counts_values counts;

	if (perf_evsel__read(slot->counter[counter], 0, 0, &counts))
		return false;
	*value = counts.val;
	*enabled = counts.ena;
	*running = counts.run;
	return true;
}

void perf_slot_close(struct perf_slot *slot)
{
	if (!slot)
		return;
	for (unsigned int i = 0; i < slot->n; i++)
		if (slot->counter[i])
			perf_evsel__munmap(slot->counter[i]);
	for (unsigned int i = 0; i < slot->packs; i++)
		perf_evlist__delete(slot->pack[i]);
	free(slot);
}

bool perf_has_rdpmc(struct perf_answer *out)
{
	const struct perf_event_mmap_page *page = NULL;
	struct perf_evsel *evsel;

	if (!perf_has_pmu(out))
		return false;
	evsel = evsel_new(&user_cycles);
	if (evsel && !perf_evsel__open(evsel, NULL, self) && !perf_evsel__mmap(evsel, 0))
		page = perf_evsel__mmap_base(evsel, 0, 0);
	if (!page || !page->cap_user_rdpmc)
		answer(out, "denied",
		       "RDPMC is off; as root, echo 1 >/sys/bus/event_source/devices/cpu/rdpmc");
	if (evsel) {
		perf_evsel__munmap(evsel);
		perf_evsel__close(evsel);
		perf_evsel__delete(evsel);
	}
	return !strcmp(out->avail, "ok");
}
