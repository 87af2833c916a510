/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * selftest_vmalloc.c - a read through an address whose area was freed: until the flush the TLB
 * may still serve it, which is the price of lazy flushing; after it the CPU must fault, be it the
 * one that flushed or another.
 */
#include "selftest_vmalloc.h"

#include "cpu.h"
#include "core_calls.h"
#include "host.h"
#include "machine.h"

#define WRITTEN 0x7472696dUL

static unsigned int reader; /* the CPU that reads */
static unsigned long was_read;

/* Not inlined: the place the backtrace of the fault names. */
static __attribute__((noinline)) unsigned long read_freed(const unsigned long *at)
{
	return *(const volatile unsigned long *)at;
}

static void read_there(void *area, unsigned int cpu)
{
	if (cpu == reader)
		was_read = read_freed(area);
}

static int free_and_read(bool purge)
{
	unsigned long *area = tri_vmalloc(3 * TRI_PAGE_SIZE);

	if (!area) {
		host_error("selftest use-after-free: no area");
		return 1;
	}
	area[0] = WRITTEN;
	/* Once while it lives: the reader's TLB has it. */
	cpus_run(reader + 1, read_there, area);
	tri_vfree(area);
	if (purge)
		tri_vmalloc_purge();
	cpus_run(reader + 1, read_there, area);
	words_printf("selftest use-after-free: CPU %u read %lx from %p, freed %s", reader, was_read,
		     (void *)area, purge ? "and flushed" : "and not yet flushed");
	return 0;
}

int selftest_use_after_free(const char *when)
{
	bool elsewhere = !strcmp(when, "purged-elsewhere");
	bool purge = elsewhere || !strcmp(when, "purged");
	struct tri_config config;
	struct tri_core *core;
	int code;

	if (!purge && strcmp(when, "lazy")) {
		host_error("selftest use-after-free %s: give lazy, purged or purged-elsewhere",
			   when);
		return 2;
	}
	reader = elsewhere ? cpu_count() - 1 : 0;
	tri_config_default(&config);
	config.cpus = cpu_count();
	host_param_set("memory", "16M");
	host_param_set("window", "64M");
	core = host_core_create(&core_calls_mmcore, &config);
	if (!core)
		return 1;
	plat_set_core(core);
	code = free_and_read(purge);
	return host_core_destroy(core) ? 1 : code;
}
