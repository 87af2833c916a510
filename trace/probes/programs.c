/* SPDX-License-Identifier: GPL-2.0-only */
/* programs.c - see programs.h. */
#include "programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stddef.h>
#include <stdlib.h>

struct program_counts programs_count(struct bpf_object *object)
{
	struct program_counts counts = {0};
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
	{
		struct bpf_prog_info info = {0};
		uint32_t size = sizeof(info);

		if (bpf_program__fd(program) < 0 ||
		    bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			continue;
		counts.missed += info.recursion_misses;
		counts.runs += info.run_cnt;
		counts.ns += info.run_time_ns;
	}
	return counts;
}

/*
 * The beginning of struct bpf_link_info of Linux 6.7's include/uapi/linux/bpf.h, in which `missed`
 * came: headers that are older have it shorter. A kernel that is older leaves what it does not know
 * as it was: 0.
 */
struct link_info {
	uint32_t type, id, program, pad;
	union {
		struct {
			uint32_t type, pad;
			uint64_t name;
			uint32_t name_length, offset;
			uint64_t address, missed;
		} perf_event;
		struct {
			uint64_t addresses;
			uint32_t count, flags;
			uint64_t missed;
		} kprobe_multi;
		uint64_t room[12];
	};
};

/* Of enum bpf_link_type and enum bpf_perf_event_type there. */
enum { LINK_PERF_EVENT = 7, LINK_KPROBE_MULTI = 8 };
enum { PERF_EVENT_KPROBE = 3, PERF_EVENT_KRETPROBE = 4 };

static uint64_t link_missed(int fd)
{
	struct link_info info = {0};
	uint32_t size = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return 0;
	if (info.type == LINK_KPROBE_MULTI)
		return info.kprobe_multi.missed;
	if (info.type == LINK_PERF_EVENT && (info.perf_event.type == PERF_EVENT_KPROBE ||
					     info.perf_event.type == PERF_EVENT_KRETPROBE))
		return info.perf_event.missed;
	return 0;
}

uint64_t programs_links_missed(const struct bpf_object_skeleton *skeleton)
{
	uint64_t missed = 0;

	for (int i = 0; i < skeleton->prog_cnt; i++)
		if (skeleton->progs[i].link && *skeleton->progs[i].link)
			missed += link_missed(bpf_link__fd(*skeleton->progs[i].link));
	return missed;
}
