/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * selftest_vmalloc.c - a read through an address whose area was freed: until the flush the TLB
 * may still serve it, which is the price of lazy flushing; after it the CPU must fault.
 */
#include "selftest_vmalloc.h"

#include "host.h"
#include "machine.h"

#define WRITTEN 0x7472696dUL

/* Not inlined: the place the backtrace of the fault names. */
static __attribute__((noinline)) unsigned long read_freed(const unsigned long *at)
{
	return *(const volatile unsigned long *)at;
}

int selftest_use_after_free(const char *when)
{
	bool purge = !strcmp(when, "purged");
	struct tri_config config;
	struct tri_core *core;
	volatile unsigned long *area;

	if (!purge && strcmp(when, "lazy")) {
		host_error("selftest use-after-free %s: give lazy or purged", when);
		return 2;
	}
	tri_config_default(&config);
	config.cpus = 1;
	host_param_set("memory", "16M");
	host_param_set("window", "64M");
	core = host_core_create(&config);
	if (!core)
		return 1;
	plat_set_core(core);
	area = tri_vmalloc(3 * TRI_PAGE_SIZE);
	if (!area) {
		host_error("selftest use-after-free: no area");
		return 1;
	}
	area[0] = WRITTEN;
	tri_vfree((void *)area);
	if (purge)
		tri_vmalloc_purge();
	words_printf("selftest use-after-free: read %lx from %p, freed %s",
		     read_freed((const unsigned long *)area), (void *)area,
		     purge ? "and flushed" : "and not yet flushed");
	return host_core_destroy(core) ? 1 : 0;
}
