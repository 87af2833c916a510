/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * faults.c - page faults, by tracepoints exceptions:page_fault_user and page_fault_kernel.
 *
 * No tracepoint says that a fault is over. But the kernel counts it then, as minor or major, in
 * mm_account_fault(), which is also perf's software event: a program on that, on every CPU, has the
 * time from the one to the other. What it leaves out is the way into the kernel and back, some
 * 100 ns; and faults that end in a signal. Where perf's events are refused there are counts alone.
 */
#include "faults.h"
#include "faults.skel.h"
#include "perf_fd.h"
#include "probe.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <perf/core.h>
#include <perf/cpumap.h>
#include <perf/evsel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Two events on each CPU. */
struct faults_run {
	struct faults *skeleton;
	struct bpf_link **links;
	int room, count;
};

static int say_nothing(enum libperf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static struct perf_evsel *new_event(uint64_t config)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = config,
		.sample_period = 1,
	};

	return perf_evsel__new(&attr);
}

/* False: not here; @run->why says what is missing then. */
static bool ends_can_be_seen(struct probe_run *run)
{
	struct perf_evsel *event = new_event(PERF_COUNT_SW_PAGE_FAULTS_MIN);
	struct perf_cpu_map *cpus = perf_cpu_map__new(NULL);
	int err = event && cpus ? perf_evsel__open(event, cpus, NULL) : -ENOMEM;

	if (err)
		snprintf(run->why, sizeof(run->why),
			 "no latency: the kernel refuses perf's event page-faults-min: %s",
			 strerror(-err));
	else
		perf_evsel__close(event);
	perf_evsel__delete(event);
	perf_cpu_map__put(cpus);
	return !err;
}

static int open_faults(struct probe_run *run)
{
	struct faults_run *faults = calloc(1, sizeof(*faults));

	if (!faults)
		return -ENOMEM;
	run->object = faults;
	libperf_init(say_nothing);
	faults->room = 2 * libbpf_num_possible_cpus();
	faults->links = calloc((size_t)faults->room, sizeof(struct bpf_link *));
	faults->skeleton = faults->links ? faults__open() : NULL;
	if (!faults->skeleton)
		return -errno;
	faults->skeleton->rodata->with_stacks = run->options->stacks;
	faults->skeleton->rodata->with_events = run->options->events;
	faults->skeleton->rodata->with_ends = ends_can_be_seen(run);
	run->skeleton = faults->skeleton->skeleton;
	run->how = "raw_tp";
	return 0;
}

static void close_faults(struct probe_run *run)
{
	struct faults_run *faults = run->object;

	faults__destroy(faults->skeleton);
	free(faults->links);
	free(faults);
}

/* The link has a descriptor of its own. */
static int add_link(struct faults_run *faults, struct bpf_program *program,
		    const struct perf_evsel *event, int index)
{
	const int fd = faults->count < faults->room ? perf_fd(event, index) : -ENOSPC;
	struct bpf_link *link;

	if (fd < 0)
		return fd;
	link = bpf_program__attach_perf_event(program, fd);
	if (!link) {
		int err = -errno;

		close(fd);
		return err;
	}
	faults->links[faults->count++] = link;
	return 0;
}

/* On all CPUs that are up. */
static int add_event(struct faults_run *faults, struct bpf_program *program, uint64_t config)
{
	struct perf_evsel *event = new_event(config);
	struct perf_cpu_map *cpus = perf_cpu_map__new(NULL);
	int err = event && cpus ? perf_evsel__open(event, cpus, NULL) : -ENOMEM;

	if (!err) {
		for (int i = 0; !err && i < perf_cpu_map__nr(cpus); i++)
			err = add_link(faults, program, event, i);
		perf_evsel__close(event);
	}
	perf_evsel__delete(event);
	perf_cpu_map__put(cpus);
	return err;
}

static int attach_faults(struct probe_run *run)
{
	struct faults_run *faults = run->object;
	struct faults *skeleton = faults->skeleton;

	if (!skeleton->rodata->with_ends)
		return 0;
	return add_event(faults, skeleton->progs.on_minor, PERF_COUNT_SW_PAGE_FAULTS_MIN)
		       ?: add_event(faults, skeleton->progs.on_major,
				    PERF_COUNT_SW_PAGE_FAULTS_MAJ);
}

static void detach_faults(struct probe_run *run)
{
	struct faults_run *faults = run->object;

	while (faults->count)
		bpf_link__destroy(faults->links[--faults->count]);
}

static void name_kind(uint64_t kind, json_t *to)
{
	json_object_set_new(to, "access",
			    json_string(kind & FAULTS_EXECUTE ? "execute"
					: kind & FAULTS_WRITE ? "write"
							      : "read"));
	json_object_set_new(to, "page",
			    json_string(kind & FAULTS_PRESENT ? "protected" : "absent"));
	json_object_set_new(to, "by", json_string(kind & FAULTS_KERNEL ? "kernel" : "user"));
}

static void name_end(uint64_t kind, json_t *to)
{
	json_object_set_new(to, "fault", json_string(kind & FAULTS_MAJOR ? "major" : "minor"));
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	(void)run;
	if (sum && key->what != FAULTS_ALL)
		return;
	name_kind(key->a, to);
	if (!sum)
		name_end(key->a, to);
}

static void name_event(const struct probe_run *run, const struct trace_event *event, json_t *args)
{
	char address[24];

	(void)run;
	name_kind(event->arg[0], args);
	if (event->length_ns)
		name_end(event->arg[0], args);
	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)event->arg[1]);
	json_object_set_new(args, "address", json_string(address));
	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)event->arg[2]);
	json_object_set_new(args, "from", json_string(address));
}

const struct probe probe_faults = {
	.name = "faults",
	.about = "page faults: access, page, user or kernel, and how long each took",
	.open = open_faults,
	.close = close_faults,
	.attach = attach_faults,
	.detach = detach_faults,
	.histograms = (const struct probe_metric[]){{"latency", "ns", NULL, NULL}, {0}},
	.sums = (const struct probe_metric[]){{"faults", "faults", NULL, NULL},
					      {"minor_faults", "faults", NULL, NULL},
					      {"major_faults", "faults", NULL, NULL},
					      {0}},
	.stacks = (const struct probe_metric[]){{"faults", "faults", NULL, NULL}, {0}},
	.events = (const char *const[]){"fault", NULL},
	.name_key = name_key,
	.name_event = name_event,
};
