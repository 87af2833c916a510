/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_slab_memory.c - what each slab policy holds for what was asked: frames held, in bytes,
 * over bytes requested from kmalloc and not yet freed. Deterministic: same seed, same trace.
 *
 * A trace fills up to its number of live objects, replaces ten times as many at random, then
 * frees 9 in 10 at random: "live" is after the replacements, "sparse" after the frees, "shrunk"
 * after the caches gave back what they could. Frames the core held before are not counted;
 * arrays and sheaves are. Each call comes from a random CPU.
 */
#include <stdio.h>
#include <string.h>

#include "model_platform.h"

#define MOST_LIVE 40000

static const struct arm {
	const char *name, *slab, *sheaves;
} arms[] = {
	{"slub", "slub", "off"},
	{"slub, sheaves", "slub", "on"},
	{"slab", "slab", "off"},
	{"slob", "slob", "off"},
};

/* Sizes are uniform in their logarithm from one power of two to another, or all the same. */
static const struct trace {
	const char *name;
	unsigned int low, high;
	unsigned long same, live;
	unsigned int cpus;
} traces[] = {
	{"8 to 256", 3, 8, 0, MOST_LIVE, 2},  {"8 to 2048", 3, 11, 0, MOST_LIVE, 2},
	{"8 to 8192", 3, 13, 0, 20000, 2},    {"all 40", 0, 0, 40, MOST_LIVE, 2},
	{"all 600", 0, 0, 600, MOST_LIVE, 2}, {"8 to 2048", 3, 11, 0, 2000, 2},
	{"8 to 2048", 3, 11, 0, 2000, 64},
};

struct held {
	void *object;
	unsigned long bytes;
};

struct world {
	struct tri_core *core;
	uint64_t random;
	unsigned long asked, before;
	const struct trace *trace;
	struct held held[MOST_LIVE];
};

static unsigned long size_from(struct world *world)
{
	const struct trace *trace = world->trace;
	unsigned long base;

	if (trace->same)
		return trace->same;
	base = 1UL << (trace->low + test_below(&world->random, trace->high - trace->low));
	return base + test_below(&world->random, base) + 1;
}

static void replace(struct world *world, struct held *held, unsigned long bytes)
{
	plat_slot = (unsigned int)test_below(&world->random, world->trace->cpus);
	tri_kfree(held->object);
	world->asked += bytes - held->bytes;
	held->bytes = bytes;
	held->object = bytes ? tri_kmalloc(bytes, TRI_GFP_KERNEL) : NULL;
	if (bytes && !held->object)
		abort();
	plat_slot = 0;
}

static unsigned long frames_used(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames - status.frames_free;
}

static double ratio(const struct world *world)
{
	unsigned long frames = frames_used(world->core) - world->before;

	return (double)(frames * TRI_PAGE_SIZE) / (double)world->asked;
}

static void shrink_all(struct tri_core *core)
{
	for (unsigned int i = TRI_MAX_CACHES; i > 0; i--) {
		if (core->slab.cache[i])
			tri_kmem_cache_shrink(core->slab.cache[i]);
	}
}

static void run(const struct trace *trace, const struct arm *arm)
{
	static struct world world;
	struct tri_config config;
	double live, sparse;

	memset(&world, 0, sizeof(world));
	world.random = 1;
	world.trace = trace;
	model_config(&config, trace->cpus, 1UL << 16, 4UL << 20);
	if (tri_config_set(&config, "slab", arm->slab) ||
	    tri_config_set(&config, "sheaves", arm->sheaves))
		abort();
	world.core = model_start(&config);
	world.before = frames_used(world.core);
	for (unsigned long i = 0; i < trace->live; i++)
		replace(&world, &world.held[i], size_from(&world));
	for (unsigned long i = 0; i < 10 * trace->live; i++)
		replace(&world, &world.held[test_below(&world.random, trace->live)],
			size_from(&world));
	live = ratio(&world);
	for (unsigned long i = 0; i < trace->live; i++) {
		if (test_below(&world.random, 10))
			replace(&world, &world.held[i], 0);
	}
	sparse = ratio(&world);
	shrink_all(world.core);
	printf("%-9s  %7lu  %4u  %-13s  %5.2f  %6.2f  %6.2f\n", trace->name, trace->live,
	       trace->cpus, arm->name, live, sparse, ratio(&world));
	model_abandon(world.core);
}

int main(void)
{
	printf("bytes of frames held / bytes requested of kmalloc\n");
	printf("%-9s  %7s  %4s  %-13s  %5s  %6s  %6s\n", "bytes", "objects", "CPUs", "policy",
	       "live", "sparse", "shrunk");
	for (unsigned int i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
		for (unsigned int n = 0; n < sizeof(arms) / sizeof(arms[0]); n++)
			run(&traces[i], &arms[n]);
	}
	return 0;
}
