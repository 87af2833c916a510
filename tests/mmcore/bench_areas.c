/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_areas.c - what an area costs with 100,000 others live, against 1,000.
 *
 * Two cores side by side, slices in alternating order, the median of the ratios of pairs:
 * what disturbs the machine disturbs both halves of a pair. In both, areas of 1 to 8 pages
 * live between holes of 1 to 8 pages. Two patterns:
 *
 * - burst: 16 areas of random sizes come and go. This is what the trees alone cost, and
 *   must stay within a factor of 2: searching is logarithmic.
 * - replace: a random live area is freed, another comes in its stead. Now every victim is
 *   cold, so this adds the cache misses of touching 100,000 objects; shown, not judged.
 */
#include <stdio.h>
#include <string.h>

#include "model_platform.h"

#define FEW    1000
#define MANY   100000
#define PAIRS  201
#define SLICE  1024 /* areas allocated and freed */
#define BURST  16
#define FRAMES 4096 /* for the pool's objects: an area and a hole for each */

struct arm {
	struct tri_core *core;
	unsigned long live;
	struct area **area;
	uint64_t random;
};

static struct area *alloc_some(struct arm *arm)
{
	return areas_alloc(arm->core, 1 + test_below(&arm->random, 8), 1);
}

static void arm_start(struct arm *arm, const struct tri_run *run, unsigned long live)
{
	struct tri_config config;
	struct area **hole;
	size_t size;

	model_config(&config, 1, FRAMES, 2UL << 30);
	config.runs = run;
	/* Up to 8 pages an area and as many a hole. */
	config.window_end = MODEL_WINDOW + (MANY * 16 * TRI_PAGE_SIZE & ~((2UL << 20) - 1));
	size = tri_core_size(&config);
	arm->core = aligned_alloc(TRI_PAGE_SIZE, size);
	arm->live = live;
	arm->area = calloc(live, sizeof(*arm->area));
	arm->random = 1;
	memset(arm->core, 0, size);
	if (tri_core_init(arm->core, &config))
		abort();
	hole = calloc(live, sizeof(*hole));
	for (unsigned long i = 0; i < live; i++) {
		arm->area[i] = alloc_some(arm);
		hole[i] = alloc_some(arm);
	}
	for (unsigned long i = 0; i < live; i++)
		areas_free(arm->core, hole[i]);
	free(hole);
}

static uint64_t burst(struct arm *arm)
{
	uint64_t began = plat_ticks();
	struct area *area[BURST];

	for (int n = 0; n < SLICE / BURST; n++) {
		for (int i = 0; i < BURST; i++)
			area[i] = alloc_some(arm);
		for (int i = 0; i < BURST; i++)
			areas_free(arm->core, area[i]);
	}
	return plat_ticks() - began;
}

static uint64_t replace(struct arm *arm)
{
	uint64_t began = plat_ticks();

	for (int n = 0; n < SLICE; n++) {
		unsigned long i = test_below(&arm->random, arm->live);

		areas_free(arm->core, arm->area[i]);
		arm->area[i] = alloc_some(arm);
	}
	return plat_ticks() - began;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double compare(const char *name, uint64_t (*slice)(struct arm *), struct arm *few,
		      struct arm *many)
{
	static double ratio[PAIRS], ticks[PAIRS];

	for (int pair = 0; pair < PAIRS; pair++) {
		double first = slice(pair % 2 ? many : few), second = slice(pair % 2 ? few : many);

		ratio[pair] = pair % 2 ? first / second : second / first;
		ticks[pair] = (pair % 2 ? second : first) / SLICE;
	}
	qsort(ratio, PAIRS, sizeof(*ratio), ascending);
	qsort(ticks, PAIRS, sizeof(*ticks), ascending);
	printf("%-8s alloc + free with %d areas live: %.0f ticks; with %d: %.2f times that "
	       "(quartiles %.2f to %.2f of %d pairs)\n",
	       name, FEW, ticks[PAIRS / 2], MANY, ratio[PAIRS / 2], ratio[PAIRS / 4],
	       ratio[PAIRS * 3 / 4], PAIRS);
	return ratio[PAIRS / 2];
}

int main(void)
{
	static const struct tri_run runs[] = {{1024, FRAMES}, {1024 + FRAMES, FRAMES}};
	struct arm few, many;
	double judged;

	plat_arena = calloc(1024 + 2 * FRAMES, TRI_PAGE_SIZE);
	if (!plat_arena)
		return 1;
	arm_start(&few, &runs[0], FEW);
	arm_start(&many, &runs[1], MANY);
	judged = compare("burst", burst, &few, &many);
	compare("replace", replace, &few, &many);
	return judged > 2;
}
