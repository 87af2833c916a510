/* SPDX-License-Identifier: GPL-2.0-only */
/* probes.h - the probes of kmem.bpf.c in the kernel that runs: put in, read, taken out. */
#ifndef TRACE_PROBES_H
#define TRACE_PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kmem.h"

/* What is to be recorded; frees come with either kind of object, and with pages. */
struct probes_wanted {
	bool kmalloc, cache, pages;
};

struct probes;

typedef void (*probes_event)(void *arg, const struct kmem_event *event);

/*
 * Load them, with a ring of @ring_bytes (a power of two, of whole pages), and attach none.
 * Each event goes to @event, by probes_drain(). NULL: @why says in one line what is missing.
 */
struct probes *probes_open(const struct probes_wanted *wanted, size_t ring_bytes,
			   probes_event event, void *arg, char *why, size_t why_size);
/* From here on events come. 0, or -1 and @why. */
int probes_attach(struct probes *probes, char *why, size_t why_size);
/* Hand on what has come until now; returns how many events that were. */
long probes_drain(struct probes *probes);
/* From here on none come; what came is to be drained yet. */
void probes_detach(struct probes *probes);
/* Sums over all CPUs, any time. */
void probes_counts(struct probes *probes, struct kmem_counts *counts);
/* Events that an interrupt brought while the same probe ran on that CPU: the kernel skips them. */
uint64_t probes_missed(struct probes *probes);
/* What cache lies at @cache? False: unknown. */
bool probes_cache(struct probes *probes, uint64_t cache, struct kmem_cache_about *about);
/* Bytes of a struct page. */
uint32_t probes_page_struct(const struct probes *probes);
void probes_close(struct probes *probes);

#endif /* TRACE_PROBES_H */
