/* SPDX-License-Identifier: GPL-2.0-only */
/* programs.h - what the kernel itself counts of a probe's BPF programs. */
#ifndef TRACE_PROBES_PROGRAMS_H
#define TRACE_PROBES_PROGRAMS_H

#include <stdint.h>

struct bpf_object;
struct bpf_object_skeleton;

struct program_counts {
	/* Not run: nested in itself; by a kprobe, where the kernel says so (Linux 6.7). */
	uint64_t missed;
	uint64_t runs, ns; /* while the kernel times them (session_time()) */
};

/*
 * All programs of @object; what its links have missed, of those that are there. Numbers only grow,
 * but for links', which begin anew with each attaching.
 */
struct program_counts programs_count(struct bpf_object *object);
uint64_t programs_links_missed(const struct bpf_object_skeleton *skeleton);

#endif /* TRACE_PROBES_PROGRAMS_H */
