/* SPDX-License-Identifier: GPL-2.0-only */
/* simulator.c - lists of a set's pages in order of use; see simulator.h. */
#include "simulator.h"

#include "trace.h"

#include <assert.h>
#include <stdlib.h>

#define CPUS 64
#define SETS 256 /* at most */

struct line {
	struct line *next;
	uint64_t page; /* number, in pages of its size */
	unsigned int size, pcid;
	bool global;
};

struct list {
	struct line *front[SETS]; /* of each set */
	unsigned int ways, sets;
};

struct cpu {
	struct list tlb[2][3]; /* by level and size */
	struct list upper[3];  /* PML4E, PDPTE, PDE */
	unsigned int pcid;
};

/* What is looked for, or dropped. */
struct wanted {
	const struct cpu *cpu;
	uint64_t first, last; /* 4 KiB pages */
	bool others;	      /* of other PCIDs too */
	bool spare_global;
};

static struct list *list_of(struct cpu *cpu, int level, unsigned int size)
{
	return cpu->tlb[level][size].ways ? &cpu->tlb[level][size] : &cpu->tlb[level][0];
}

/* The line for a page, then in front; NULL: none. */
static struct line *use(struct list *list, uint64_t page, unsigned int size, unsigned int pcid)
{
	struct line **front = &list->front[page % list->sets];

	for (struct line **at = front; *at; at = &(*at)->next) {
		struct line *line = *at;

		if (line->page != page || line->size != size ||
		    (!line->global && line->pcid != pcid))
			continue;
		*at = line->next;
		line->next = *front;
		*front = line;
		return line;
	}
	return NULL;
}

/* A new line in front; of a full set the line furthest back goes. */
static void insert(struct list *list, uint64_t page, unsigned int size, unsigned int pcid,
		   bool global)
{
	struct line **front = &list->front[page % list->sets], **last = NULL, *line;
	unsigned int members = 0;

	if (!list->ways)
		return;
	for (struct line **at = front; *at; at = &(*at)->next) {
		members++;
		last = at;
	}
	if (members == list->ways) {
		line = *last;
		*last = line->next;
		free(line);
	}
	line = malloc(sizeof(*line));
	*line = (struct line){*front, page, size, pcid, global};
	*front = line;
}

static bool goes(const struct line *line, const struct wanted *wanted)
{
	uint64_t first = line->page << 9 * line->size;
	uint64_t last = first + (1UL << 9 * line->size) - 1;

	if (line->global ? wanted->spare_global
			 : line->pcid != wanted->cpu->pcid && !wanted->others)
		return false;
	return first <= wanted->last && last >= wanted->first;
}

static uint64_t discard_of_set(struct line **at, const struct wanted *wanted)
{
	uint64_t n = 0;

	while (*at) {
		struct line *line = *at;

		if (wanted && !goes(line, wanted)) {
			at = &line->next;
			continue;
		}
		*at = line->next;
		free(line);
		n++;
	}
	return n;
}

/* NULL: all, whatever they are. */
static uint64_t discard(struct list *list, const struct wanted *wanted)
{
	uint64_t n = 0;

	for (unsigned int set = 0; set < list->sets; set++)
		n += discard_of_set(&list->front[set], wanted);
	return n;
}

/* Upper entries know no global bit and no range: those of the PCID go. */
static uint64_t flush(struct cpu *cpu, const struct wanted *wanted)
{
	struct wanted uppers = {cpu, 0, UINT64_MAX, wanted->others, false};
	uint64_t n = 0;

	for (int i = 0; i < 3; i++) {
		discard(&cpu->upper[i], &uppers);
		n += discard(&cpu->tlb[0][i], wanted);
		n += discard(&cpu->tlb[1][i], wanted);
	}
	return n;
}

static void empty(struct cpu *cpu)
{
	for (int i = 0; i < 3; i++) {
		discard(&cpu->upper[i], NULL);
		discard(&cpu->tlb[0][i], NULL);
		discard(&cpu->tlb[1][i], NULL);
	}
}

static struct line *look_up(struct cpu *cpu, int level, uint64_t page)
{
	struct line *line = NULL;

	for (unsigned int size = 0; size < 3 && !line; size++)
		line = use(list_of(cpu, level, size), page >> 9 * size, size, cpu->pcid);
	return line;
}

/* @reads entries in all; those above the last one may be cached. */
static uint64_t steps(struct cpu *cpu, uint64_t page, unsigned int reads)
{
	unsigned int start = reads - 1;

	while (start > 0 && !use(&cpu->upper[start - 1], page >> 9 * (4 - start), 0, cpu->pcid))
		start--;
	for (unsigned int i = start; i < reads - 1; i++)
		insert(&cpu->upper[i], page >> 9 * (3 - i), 0, cpu->pcid, false);
	return reads - start;
}

static void touch(struct cpu *cpu, uint64_t page, uint64_t event, struct tlb_counts *counts)
{
	unsigned int detail = event >> 9 & 7, size = detail & 3;
	bool unmapped = (event & 7) == TRACE_UNMAPPED, global = detail & 4;
	struct line *line;

	if (look_up(cpu, 0, page))
		return;
	counts->dtlb_misses++;
	line = look_up(cpu, 1, page);
	if (line) {
		size = line->size;
		global = line->global;
	} else {
		counts->stlb_misses++;
		counts->walk_steps += steps(cpu, page, unmapped ? detail + 1 : 4 - size);
		if (unmapped)
			return;
		insert(list_of(cpu, 1, size), page >> 9 * size, size, cpu->pcid, global);
	}
	insert(list_of(cpu, 0, size), page >> 9 * size, size, cpu->pcid, global);
}

static void set_up(struct list *list, const struct tlb_geometry *geometry)
{
	list->ways = geometry->ways;
	list->sets = geometry->ways ? geometry->entries / geometry->ways : 1;
	assert(list->sets <= SETS);
}

struct tlb_counts simulate(const struct tlb_shape *shape, const uint64_t *events, size_t n)
{
	struct cpu *cpus = calloc(CPUS, sizeof(*cpus));
	struct tlb_counts counts = {0};

	for (int i = 0; i < CPUS; i++) {
		for (int size = 0; size < 3; size++) {
			set_up(&cpus[i].tlb[0][size], &shape->cache[TLB_DTLB + size]);
			set_up(&cpus[i].tlb[1][size], &shape->cache[TLB_STLB + size]);
			set_up(&cpus[i].upper[2 - size], &shape->cache[TLB_PDE + size]);
		}
	}
	for (size_t i = 0; i < n; i++) {
		struct cpu *cpu = &cpus[events[i] >> 3 & 63];
		uint64_t page = (events[i] & ((1UL << 57) - 1)) >> 12;
		struct wanted wanted = {cpu, page, page, false, false};

		switch (events[i] & 7) {
		case TRACE_EMPTY:
			empty(cpu);
			break;
		case TRACE_ACCESS:
		case TRACE_UNMAPPED:
			touch(cpu, page, events[i], &counts);
			break;
		case TRACE_DROP_RANGE:
			wanted.last = (events[++i] & ((1UL << 57) - 1)) >> 12;
			/* fall through */
		case TRACE_DROP_PAGE:
			counts.dropped += flush(cpu, &wanted);
			break;
		case TRACE_CR3:
			cpu->pcid = events[i] >> 12 & 4095;
			wanted = (struct wanted){cpu, 0, UINT64_MAX, false, true};
			if (!(events[i] >> 63))
				counts.dropped += flush(cpu, &wanted);
			break;
		case TRACE_DROP_ALL:
			wanted = (struct wanted){cpu, 0, UINT64_MAX, true, false};
			counts.dropped += flush(cpu, &wanted);
			break;
		}
	}
	for (int i = 0; i < CPUS; i++)
		empty(&cpus[i]);
	free(cpus);
	return counts;
}
