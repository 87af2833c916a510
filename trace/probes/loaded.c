/* SPDX-License-Identifier: GPL-2.0-only */
/* loaded.c - see loaded.h. */
#include "loaded.h"
#include "say.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TYPES "/sys/kernel/btf/vmlinux"

/* libbpf's own words, of which the last is worth a line. */
static char last_words[160];

static int listen_to_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN)
		vsnprintf(last_words, sizeof(last_words), format, args);
	last_words[strcspn(last_words, "\n")] = '\0';
	return 0;
}

void loaded_listen(void)
{
	libbpf_set_print(listen_to_libbpf);
}

static void give_up(struct loaded *probe, int err, const char *doing)
{
	struct probe_run *run = &probe->run;

	probe->status = "failed";
	if (access(TYPES, R_OK)) {
		probe->status = "unsupported";
		snprintf(run->why, sizeof(run->why),
			 "no " TYPES ": the kernel must be built with CONFIG_DEBUG_INFO_BTF=y "
			 "(and /sys mounted)");
	} else if (err == -EPERM || err == -EACCES) {
		probe->status = "denied";
		snprintf(run->why, sizeof(run->why),
			 "the kernel refuses %s: be root, or have CAP_BPF and CAP_PERFMON, and no "
			 "lockdown",
			 doing);
	} else {
		if (err == -ENOENT || err == -ESRCH)
			probe->status = "missing";
		else if (err == -EOPNOTSUPP)
			probe->status = "unsupported";
		if (!*run->why)
			snprintf(run->why, sizeof(run->why), "%s: %s%s%.150s", doing,
				 strerror(-err), *last_words ? "; libbpf: " : "", last_words);
	}
	if (!run->options->told)
		say("probe %s: %s: %s", run->probe->name, probe->status, run->why);
}

/* Stop after so many events: who fills the ring may be quicker than who empties it. */
#define DRAIN_MAX 8192

static int on_event(void *arg, void *data, size_t size)
{
	struct loaded *probe = arg;
	const struct reading_of *of = probe->draining;
	const struct trace_event *event = data;

	(void)size;
	probe->drained++;
	if (!of->out(of->arg, reading_event(probe->reading, event, of->first)))
		probe->untold[event->arm % TRACE_ARMS]++;
	return probe->drained < DRAIN_MAX ? 0 : -EAGAIN;
}

static int share_control(struct loaded *probe, int control_fd)
{
	struct bpf_map *map = bpf_object__find_map_by_name(probe->object, "control");

	return map ? bpf_map__reuse_fd(map, control_fd) : 0;
}

/* What the user says of the size of maps. */
static int set_room(struct loaded *probe, uint32_t room)
{
	static const char *const names[] = {"histogram_keys", "histograms", "sum_keys",
					    "sums",	      "stacks",	    "stack_sums"};
	int err = 0;

	for (unsigned int i = 0; room && !err && i < sizeof(names) / sizeof(*names); i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(probe->object, names[i]);

		if (map)
			err = bpf_map__set_max_entries(map, room);
	}
	return err;
}

static int load(struct loaded *probe, int control_fd)
{
	struct bpf_map *ring;
	int err = share_control(probe, control_fd);

	if (!err)
		err = set_room(probe, probe->run.options->room);
	if (!err)
		err = bpf_object__load_skeleton(probe->run.skeleton);
	if (err)
		return err;
	probe->reading = reading_open(probe->object, &probe->run);
	ring = bpf_object__find_map_by_name(probe->object, "ring");
	if (ring)
		probe->ring = ring_buffer__new(bpf_map__fd(ring), on_event, probe, NULL);
	return probe->reading && (probe->ring || !ring) ? 0 : -ENOMEM;
}

int loaded_open(struct loaded *probe, int control_fd)
{
	struct probe_run *run = &probe->run;
	int err;

	*last_words = '\0';
	err = run->probe->open(run);
	if (err == -EINVAL && *run->why) {
		say("%s", run->why);
		return -EINVAL;
	}
	if (err) {
		give_up(probe, err, "opening it");
		return 0;
	}
	probe->object = *run->skeleton->obj;
	err = load(probe, control_fd);
	if (err)
		give_up(probe, err, "loading it");
	else
		probe->status = "ok";
	return 0;
}

void loaded_close(struct loaded *probe)
{
	ring_buffer__free(probe->ring);
	reading_close(probe->reading);
	if (probe->run.object)
		probe->run.probe->close(&probe->run);
}

bool loaded_works(const struct loaded *probe)
{
	return !strcmp(probe->status, "ok");
}

static int attach(struct loaded *probe)
{
	int err = bpf_object__attach_skeleton(probe->run.skeleton);

	if (!err && probe->run.probe->attach)
		err = probe->run.probe->attach(&probe->run);
	return err;
}

void loaded_attach(struct loaded *probe)
{
	int err;

	if (!loaded_works(probe))
		return;
	err = attach(probe);
	if (!err)
		return;
	loaded_detach(probe);
	give_up(probe, err, "attaching it");
}

void loaded_detach(struct loaded *probe)
{
	if (!loaded_works(probe))
		return;
	probe->links_missed += programs_links_missed(probe->run.skeleton);
	if (probe->run.probe->detach)
		probe->run.probe->detach(&probe->run);
	bpf_object__detach_skeleton(probe->run.skeleton);
}

bool loaded_drain(struct loaded *probe, const struct reading_of *of)
{
	if (loaded_works(probe))
		reading_look(probe->reading);
	if (!probe->ring)
		return false;
	probe->drained = 0;
	probe->draining = of;
	return ring_buffer__consume(probe->ring) == -EAGAIN;
}

struct program_counts loaded_programs(const struct loaded *probe)
{
	struct program_counts counts = programs_count(probe->object);

	counts.missed += probe->links_missed + programs_links_missed(probe->run.skeleton);
	return counts;
}
