/* SPDX-License-Identifier: GPL-2.0-only */
/* stacks.c - stacks with a guard page below each, in addresses of their own. */
#include "stacks.h"

#include "cpu.h"
#include "layout.h"
#include "paging.h"

#define PAGE 4096UL
/* A CPU has 32 pages of addresses. */
#define PAGES_OF_CPU 32

/*
 * In pages from the beginning of the CPU's; the page before each is the guard. Making
 * a core takes 20 KiB (tri_core_init() has a list of runs), a report of a fault some 3 KiB.
 */
static const struct {
	unsigned int first, pages;
} places[STACK_KINDS] = {
	[STACK_WORK] = {1, 12},
	[STACK_DOUBLE_FAULT] = {14, 2},
	[STACK_NMI] = {17, 2},
	[STACK_MACHINE_CHECK] = {20, 2},
};

/* Which CPUs' are mapped: those below. */
static unsigned int mapped_cpus;

static uintptr_t place(unsigned int cpu, unsigned int page)
{
	return PAGING_STACKS + ((uintptr_t)cpu * PAGES_OF_CPU + page) * PAGE;
}

uintptr_t stack_top(unsigned int cpu, enum stack_kind kind)
{
	return place(cpu, places[kind].first + places[kind].pages);
}

bool stacks_map(unsigned int cpu)
{
	unsigned int kind, i;

	for (kind = 0; kind < STACK_KINDS; kind++) {
		char *pages = memory_alloc(places[kind].pages * PAGE);

		if (!pages)
			return false;
		for (i = 0; i < places[kind].pages; i++)
			if (paging_map_stack(place(cpu, places[kind].first + i), pages + i * PAGE))
				return false;
	}
	mapped_cpus = cpu + 1;
	return true;
}

bool stack_holds(uintptr_t addr)
{
	unsigned int cpu, kind;

	for (cpu = 0; cpu < mapped_cpus; cpu++)
		for (kind = 0; kind < STACK_KINDS; kind++)
			if (addr >= place(cpu, places[kind].first) &&
			    addr <= stack_top(cpu, kind) - 16)
				return true;
	return false;
}

bool stack_overflown(uintptr_t addr, unsigned int cpu)
{
	return addr / PAGE == place(cpu, places[STACK_WORK].first - 1) / PAGE;
}
