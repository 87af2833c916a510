/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perfetto.c - see perfetto.h.
 *
 * Slices of one track have to nest (perfetto.dev/docs/faq): what a task that slept has in common
 * with what its CPU did meanwhile goes to another lane of that CPU. Nothing is kept but the ends of
 * lanes, for a trace can be longer than memory. Lanes suppose that events come about in the order
 * of their ends, as they are written when they end; where one does not, it gets another lane.
 */
#include "perfetto.h"
#include "trace_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lanes of a CPU; what fits in none of them goes to the last. */
#define LANES 8
/* Between two values of one counter, at least: so often a screen can show. */
#define COUNTER_NS 1000000

struct lane {
	bool named;
	uint64_t before;     /* end of what came before the last slice that no other holds */
	uint64_t start, end; /* that slice */
};

struct counted {
	char *name;
	int process;
	uint64_t n, shown_n, shown_ns;
};

struct process {
	char *name;
	size_t nr_cpus;
	struct lane (*lanes)[LANES]; /* of each CPU */
};

struct perfetto {
	FILE *out;
	bool begun;
	size_t nr_processes, nr_counted;
	struct process *processes;
	struct counted *counted;
};

struct perfetto *perfetto_open(FILE *out)
{
	struct perfetto *perfetto = calloc(1, sizeof(*perfetto));

	if (!perfetto)
		return NULL;
	perfetto->out = out;
	fputs("[", out);
	return perfetto;
}

static void put(struct perfetto *perfetto, json_t *event)
{
	fputs(perfetto->begun ? ",\n" : "\n", perfetto->out);
	perfetto->begun = true;
	json_dumpf(event, perfetto->out, JSON_COMPACT | JSON_REAL_PRECISION(16));
	json_decref(event);
}

static double microseconds(uint64_t ns)
{
	return (double)ns / 1000;
}

static void put_name(struct perfetto *perfetto, const char *what, int pid, int tid,
		     const char *name)
{
	put(perfetto, json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "ph", "M", "name", what, "pid",
				pid, "tid", tid, "args", "name", name));
}

/* A process number, from 1: 0 is the idle task's to viewers; 0 where there is no memory. */
static int process_of(struct perfetto *perfetto, const char *name)
{
	size_t n = perfetto->nr_processes;
	struct process *grown;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(perfetto->processes[i].name, name))
			return (int)i + 1;
	grown = reallocarray(perfetto->processes, n + 1, sizeof(*grown));
	if (!grown)
		return 0;
	perfetto->processes = grown;
	grown[n] = (struct process){.name = strdup(name)};
	if (!grown[n].name)
		return 0;
	perfetto->nr_processes++;
	put_name(perfetto, "process_name", (int)n + 1, 0, name);
	return (int)n + 1;
}

static struct lane *lanes_of(struct process *process, size_t cpu)
{
	struct lane(*grown)[LANES];

	if (cpu < process->nr_cpus)
		return process->lanes[cpu];
	grown = reallocarray(process->lanes, cpu + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	memset(grown + process->nr_cpus, 0, (cpu + 1 - process->nr_cpus) * sizeof(*grown));
	process->lanes = grown;
	process->nr_cpus = cpu + 1;
	return grown[cpu];
}

/* Behind the lane's last slice, in it, or around it. */
static bool lane_takes(struct lane *lane, uint64_t start, uint64_t end)
{
	if (start >= lane->end) {
		lane->before = lane->end;
	} else if (start >= lane->start && end <= lane->end) {
		return true;
	} else if (start < lane->before || start > lane->start || end < lane->end) {
		return false;
	}
	lane->start = start;
	lane->end = end;
	return true;
}

/* The thread number of the track for this slice; 0: no memory. */
static int track_of(struct perfetto *perfetto, int pid, size_t cpu, uint64_t start, uint64_t end)
{
	struct lane *lanes = lanes_of(&perfetto->processes[pid - 1], cpu);
	size_t at = 0;
	char name[32];
	int tid;

	if (!lanes)
		return 0;
	while (at < LANES - 1 && !lane_takes(&lanes[at], start, end))
		at++;
	tid = (int)(cpu * LANES + at + 1);
	if (lanes[at].named)
		return tid;
	lanes[at].named = true;
	if (at)
		snprintf(name, sizeof(name), "CPU %zu (%zu)", cpu, at + 1);
	else
		snprintf(name, sizeof(name), "CPU %zu", cpu);
	put_name(perfetto, "thread_name", pid, tid, name);
	put(perfetto,
	    json_pack("{s:s, s:s, s:i, s:i, s:{s:i}}", "ph", "M", "name", "thread_sort_index",
		      "pid", pid, "tid", tid, "args", "sort_index", tid));
	return tid;
}

static void put_counter(struct perfetto *perfetto, int pid, const char *name, double value,
			uint64_t at_ns)
{
	put(perfetto, json_pack("{s:s, s:s, s:i, s:f, s:{s:f}}", "ph", "C", "name", name, "pid",
				pid, "ts", microseconds(at_ns), "args", "value", value));
}

/* How many events of this name there were, now and then. */
static void count_event(struct perfetto *perfetto, int pid, const char *name, uint64_t at_ns)
{
	size_t i = 0, n = perfetto->nr_counted;
	struct counted *grown, *counted;

	while (i < n &&
	       (perfetto->counted[i].process != pid || strcmp(perfetto->counted[i].name, name)))
		i++;
	if (i == n) {
		grown = reallocarray(perfetto->counted, n + 1, sizeof(*grown));
		if (!grown)
			return;
		perfetto->counted = grown;
		grown[n] = (struct counted){.name = strdup(name), .process = pid};
		if (!grown[n].name)
			return;
		perfetto->nr_counted++;
	}
	counted = &perfetto->counted[i];
	counted->n++;
	if (counted->n > 1 && at_ns < counted->shown_ns + COUNTER_NS)
		return;
	counted->shown_ns = at_ns;
	counted->shown_n = counted->n;
	put_counter(perfetto, pid, name, (double)counted->n, at_ns);
}

static void add_event(struct perfetto *perfetto, const json_t *record)
{
	double at = record_number(record, "at_ns"), len = record_number(record, "len_ns");
	double cpu = record_number(record, "cpu");
	json_t *args = json_object_get(record, "args"), *event, *all;
	int pid = process_of(perfetto, record_probe(record)), tid;
	uint64_t start, end;

	if (isnan(at) || at < 0 || !pid)
		return;
	start = (uint64_t)at;
	end = start + (len > 0 ? (uint64_t)len : 0);
	/* Of no known CPU: as if of the first. */
	tid = track_of(perfetto, pid, cpu > 0 && cpu < 65536 ? (size_t)cpu : 0, start, end);
	event = json_pack("{s:s, s:s, s:s, s:i, s:i, s:f}", "ph", isnan(len) ? "i" : "X", "name",
			  record_text(record, "name"), "cat", record_probe(record), "pid", pid,
			  "tid", tid, "ts", microseconds(start));
	if (isnan(len))
		json_object_set_new(event, "s", json_string("t"));
	else
		json_object_set_new(event, "dur", json_real(microseconds(end - start)));
	all = args ? json_copy(args) : json_object();
	if (json_object_get(record, "tid"))
		json_object_set(all, "tid", json_object_get(record, "tid"));
	json_object_set_new(event, "args", all);
	put(perfetto, event);
	count_event(perfetto, pid, record_text(record, "name"), end);
}

static void add_counter(struct perfetto *perfetto, const json_t *record, uint64_t now_ns)
{
	double value = record_number(record, "value");
	int pid = process_of(perfetto, record_probe(record));
	char key[128], name[256];

	if (isnan(value) || !pid)
		return;
	record_key(record, key, sizeof(key));
	snprintf(name, sizeof(name), "%s%s%s", record_text(record, "name"), *key ? " " : "", key);
	put_counter(perfetto, pid, name, value, now_ns);
}

void perfetto_add(struct perfetto *perfetto, const json_t *record, uint64_t now_ns)
{
	if (record_is(record, "event"))
		add_event(perfetto, record);
	else if (record_is(record, "counter"))
		add_counter(perfetto, record, now_ns);
}

void perfetto_close(struct perfetto *perfetto)
{
	for (size_t i = 0; i < perfetto->nr_counted; i++) {
		struct counted *counted = &perfetto->counted[i];

		if (counted->shown_n != counted->n)
			put_counter(perfetto, counted->process, counted->name, (double)counted->n,
				    counted->shown_ns + COUNTER_NS);
		free(counted->name);
	}
	fputs("\n]\n", perfetto->out);
	for (size_t i = 0; i < perfetto->nr_processes; i++) {
		free(perfetto->processes[i].lanes);
		free(perfetto->processes[i].name);
	}
	free(perfetto->processes);
	free(perfetto->counted);
	free(perfetto);
}
