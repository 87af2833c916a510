/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_slab.c - what kmalloc costs under each policy, beside the allocators user programs
 * have: glibc's, and jemalloc, mimalloc and tcmalloc where they are installed.
 *
 * Every arm is called through the same pair of pointers, with flags that the others don't look
 * at: a wrapper around ours would add two taken branches to the five of a pair. Arms
 * take turns in short slices, each round beginning with another one, and the table shows the median
 * over many rounds: what disturbs the machine disturbs all arms alike.
 *
 * - pair: allocate and free one object of one size.
 * - outstanding: of 100 objects of 16 to 1024 bytes, replace one at random.
 * - remote: one thread allocates, another frees, through a ring (per object). Up to 1024 are
 *   under way, more than Linux's ten sheaves in the barn hold: barn20's do.
 * - bulk: 64 objects of a cache at once against one by one (per object, our policies only).
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "model_platform.h"

#define ROUNDS 301
#define FRAMES 16384UL
#define PAIRS  2000
#define LIVE   100
#define RING   1024
#define BATCH  64

typedef void *(*alloc_fn)(unsigned long size, tri_gfp_t gfp);
typedef void (*free_fn)(const void *memory);

struct arm {
	const char *name;
	alloc_fn alloc;
	free_fn release;
	struct tri_core *core; /* ours only */
	struct kmem_cache *cache;
	void *live[LIVE];
};

static struct arm arms[16];
static int nr_arms;
static struct tri_run runs[8];

static void add_ours(const char *slab, const char *sheaves, const char *barn, const char *name)
{
	struct tri_config config;
	struct arm *arm = &arms[nr_arms];
	size_t size;

	model_config(&config, 2, FRAMES, 4UL << 20);
	runs[nr_arms] =
		(struct tri_run){.first = 1024 + (unsigned long)nr_arms * FRAMES, .count = FRAMES};
	config.runs = &runs[nr_arms];
	tri_config_set(&config, "slab", slab);
	tri_config_set(&config, "sheaves", sheaves);
	tri_config_set(&config, "barn_sheaves", barn);
	size = tri_core_size(&config);
	*arm = (struct arm){.name = name, .alloc = tri_kmalloc, .release = tri_kfree};
	arm->core = aligned_alloc(TRI_PAGE_SIZE, size);
	memset(arm->core, 0, size);
	plat_set_core(arm->core);
	if (tri_core_init(arm->core, &config))
		abort();
	arm->cache = tri_kmem_cache_create("bench", 64, 0, TRI_SLAB_NO_MERGE, NULL);
	nr_arms++;
}

static void add_library(const char *name, const char *file, const char *alloc, const char *release)
{
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	struct arm *arm = &arms[nr_arms];

	if (!library) {
		printf("%s: skipped: %s\n", name, dlerror());
		return;
	}
	*arm = (struct arm){.name = name};
	arm->alloc = (alloc_fn)dlsym(library, alloc);
	arm->release = (free_fn)dlsym(library, release);
	if (arm->alloc && arm->release)
		nr_arms++;
}

static unsigned long pair_size;
static uint16_t sizes[4096];
static uint8_t victims[4096];

static __attribute__((noinline)) double pairs(struct arm *arm)
{
	alloc_fn alloc = arm->alloc;
	free_fn release = arm->release;
	uint64_t began = plat_ticks();

	for (int i = 0; i < PAIRS; i++)
		release(alloc(pair_size, TRI_GFP_NOWAIT));
	return (double)(plat_ticks() - began) / PAIRS;
}

static __attribute__((noinline)) double outstanding(struct arm *arm)
{
	alloc_fn alloc = arm->alloc;
	free_fn release = arm->release;
	uint64_t began = plat_ticks();

	for (int i = 0; i < 4096; i++) {
		void **slot = &arm->live[victims[i]];

		release(*slot);
		*slot = alloc(sizes[i], TRI_GFP_NOWAIT);
	}
	return (double)(plat_ticks() - began) / 4096;
}

static double singles(struct arm *arm)
{
	void *object[BATCH];
	uint64_t began = plat_ticks();

	for (int n = 0; n < 32; n++) {
		for (int i = 0; i < BATCH; i++)
			object[i] = tri_kmem_cache_alloc(arm->cache, TRI_GFP_NOWAIT);
		for (int i = 0; i < BATCH; i++)
			tri_kmem_cache_free(arm->cache, object[i]);
	}
	return (double)(plat_ticks() - began) / 32 / BATCH;
}

static double bulk(struct arm *arm)
{
	void *object[BATCH];
	uint64_t began = plat_ticks();

	for (int n = 0; n < 32; n++) {
		tri_kmem_cache_alloc_bulk(arm->cache, TRI_GFP_NOWAIT, BATCH, object);
		tri_kmem_cache_free_bulk(arm->cache, BATCH, object);
	}
	return (double)(plat_ticks() - began) / 32 / BATCH;
}

/* --- Producer and consumer, one slot of the ring each way --- */

static struct {
	void *slot[RING];
	unsigned long put __attribute__((aligned(128)));
	unsigned long got __attribute__((aligned(128)));
	struct arm *arm __attribute__((aligned(128)));
} ring;

static void *consume(void *unused)
{
	unsigned long got = 0, spins = 0;

	(void)unused;
	plat_slot = 1;
	for (;;) {
		void *memory;

		if (__atomic_load_n(&ring.put, __ATOMIC_ACQUIRE) == got) {
			plat_spin_wait(spins++);
			continue;
		}
		spins = 0;
		if (!ring.arm)
			return NULL;
		plat_set_core(ring.arm->core);
		memory = ring.slot[got % RING];
		ring.arm->release(memory);
		__atomic_store_n(&ring.got, ++got, __ATOMIC_RELEASE);
	}
}

static unsigned long produced;

static double remote(struct arm *arm)
{
	uint64_t began = plat_ticks();
	unsigned long spins = 0;

	ring.arm = arm;
	for (int i = 0; i < 8 * RING; i++) {
		void *memory = arm->alloc(pair_size, TRI_GFP_NOWAIT);

		while (produced - __atomic_load_n(&ring.got, __ATOMIC_ACQUIRE) >= RING)
			plat_spin_wait(spins++);
		spins = 0;
		*(volatile char *)memory = 1;
		ring.slot[produced % RING] = memory;
		__atomic_store_n(&ring.put, ++produced, __ATOMIC_RELEASE);
	}
	while (__atomic_load_n(&ring.got, __ATOMIC_ACQUIRE) != produced)
		plat_spin_wait(spins++);
	return (double)(plat_ticks() - began) / (8 * RING);
}

/* --- The table --- */

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median[16];

static void compare(const char *what, double (*slice)(struct arm *), int count, int rounds)
{
	static double ticks[16][ROUNDS];
	double best = 0;

	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < count; i++) {
			int a = (round + i) % count;

			plat_set_core(arms[a].core);
			ticks[a][round] = slice(&arms[a]);
		}
	}
	printf("%-14s", what);
	for (int a = 0; a < count; a++) {
		qsort(ticks[a], rounds, sizeof(double), ascending);
		median[a] = ticks[a][rounds / 2];
		if (!arms[a].core && (!best || median[a] < best))
			best = median[a];
	}
	for (int a = 0; a < count; a++) {
		printf(" %7.1f", median[a]);
		if (arms[a].core && best)
			printf(" %4.2f", median[a] / best);
	}
	printf("\n");
}

static int arm_named(const char *name)
{
	int a = 0;

	while (strcmp(arms[a].name, name))
		a++;
	return a;
}

/*
 * Beside what Linux was measured to do, in a kernel, where SLAB's every call turns interrupts
 * off and on and SLUB's does not: here that costs nothing, and SLUB's instruction does.
 */
static void print_ratios(const double *single, const double *bulk_of, int ours)
{
	int slub = arm_named("slub");

	printf("slub : slab, one by one  %.2f (Linux: 47 to 95 cycles, 0.49)\n",
	       single[slub] / single[arm_named("slab")]);
	printf("sheaves off : on         %.2f (Linux 6.18: 1.17 to 1.31)\n",
	       single[slub] / single[arm_named("sheaves")]);
	for (int a = 0; a < ours; a++)
		printf("bulk : one by one, %-7s %.2f (Linux: 0.17 to 0.38)\n", arms[a].name,
		       bulk_of[a] / single[a]);
}

int main(int argc, char **argv)
{
	static const unsigned long pair_sizes[] = {16, 64, 256, 1024};
	uint64_t random = 1;
	pthread_t consumer;
	double single[16];
	int ours;

	(void)argv;
	plat_arena = aligned_alloc(2UL << 20, (1024 + 8 * FRAMES) * TRI_PAGE_SIZE);
	add_ours("slub", "off", "10", "slub");
	add_ours("slub", "on", "10", "sheaves");
	add_ours("slub", "on", "20", "barn20");
#define POLICY_slab(answer, text, about) \
	if (strcmp(text, "slub"))        \
		add_ours(text, "off", "10", text);
#include "policies.def"
	ours = nr_arms;
	add_library("glibc", NULL, "malloc", "free");
	add_library("jemalloc", "libjemalloc.so.2", "malloc", "free");
	add_library("mimalloc", "libmimalloc.so.2.0", "mi_malloc", "mi_free");
	add_library("tcmalloc", "libtcmalloc_minimal.so.4", "tc_malloc", "tc_free");

	for (int i = 0; i < 4096; i++) {
		sizes[i] = (uint16_t)(16 + test_below(&random, 1009));
		victims[i] = (uint8_t)test_below(&random, LIVE);
	}
	printf("ticks; behind ours: how many times the best of the others\n%-14s", "");
	for (int a = 0; a < nr_arms; a++)
		printf(" %7s%s", arms[a].name, arms[a].core ? "     " : "");
	printf("\n");
	for (int i = 0; i < 4; i++) {
		char what[32];

		pair_size = pair_sizes[i];
		snprintf(what, sizeof(what), "pair %lu", pair_size);
		compare(what, pairs, nr_arms, ROUNDS);
	}
	compare("outstanding", outstanding, nr_arms, ROUNDS);
	compare("singles", singles, ours, ROUNDS);
	memcpy(single, median, sizeof(single));
	compare("bulk", bulk, ours, ROUNDS);
	print_ratios(single, median, ours);
	if (argc > 1)
		return 0;
	pthread_create(&consumer, NULL, consume, NULL);
	pair_size = 64;
	compare("remote 64", remote, nr_arms, 41);
	ring.arm = NULL;
	__atomic_store_n(&ring.put, produced + 1, __ATOMIC_RELEASE);
	pthread_join(consumer, NULL);
	return 0;
}
