/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmcore.c - the memory core's own points (mmcore/events.def): how often each is passed, how large
 * and how long; singly, what a timeline shows.
 *
 * In user space they are the USDT probes trimm:NAME of the case's own program, in a Linux guest the
 * module's tracepoints trimm:NAME. A process that comes to a USDT probe enters the kernel: that is
 * most of what a hit costs. So without --set=mmcore.points= those that an operation may pass each
 * time are left out.
 */
#include "mmcore.h"
#include "../point_shown.h"
#include "mmcore.skel.h"
#include "probe.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

/* Where the module's are, if it is loaded. */
#define MODULE "/sys/module/trimm"

/* Of which a run of a workload has about as many as operations, or more. */
static const char *const frequent[] = {
	"pages_split", "pages_merge", "table_map",  "table_unmap", "area_alloc",    "area_free",
	"slab_refill", "slab_flush",  "sheaf_fill", "sheaf_flush", "vrealloc_grow",
};

struct mmcore_run {
	struct mmcore *skeleton;
	bool chosen[TRI_POINT_COUNT];
	struct bpf_link *links[TRI_POINT_COUNT];
};

/* --- Points --- */

static int point_of(const char *name)
{
	for (int i = 0; i < TRI_POINT_COUNT; i++)
		if (!strcmp(point_info[i].name, name))
			return i;
	return -1;
}

static bool is_frequent(const char *name)
{
	for (unsigned int i = 0; i < sizeof(frequent) / sizeof(*frequent); i++)
		if (!strcmp(frequent[i], name))
			return true;
	return false;
}

/* By mmcore.points: names, or "all". */
static int choose(struct probe_run *run, struct mmcore_run *mmcore)
{
	const char *names = probe_word(run->options, "mmcore", "points");
	char copy[512], *save = NULL;
	unsigned int n = 0;

	if (!names || !strcmp(names, "all")) {
		for (int i = 0; i < TRI_POINT_COUNT; i++)
			mmcore->chosen[i] = names || !is_frequent(point_info[i].name);
		return 0;
	}
	snprintf(copy, sizeof(copy), "%s", names);
	for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
		int point = point_of(name);

		if (point < 0) {
			snprintf(run->why, sizeof(run->why),
				 "mmcore.points=%.80s: no such point; `all`, or names of "
				 "mmcore/events.def: purge,flush_range",
				 name);
			return -EINVAL;
		}
		mmcore->chosen[point] = true;
		n++;
	}
	if (n)
		return 0;
	snprintf(run->why, sizeof(run->why), "mmcore.points=: name a point, or `all`");
	return -EINVAL;
}

static bool is_module(const struct probe_run *run)
{
	return !strcmp(run->how, "raw_tp");
}

static struct bpf_program *program_of(const struct probe_run *run, int point, bool module)
{
	const struct mmcore_run *mmcore = run->object;
	char name[64];

	snprintf(name, sizeof(name), "%s_%s", module ? "module" : "user", point_info[point].name);
	return bpf_object__find_program_by_name(mmcore->skeleton->obj, name);
}

/* --- To begin --- */

/* Ticks and ns at one moment, the best of some. */
static void moment(uint64_t *ticks, uint64_t *ns)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 16; i++) {
		struct timespec now;
		uint64_t before = __rdtsc(), after;

		clock_gettime(CLOCK_MONOTONIC, &now);
		after = __rdtsc();
		if (after - before >= least)
			continue;
		least = after - before;
		*ticks = before + least / 2;
		*ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	}
}

/*
 * What targets count in (plat_ticks()) is this CPU's time-stamp counter. In 20 ms it is known to
 * some 10^-5.
 */
static uint64_t measure_tick(void)
{
	const struct timespec wait = {.tv_nsec = 20000000};
	uint64_t ticks[2] = {0, 0}, ns[2] = {0, 0};

	moment(&ticks[0], &ns[0]);
	nanosleep(&wait, NULL);
	moment(&ticks[1], &ns[1]);
	if (ticks[1] <= ticks[0])
		return 0;
	return ((ns[1] - ns[0]) << MMCORE_TICK_SHIFT) / (ticks[1] - ticks[0]);
}

/* As many keys as there can be: a histogram for each field, a sum for each CPU. */
static void set_room(const struct mmcore_run *mmcore)
{
	const struct mmcore *skeleton = mmcore->skeleton;
	unsigned int fields = 0, points = 0;

	for (int i = 0; i < TRI_POINT_COUNT; i++) {
		points += mmcore->chosen[i];
		fields += mmcore->chosen[i] ? point_info[i].fields : 0;
	}
	fields *= TRACE_ARMS;
	points *= TRACE_ARMS * (unsigned int)libbpf_num_possible_cpus();
	bpf_map__set_max_entries(skeleton->maps.histogram_keys, fields);
	bpf_map__set_max_entries(skeleton->maps.histograms, fields);
	bpf_map__set_max_entries(skeleton->maps.sum_keys, points);
	bpf_map__set_max_entries(skeleton->maps.sums, points);
}

static int open_mmcore(struct probe_run *run)
{
	struct mmcore_run *mmcore = calloc(1, sizeof(*mmcore));
	int err;

	if (!mmcore)
		return -ENOMEM;
	run->object = mmcore;
	err = choose(run, mmcore);
	if (err)
		return err;
	mmcore->skeleton = mmcore__open();
	if (!mmcore->skeleton)
		return -errno;
	run->skeleton = mmcore->skeleton->skeleton;
	run->how = !probe_word(run->options, "mmcore", "binary") && !access(MODULE, F_OK) ? "raw_tp"
											  : "usdt";
	for (int i = 0; i < TRI_POINT_COUNT; i++) {
		bpf_program__set_autoload(program_of(run, i, false),
					  mmcore->chosen[i] && !is_module(run));
		bpf_program__set_autoload(program_of(run, i, true),
					  mmcore->chosen[i] && is_module(run));
	}
	mmcore->skeleton->rodata->with_stacks = run->options->stacks;
	mmcore->skeleton->rodata->with_events = run->options->events;
	mmcore->skeleton->rodata->ns_of_tick = measure_tick();
	set_room(mmcore);
	return 0;
}

static void close_mmcore(struct probe_run *run)
{
	struct mmcore_run *mmcore = run->object;

	mmcore__destroy(mmcore->skeleton);
	free(mmcore);
}

/* --- In and out --- */

static void detach_mmcore(struct probe_run *run)
{
	struct mmcore_run *mmcore = run->object;

	for (int i = 0; i < TRI_POINT_COUNT; i++) {
		bpf_link__destroy(mmcore->links[i]);
		mmcore->links[i] = NULL;
	}
}

/* Of the module if @binary is NULL. */
static int attach_to(struct probe_run *run, const char *binary)
{
	struct mmcore_run *mmcore = run->object;
	const int process = run->options->process ? (int)run->options->process : -1;

	for (int i = 0; i < TRI_POINT_COUNT; i++) {
		struct bpf_program *program = program_of(run, i, !binary);
		const char *name = point_info[i].name;

		if (!mmcore->chosen[i])
			continue;
		mmcore->links[i] = binary ? bpf_program__attach_usdt(program, process, binary,
								     "trimm", name, NULL)
					  : bpf_program__attach_raw_tracepoint(program, name);
		if (!mmcore->links[i]) {
			int err = -errno;

			detach_mmcore(run);
			return err;
		}
	}
	return 0;
}

/* The program that is beside this one. */
static bool beside(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (n < 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	return slash &&
	       snprintf(slash, size - (size_t)(slash - path), "/trimm-user") < PATH_MAX / 2;
}

/*
 * The user's file; else the case's own program; else, as at first, when there is no case yet, that
 * which will be one.
 */
static int attach_mmcore(struct probe_run *run)
{
	const char *binary = probe_word(run->options, "mmcore", "binary");
	char path[PATH_MAX];
	int err = -ENOENT;

	*run->why = '\0';
	if (is_module(run)) {
		err = attach_to(run, NULL);
		if (err == -ENOENT)
			snprintf(run->why, sizeof(run->why),
				 "the module that is loaded lacks a point's tracepoint");
		return err;
	}
	if (binary) {
		err = attach_to(run, binary);
		if (err == -ENOENT)
			snprintf(run->why, sizeof(run->why), "%.150s has no probes trimm:*",
				 binary);
		return err;
	}
	if (run->subject) {
		snprintf(path, sizeof(path), "/proc/%u/exe", run->subject);
		err = attach_to(run, path);
	}
	if (err && beside(path, sizeof(path)))
		err = attach_to(run, path);
	if (err == -ENOENT)
		snprintf(run->why, sizeof(run->why),
			 "no program with probes trimm:*; --set=mmcore.binary=FILE");
	return err;
}

/* --- What they saw --- */

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	const struct point_info *info;

	(void)run;
	if (key->a >= TRI_POINT_COUNT)
		return;
	info = &point_info[key->a];
	json_object_set_new(to, "point", json_string(info->name));
	if (sum)
		json_object_set_new(to, "cpu", json_integer((json_int_t)key->b));
	else if (key->b < info->fields)
		json_object_set_new(to, "field", json_string(info->field[key->b].name));
}

/* What it took is its length, not one of its arguments. */
static void name_event(const struct probe_run *run, const struct trace_event *event, json_t *args)
{
	const struct point_info *info = &point_info[event->what];

	(void)run;
	for (unsigned int i = 0; i < info->fields; i++)
		if (info->field[i].type != POINT_ticks)
			json_object_set_new(args, info->field[i].name,
					    point_shown(info->field[i].type, event->arg[i]));
}

const struct probe probe_mmcore = {
	.name = "mmcore",
	.about = "the core's own points: flushes, purges, refills, slow paths; "
		 "--set=mmcore.points=all",
	.open = open_mmcore,
	.close = close_mmcore,
	.attach = attach_mmcore,
	.detach = detach_mmcore,
	.histograms = (const struct probe_metric[]){{"took", "ns", NULL, NULL},
						    {"pages", "pages", NULL, NULL},
						    {"bytes", "bytes", NULL, NULL},
						    {"order", "order", NULL, NULL},
						    {"count", "objects", NULL, NULL},
						    {"cpus", "cpus", NULL, NULL},
						    {0}},
	.sums = (const struct probe_metric[]){{"passed", "events", NULL, NULL}, {0}},
	.stacks = (const struct probe_metric[]){{"passed", "events", NULL, NULL}, {0}},
	.singly = true,
	.events =
		(const char *const[]){
#define POINT1(name, ...) #name,
#define POINT2(name, ...) #name,
#define POINT3(name, ...) #name,
#define POINT4(name, ...) #name,
#include "events.def"
			NULL,
		},
	.name_key = name_key,
	.name_event = name_event,
};
