/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * calibration_derive.c - from runs of the calibration's plan to unit costs. How each is read
 * off its workload stands at the function that does it.
 */
#include "calibration.h"
#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of each median by itself. */
#define CONFIDENCE 0.95

struct deriver {
	struct calibration *calibration;
	const struct run *user, *kernel; /* kernel: NULL if there is none */
	const char *no_kernel;
};

/* The first bench of @workload from @from on whose time is the hardware's; NULL: none. */
static const struct bench *next_bench(const struct run *run, const char *workload, size_t *from)
{
	for (; run && *from < run->nr_benches; (*from)++) {
		const struct bench *bench = &run->benches[*from];

		if (!strcmp(bench->workload, workload) && !strcmp(bench->status, "ok") &&
		    bench_real_time(bench))
			return &run->benches[(*from)++];
	}
	return NULL;
}

static double param(const struct bench *bench, const char *name)
{
	return json_number_value(json_object_get(bench->params, name));
}

static double clock_read_ns(const struct bench *bench)
{
	return json_number_value(
		json_object_get(json_object_get(bench->json, "timebase"), "clock_read_ns"));
}

static struct estimate scaled(struct estimate estimate, double less, double by)
{
	estimate.median = (estimate.median - less) / by;
	estimate.low = (estimate.low - less) / by;
	estimate.high = (estimate.high - less) / by;
	return estimate;
}

static struct estimate median_of(const struct samples *samples)
{
	struct estimate none = {.median = NAN, .low = NAN, .high = NAN}, estimate;

	if (!samples || !samples->n)
		return none;
	estimate = statistics_median_interval(samples->values, samples->n, CONFIDENCE);
	/* Too few blocks for an interval: their range is the least that can be said. */
	if (!isfinite(estimate.low) || !isfinite(estimate.high)) {
		estimate.low = statistics_quantile(samples->values, samples->n, 0);
		estimate.high = statistics_quantile(samples->values, samples->n, 1);
	}
	return estimate;
}

/* The median operation, block by block, without the clock read that falls between its two. */
static struct estimate operation(const struct bench *bench, const char *metric)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.p50", metric);
	return scaled(median_of(bench_samples(bench, name)), clock_read_ns(bench), 1);
}

/* Time of whole slices per operation: for operations too short for a clock. */
static struct estimate per_operation(const struct bench *bench)
{
	const struct samples *total = bench_samples(bench, "total");

	return scaled(median_of(total), 0, total && total->ops ? (double)total->ops : 1);
}

static const char *target_of(struct deriver *deriver, const struct bench *bench)
{
	return arena_text(&deriver->calibration->arena, bench->target);
}

static struct unit_cost *add_cost(struct deriver *deriver, enum unit_cost_name name, double at)
{
	struct calibration *calibration = deriver->calibration;
	struct unit_cost *cost = &calibration->cost[calibration->n];

	if (calibration->n == UNIT_COST_VALUES_MAX)
		return NULL;
	calibration->n++;
	*cost = (struct unit_cost){name, at, NAN, NAN, NAN, NULL, NULL};
	return cost;
}

static void add_missing(struct deriver *deriver, enum unit_cost_name name, const char *why)
{
	struct unit_cost *cost = add_cost(deriver, name, 0);

	if (cost)
		cost->why = arena_text(&deriver->calibration->arena, why);
}

/* A cost that can't be below 0 or unknown is added; else false. */
static bool add_estimate(struct deriver *deriver, enum unit_cost_name name, double at,
			 struct estimate estimate, const char *source)
{
	struct unit_cost *cost;

	if (!(estimate.median > 0))
		return false;
	cost = add_cost(deriver, name, at);
	if (!cost)
		return false;
	cost->value = estimate.median;
	cost->low = fmax(estimate.low, 0);
	cost->high = estimate.high;
	cost->source = source;
	return true;
}

/*
 * Why a workload gave nothing: it was skipped or failed with a reason, its clock was an
 * emulator's, or it was not run.
 */
static const char *why_nothing(const struct run *run, const char *workload)
{
	for (size_t i = 0; run && i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i];

		if (strcmp(bench->workload, workload) != 0)
			continue;
		if (strcmp(bench->status, "ok") != 0)
			return bench->why ? bench->why : bench->status;
		if (!bench_real_time(bench))
			return "the clock is an emulator's";
		return "the difference is below what was resolved";
	}
	return "not measured";
}

/*
 * @name is the median @metric of @workload, divided by its parameter @per (NULL: by 1), on
 * bare metal.
 */
static void derive_kernel(struct deriver *deriver, enum unit_cost_name name, const char *workload,
			  const char *metric, const char *per, const char *which, double value)
{
	const struct bench *bench;
	size_t from = 0;

	while ((bench = next_bench(deriver->kernel, workload, &from))) {
		const char *source = arena_printf(&deriver->calibration->arena, "%s, %s", workload,
						  target_of(deriver, bench));

		if (which && param(bench, which) != value)
			continue;
		if (add_estimate(deriver, name, 0,
				 scaled(operation(bench, metric), 0, per ? param(bench, per) : 1),
				 source))
			return;
	}
	add_missing(deriver, name,
		    deriver->kernel ? why_nothing(deriver->kernel, workload) : deriver->no_kernel);
}

/* By the CPUs beside the one that acts, or by bytes moved per ns, smallest first. */
static void derive_series(struct deriver *deriver, enum unit_cost_name name, const struct run *run,
			  const char *workload, const char *metric)
{
	bool cpus = !strcmp(unit_cost_info[name].at, "cpus");
	const struct bench *bench;
	size_t from = 0, added = 0;

	while ((bench = next_bench(run, workload, &from))) {
		struct estimate estimate = operation(bench, metric);
		double at = cpus ? param(bench, "cpus") - 1 : param(bench, "bytes");
		const char *source = arena_printf(&deriver->calibration->arena, "%s %s=%.0f, %s",
						  workload, unit_cost_info[name].at,
						  cpus ? at + 1 : at, target_of(deriver, bench));

		if (!cpus)
			estimate = (struct estimate){at / estimate.median, at / estimate.high,
						     at / estimate.low, estimate.n};
		added += add_estimate(deriver, name, at, estimate, source);
	}
	if (!added)
		add_missing(deriver, name, why_nothing(run, workload));
}

static void derive_clock(struct deriver *deriver)
{
	const struct run *run = deriver->user;

	for (size_t i = 0; i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i];
		double ns = clock_read_ns(bench);

		if (strcmp(bench->status, "ok") == 0 && bench_real_time(bench) &&
		    add_estimate(deriver, UNIT_COST_clock_read, 0, (struct estimate){ns, ns, ns, 1},
				 arena_printf(&deriver->calibration->arena, "timebase, %s",
					      target_of(deriver, bench))))
			return;
	}
	add_missing(deriver, UNIT_COST_clock_read, "no bench with a clock of the hardware");
}

static void add_level(struct deriver *deriver, enum unit_cost_name name, struct curve_level level,
		      const char *source)
{
	if (!add_estimate(deriver, name, 0, (struct estimate){level.ns, level.low, level.high, 1},
			  source))
		add_missing(deriver, name,
			    deriver->calibration->curve.n ? "the access curve shows no such rise"
							  : why_nothing(deriver->user, "access"));
}

/* Lines of a page: loads from all of them need a 64th of the translations. */
#define LINES_OF_PAGE 64

/* What as many loads as @loads cost the caches alone, between two measured in logarithms. */
struct cache_curve {
	size_t n;
	double loads[CURVE_POINTS_MAX], ns[CURVE_POINTS_MAX]; /* by rising loads */
};

static void read_caches(struct deriver *deriver, struct cache_curve *caches)
{
	const struct bench *bench;
	size_t from = 0;

	caches->n = 0;
	while ((bench = next_bench(deriver->user, "access", &from))) {
		double loads = param(bench, "nr_pages") * LINES_OF_PAGE;
		size_t place = caches->n;

		if (param(bench, "lines") != LINES_OF_PAGE || caches->n == CURVE_POINTS_MAX)
			continue;
		for (; place && caches->loads[place - 1] > loads; place--) {
			caches->loads[place] = caches->loads[place - 1];
			caches->ns[place] = caches->ns[place - 1];
		}
		caches->loads[place] = loads;
		caches->ns[place] = per_operation(bench).median;
		caches->n++;
	}
}

/* Beside the fewest loads measured, which any cache holds; 0 beyond what was measured. */
static double caches_add(const struct cache_curve *caches, double loads)
{
	size_t i = 0;

	while (i < caches->n && caches->loads[i] < loads)
		i++;
	if (!i || i == caches->n)
		return 0;
	return fmax(caches->ns[i - 1] +
			    (caches->ns[i] - caches->ns[i - 1]) *
				    log(loads / caches->loads[i - 1]) /
				    log(caches->loads[i] / caches->loads[i - 1]) -
			    caches->ns[0],
		    0);
}

/* Accesses to neighbouring pages: a point for each nr_pages=. */
static void derive_curve(struct deriver *deriver)
{
	struct access_curve *curve = &deriver->calibration->curve;
	const struct bench *bench;
	struct cache_curve caches;
	const char *source;
	size_t from = 0;

	read_caches(deriver, &caches);
	while ((bench = next_bench(deriver->user, "access", &from))) {
		double pages = param(bench, "nr_pages");
		struct estimate ns = per_operation(bench);

		if (param(bench, "stride") <= 1 && param(bench, "lines") <= 1 && ns.median > 0)
			access_curve_add(curve,
					 &(struct curve_point){pages, ns.median, ns.low, ns.high,
							       caches_add(&caches, pages)});
	}
	access_curve_read(curve);
	source = arena_text(&deriver->calibration->arena, "access by nr_pages, user");
	add_level(deriver, UNIT_COST_tlb_hit, curve->tlb_hit, source);
	add_level(deriver, UNIT_COST_stlb_hit, curve->stlb_hit, source);
	add_level(deriver, UNIT_COST_walk, curve->walk, source);
}

/* Pages of another page table each: every access walks, and reads the page directory's entry too.
 */
#define DIRECTORY_STRIDE 512

static void derive_deep_walk(struct deriver *deriver)
{
	const struct access_curve *curve = &deriver->calibration->curve;
	double below = curve->tlb_hit.ns + (curve->stlb_hit.ns > 0 ? curve->stlb_hit.ns : 0);
	const struct bench *bench;
	size_t from = 0;

	while ((bench = next_bench(deriver->user, "access", &from))) {
		const char *source;

		if (param(bench, "stride") != DIRECTORY_STRIDE)
			continue;
		source = arena_printf(
			&deriver->calibration->arena, "access nr_pages=%.0f stride=%d, %s",
			param(bench, "nr_pages"), DIRECTORY_STRIDE, target_of(deriver, bench));
		if (add_estimate(deriver, UNIT_COST_walk_2, 0,
				 scaled(per_operation(bench), below, 1), source))
			return;
	}
	add_missing(deriver, UNIT_COST_walk_2, "no access with stride=512 was measured");
}

/* The first pass after a flush against the second, per page: in user space each page faults. */
static void derive_fault(struct deriver *deriver)
{
	const struct bench *bench;
	size_t from = 0;

	while ((bench = next_bench(deriver->user, "access-after-flush", &from))) {
		struct estimate touch = operation(bench, "touch"), warm = operation(bench, "warm");
		const char *source = arena_printf(&deriver->calibration->arena,
						  "access-after-flush, touch less warm, %s",
						  target_of(deriver, bench));
		struct estimate fault = {touch.median - warm.median, touch.low - warm.high,
					 touch.high - warm.low, touch.n};

		if (add_estimate(deriver, UNIT_COST_page_fault, 0,
				 scaled(fault, 0, param(bench, "nr_pages")), source))
			return;
	}
	add_missing(deriver, UNIT_COST_page_fault,
		    why_nothing(deriver->user, "access-after-flush"));
}

static void derive_all(struct deriver *deriver)
{
	const struct run *ipi = deriver->kernel ? deriver->kernel : deriver->user;

	derive_clock(deriver);
	derive_curve(deriver);
	derive_deep_walk(deriver);
	add_missing(deriver, UNIT_COST_walk_3,
		    "needs pages 1 GiB apart, more memory than is lent to a run");
	derive_fault(deriver);
	derive_kernel(deriver, UNIT_COST_invlpg, "invlpg", "drop", "nr_pages", NULL, 0);
	derive_kernel(deriver, UNIT_COST_cr3_reload, "cr3-reload", "drop", NULL, "keep", 0);
	derive_kernel(deriver, UNIT_COST_cr3_keep, "cr3-reload", "drop", NULL, "keep", 1);
	derive_kernel(deriver, UNIT_COST_pge_toggle, "pge-toggle", "drop", NULL, NULL, 0);
	derive_series(deriver, UNIT_COST_ipi, ipi, "ipi-all", "round_trip");
	derive_kernel(deriver, UNIT_COST_ipi_halted, "ipi-halted", "round_trip", NULL, NULL, 0);
	derive_kernel(deriver, UNIT_COST_ipi_self, "ipi-self", "round_trip", NULL, NULL, 0);
	derive_series(deriver, UNIT_COST_shootdown, deriver->user, "flush-range", "flush");
	derive_series(deriver, UNIT_COST_zero, deriver->user, "zero", "zero");
	derive_series(deriver, UNIT_COST_copy, deriver->user, "copy", "copy");
}

static const char *machine_text(struct arena *arena, const struct run *run, const char *key)
{
	return arena_text(arena, json_string_value(json_object_get(
					 json_object_get(run->head, "machine"), key)));
}

struct calibration *calibration_derive(const struct run *user, const struct run *kernel,
				       const char *no_kernel, const char *version)
{
	struct calibration *calibration = calloc(1, sizeof(*calibration));
	struct deriver deriver = {calibration, user, kernel, no_kernel};
	struct arena *arena;

	if (!calibration)
		return NULL;
	arena = &calibration->arena;
	calibration->machine = machine_text(arena, user, "fp");
	calibration->cpu = machine_text(arena, user, "cpu");
	calibration->measured = arena_text(arena, user->started);
	calibration->version = arena_text(arena, version);
	calibration->run[0] = arena_text(arena, user->run_id);
	calibration->run[1] = kernel ? arena_text(arena, kernel->run_id) : NULL;
	derive_all(&deriver);
	if (!arena->exhausted)
		return calibration;
	calibration_free(calibration);
	return NULL;
}
