/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_areas.c - what an area costs by how many others are live.
 *
 * First areas=augmented alone, 100,000 live against 1,000: two cores side by side, slices in
 * alternating order, the median of the ratios of pairs: what disturbs the machine disturbs
 * both halves of a pair. In both, areas of 1 to 8 pages live between holes of 1 to 8 pages.
 * Two patterns:
 *
 * - burst: 16 areas of random sizes come and go. This is what the trees alone cost, and
 *   must stay within a factor of 2: searching is logarithmic.
 * - replace: a random live area is freed, another comes in its stead. Now every victim is
 *   cold, so this adds the cache misses of touching 100,000 objects; shown, not judged.
 *
 * Then every answer of areas=, 1,024 to 65,536 live: nodes visited and time, where areas lie
 * one behind the other (packed) and where holes of 1 to 4 pages lie between (holes), which
 * half of the areas asked for do not fit. Judged by what is visited, which is exact: list
 * must grow with the areas, augmented must not.
 */
#include <stdio.h>
#include <string.h>

#include "answers.h"
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

#define ANSWERS	   8
#define LIVE_LEAST 1024UL
#define LIVE_MOST  65536UL
#define SLICES	   9

/* One answer's part of a line. */
struct cell {
	struct tri_core *core;
	enum tri_policy_value answer;
	uint64_t random;
	unsigned long allocs;
	double ticks[SLICES];
};
struct figure {
	double steps, ticks;
};

static void cell_begin(struct cell *cell, unsigned int number)
{
	struct tri_run run = {1024 + number * FRAMES, FRAMES};
	struct tri_config config;
	size_t size;

	model_config(&config, 4, FRAMES, 2UL << 30);
	config.runs = &run;
	config.window_end = MODEL_WINDOW + LIVE_MOST * 16 * TRI_PAGE_SIZE;
	config.policy[TRI_QUESTION_areas] = cell->answer;
	size = tri_core_size(&config);
	cell->core = aligned_alloc(TRI_PAGE_SIZE, size);
	memset(cell->core, 0, size);
	if (tri_core_init(cell->core, &config))
		abort();
	cell->random = 1;
	cell->allocs = 0;
}

/*
 * One area over all, cut from the end into areas and holes: the same layout for each answer,
 * and made in no time also where finding room takes long.
 */
static void cell_fill(struct cell *cell, unsigned long live, bool holes)
{
	struct area **hole = calloc(live, sizeof(*hole));
	unsigned long pages = live * 12, n;
	struct area *all = areas_alloc(cell->core, pages, 1);

	for (n = 0; n < live - 1; n++) {
		if (holes) {
			pages -= 1 + test_below(&cell->random, 4);
			hole[n] = areas_shrink(cell->core, all, pages);
		}
		pages -= 1 + test_below(&cell->random, 8);
		areas_shrink(cell->core, all, pages);
	}
	for (n = 0; holes && n < live - 1; n++)
		areas_free(cell->core, hole[n]);
	areas_decay(cell->core, true);
	free(hole);
}

static void cell_slice(struct cell *cell, int slice)
{
	struct area *area[BURST];
	uint64_t began = plat_ticks();

	for (int i = 0; i < BURST; i++)
		area[i] = areas_alloc(cell->core, 1 + test_below(&cell->random, 8), 1);
	for (int i = 0; i < BURST; i++)
		areas_free(cell->core, area[i]);
	cell->ticks[slice] = (double)(plat_ticks() - began) / BURST;
	cell->allocs += BURST;
}

/* All answers in turn, slice by slice. */
static void line(unsigned long live, bool holes, struct figure *figure)
{
	static struct cell cell[ANSWERS];
	unsigned int n = 0;

	FOR_EACH_ANSWER(answer, "areas")
	cell[n++].answer = answer;
	for (unsigned int i = 0; i < n; i++) {
		cell_begin(&cell[i], i);
		cell_fill(&cell[i], live, holes);
		/* Fills pools, and remembers where to start: not what lasts. */
		cell_slice(&cell[i], 0);
		tri_events_reset(cell[i].core);
		cell[i].allocs = 0;
	}
	for (unsigned int k = 0; k < SLICES * n; k++)
		cell_slice(&cell[k % n], k / n);
	for (unsigned int i = 0; i < n; i++) {
		qsort(cell[i].ticks, SLICES, sizeof(double), ascending);
		figure[i].ticks = cell[i].ticks[SLICES / 2];
		figure[i].steps =
			(double)model_event(cell[i].core, TRI_EVENT_area_steps) / cell[i].allocs;
		free(cell[i].core);
	}
}

/* False: list does not grow in proportion to what is live, or augmented grows with it. */
static bool table(bool holes)
{
	struct figure first[ANSWERS], figure[ANSWERS];
	unsigned int n = 0, list = 0, augmented = 0;

	printf("\n%s: nodes visited, and ticks of alloc + free\n%7s", holes ? "holes" : "packed",
	       "live");
	FOR_EACH_ANSWER(answer, "areas")
	{
		if (answer == TRI_POLICY_areas_list)
			list = n;
		if (answer == TRI_POLICY_areas_augmented)
			augmented = n;
		n++;
		printf("%20s", tri_policy_info[answer].answer);
	}
	for (unsigned long live = LIVE_LEAST; live <= LIVE_MOST; live *= 2) {
		line(live, holes, figure);
		if (live == LIVE_LEAST)
			memcpy(first, figure, sizeof(first));
		printf("\n%7lu", live);
		for (unsigned int i = 0; i < n; i++)
			printf("%10.1f%10.0f", figure[i].steps, figure[i].ticks);
	}
	printf("\n");
	return figure[list].steps > first[list].steps * 32 &&
	       figure[augmented].steps < first[augmented].steps * 2 + 2;
}

int main(void)
{
	static const struct tri_run runs[] = {{1024, FRAMES}, {1024 + FRAMES, FRAMES}};
	bool as_expected = true;
	struct arm few, many;
	double judged;

	plat_arena = calloc(1024 + ANSWERS * FRAMES, TRI_PAGE_SIZE);
	if (!plat_arena)
		return 1;
	arm_start(&few, &runs[0], FEW);
	arm_start(&many, &runs[1], MANY);
	judged = compare("burst", burst, &few, &many);
	compare("replace", replace, &few, &many);
	for (int holes = 0; holes < 2; holes++)
		as_expected &= table(holes);
	return judged > 2 || !as_expected;
}
