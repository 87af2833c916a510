/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_calibration.c - unit costs read off runs whose truth is known, kept and read back, and
 * what they make of exact counts.
 */
#include "calibration.h"
#include "cost_model.h"
#include "run_files.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define CLOCK_NS 13

/* A machine with 64 and 1,536 entries: a hit 1.5 ns, the STLB 2.5 more, a walk 20 more. */
static double access_ns(double pages)
{
	return pages <= 64 ? 1.5 : pages <= 1536 ? 4 : 24;
}

/* What caches of 32 KiB add. */
static double cache_ns(double loads)
{
	return loads <= 512 ? 0 : 3;
}

static FILE *out;
static int benches;

/* Of the bench before. */
static void put_metric(const char *metric, unsigned int ops, double ns)
{
	static const double spread[] = {0.99, 1, 1.01, 1, 1, 0.995, 1.005, 1, 1};

	fprintf(out,
		"{\"t\":\"samples\",\"bench\":%d,\"metric\":\"%s\",\"unit\":\"ns\","
		"\"better\":\"lower\",\"class\":\"noisy\",\"per\":\"block\",",
		benches - 1, metric);
	if (ops)
		fprintf(out, "\"ops\":%u,", ops);
	fputs("\"values\":[", out);
	for (unsigned int i = 0; i < 9; i++)
		fprintf(out, "%s%.6f", i ? "," : "", ns * spread[i]);
	fputs("],\"order\":[0,1,2,3,4,5,6,7,8]}\n", out);
}

static void put_bench(const char *workload, const char *target, const char *params, bool real,
		      const char *metric, unsigned int ops, double ns)
{
	fprintf(out,
		"{\"t\":\"bench\",\"bench\":%d,\"case\":%d,\"arm\":\"\",\"arms\":1,"
		"\"workload\":\"%s\",\"version\":\"5eed5eed5eed5eed\","
		"\"series\":\"00112233aabbccdd\",\"target\":\"%s\",\"caps\":[%s],"
		"\"timebase\":{\"id\":\"%s\",\"hz\":1000000000,\"clock_read_ns\":%d},"
		"\"params\":{%s},\"seed\":\"1\",\"check_level\":0,\"blocks\":9,\"ops\":9,"
		"\"ops_digest\":\"0123456789abcdef\",\"status\":\"ok\"}\n",
		benches, benches, workload, target, real ? "\"real_time\"" : "",
		real ? "tsc-hw" : "tsc-tcg", CLOCK_NS, params);
	benches++;
	put_metric(metric, ops, ns);
}

static void put_skipped(const char *workload, const char *why)
{
	fprintf(out,
		"{\"t\":\"bench\",\"bench\":%d,\"case\":%d,\"arm\":\"\",\"arms\":1,"
		"\"workload\":\"%s\",\"version\":\"5eed5eed5eed5eed\","
		"\"series\":\"00112233aabbccdd\",\"target\":\"user\",\"params\":{},"
		"\"check_level\":0,\"status\":\"skipped\",\"why\":\"%s\"}\n",
		benches, benches, workload, why);
	benches++;
}

static void put_access(unsigned int pages, unsigned int lines, double ns)
{
	char params[128];

	snprintf(params, sizeof(params), "\"nr_pages\":%u,\"stride\":1,\"lines\":%u,\"cpus\":1",
		 pages, lines);
	put_bench("access", "user", params, true, "total", 1000, 1000 * ns);
}

static void put_user(void)
{
	static const unsigned int pages[] = {1,	  16,	32,   64,   80,	  96,	128,  256, 512,
					     768, 1024, 1536, 2048, 2560, 3072, 4096, 8192};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		put_access(pages[i], 1, access_ns(pages[i]) + cache_ns(pages[i]));
	for (unsigned int i = 1; i <= 128; i *= 2)
		put_access(i, 64, 1.5 + cache_ns(64.0 * i));
	put_bench("access", "user", "\"nr_pages\":128,\"stride\":512,\"lines\":1", true, "total",
		  1000, 1000 * 34.0);
	/* The clock read in between is no part of the operation. */
	/* 30 ns without the fault, of 16 pages. */
	put_bench("access-after-flush", "user", "\"nr_pages\":16,\"cpus\":1", true, "touch.p50", 0,
		  16 * 1030 + CLOCK_NS);
	put_metric("warm.p50", 0, 16 * 30 + CLOCK_NS);
	put_bench("flush-range", "user", "\"nr_pages\":1,\"cpus\":1", true, "flush.p50", 0,
		  1000 + CLOCK_NS);
	put_bench("flush-range", "user", "\"nr_pages\":1,\"cpus\":2", true, "flush.p50", 0,
		  3000 + CLOCK_NS);
	put_bench("zero", "user", "\"bytes\":4096,\"cpus\":1", true, "zero.p50", 0, 128 + CLOCK_NS);
	put_skipped("ipi-all", "1 CPU");
}

/* A run's file of what @put writes. */
static struct run *run_of(const char *id, void (*put)(void))
{
	char *path = files_path("calibration.ndjson");
	struct run_error error;
	struct run *run;

	out = fopen(path, "w");
	assert_non_null(out);
	benches = 0;
	fprintf(out,
		"{\"t\":\"run\",\"schema\":\"trimm/1\",\"run_id\":\"%s\","
		"\"started\":\"2026-11-21T11:47:20Z\",\"reason\":\"run\","
		"\"command\":\"trimm calibrate\",\"subject\":{\"git_sha\":null,\"dirty\":false},"
		"\"harness\":{\"git_sha\":null,\"version\":\"0.1.0\"},"
		"\"build\":{\"cc\":\"gcc\",\"cflags\":\"-O2\"},"
		"\"machine\":{\"fp\":\"00112233aabbccdd\",\"cpu\":\"Model CPU\",\"cpus\":2,"
		"\"memory_mib\":24000,\"virt\":\"none\"},\"env\":{}}\n",
		id);
	put();
	fclose(out);
	if (run_load(path, &run, &error))
		fail_msg("%s", error.text);
	free(path);
	return run;
}

static struct calibration *derive(void (*put_kernel)(void))
{
	struct run *user = run_of("20261121T114720-0001", put_user);
	struct run *kernel = put_kernel ? run_of("20261121T114730-0002", put_kernel) : NULL;
	struct calibration *calibration =
		calibration_derive(user, kernel, "bare metal only: no KVM", "0.1.0");

	assert_non_null(calibration);
	run_free(user);
	run_free(kernel);
	return calibration;
}

static double value(const struct calibration *calibration, enum unit_cost_name name, double at)
{
	const struct unit_cost *cost = calibration_cost(calibration, name, at);

	if (!cost)
		fail_msg("no %s", unit_cost_info[name].name);
	return cost ? cost->value : NAN;
}

static const char *why(const struct calibration *calibration, enum unit_cost_name name)
{
	for (size_t i = 0; i < calibration->n; i++)
		if (calibration->cost[i].name == name)
			return calibration->cost[i].why;
	return NULL;
}

static void rises_and_levels_are_found(void **state)
{
	struct calibration *calibration = derive(NULL);
	const struct access_curve *curve = &calibration->curve;

	(void)state;
	/* The access with stride=512 and those with lines=64 are no points of it. */
	assert_int_equal(curve->n, 17);
	assert_float_equal(curve->point[curve->dtlb].pages, 64, 0);
	assert_float_equal(curve->point[curve->stlb].pages, 1536, 0);
	assert_float_equal(value(calibration, UNIT_COST_tlb_hit, 0), 1.5, 1e-6);
	/* Without the 3 ns that the caches add from 768 lines on. */
	assert_float_equal(value(calibration, UNIT_COST_stlb_hit, 0), 2.5, 1e-6);
	assert_float_equal(value(calibration, UNIT_COST_walk, 0), 20, 1e-6);
	assert_float_equal(value(calibration, UNIT_COST_walk_2, 0), 34 - 1.5 - 2.5, 1e-6);
	assert_float_equal(value(calibration, UNIT_COST_page_fault, 0), 1000, 1e-6);
	for (size_t i = 0; i < calibration->n; i++) {
		const struct unit_cost *cost = &calibration->cost[i];

		assert_true(cost->why || (cost->low <= cost->value && cost->value <= cost->high));
	}
	calibration_free(calibration);
}

static void a_flat_curve_has_no_rise(void **state)
{
	struct access_curve curve = {.n = 0};

	(void)state;
	for (double pages = 1; pages <= 8192; pages *= 2)
		assert_true(access_curve_add(&curve, &(struct curve_point){pages, 2, 1.9, 2.1, 0}));
	access_curve_read(&curve);
	assert_int_equal(curve.dtlb, curve.n);
	assert_int_equal(curve.stlb, curve.n);
	assert_float_equal(curve.tlb_hit.ns, 2, 0);
	assert_true(isnan(curve.stlb_hit.ns) && isnan(curve.walk.ns));
	/* Points find their places, and there is an end to them. */
	while (access_curve_add(&curve, &(struct curve_point){3, 2, 2, 2, 0}))
		continue;
	assert_int_equal(curve.n, CURVE_POINTS_MAX);
	for (size_t i = 1; i < curve.n; i++)
		assert_true(curve.point[i - 1].pages <= curve.point[i].pages);
}

static void operations_are_without_the_clock(void **state)
{
	struct calibration *calibration = derive(NULL);

	(void)state;
	assert_float_equal(value(calibration, UNIT_COST_clock_read, 0), CLOCK_NS, 0);
	assert_float_equal(value(calibration, UNIT_COST_shootdown, 0), 1000, 1e-6);
	assert_float_equal(value(calibration, UNIT_COST_shootdown, 1), 3000, 1e-6);
	assert_float_equal(value(calibration, UNIT_COST_zero, 4096), 32, 1e-6);
	/* Between two, and beyond them in proportion. */
	assert_float_equal(calibration_at(calibration, UNIT_COST_shootdown, 0.5), 2000, 1e-6);
	assert_float_equal(calibration_at(calibration, UNIT_COST_shootdown, 3), 7000, 1e-6);
	assert_float_equal(calibration_at(calibration, UNIT_COST_walk, 0), 20, 1e-6);
	assert_true(isnan(calibration_at(calibration, UNIT_COST_invlpg, 0)));
	calibration_free(calibration);
}

static void put_hardware(void)
{
	put_bench("invlpg", "x86_64-qemu", "\"nr_pages\":16", true, "drop.p50", 0,
		  16 * 100 + CLOCK_NS);
	put_bench("cr3-reload", "x86_64-qemu", "\"nr_pages\":16,\"keep\":1", true, "drop.p50", 0,
		  90 + CLOCK_NS);
	put_bench("cr3-reload", "x86_64-qemu", "\"nr_pages\":16,\"keep\":0", true, "drop.p50", 0,
		  200 + CLOCK_NS);
	put_bench("ipi-all", "x86_64-qemu", "\"cpus\":2", true, "round_trip.p50", 0,
		  1500 + CLOCK_NS);
}

static void put_emulator(void)
{
	put_bench("invlpg", "x86_64-qemu", "\"nr_pages\":16", false, "drop.p50", 0, 999);
}

static void bare_metal_has_its_reasons(void **state)
{
	struct calibration *calibration = derive(put_hardware);

	(void)state;
	assert_float_equal(value(calibration, UNIT_COST_invlpg, 0), 100, 1e-6);
	assert_float_equal(value(calibration, UNIT_COST_cr3_reload, 0), 200, 1e-6);
	assert_float_equal(value(calibration, UNIT_COST_cr3_keep, 0), 90, 1e-6);
	assert_float_equal(value(calibration, UNIT_COST_ipi, 1), 1500, 1e-6);
	assert_string_equal(why(calibration, UNIT_COST_pge_toggle), "not measured");
	calibration_free(calibration);

	calibration = derive(NULL);
	assert_string_equal(why(calibration, UNIT_COST_invlpg), "bare metal only: no KVM");
	assert_string_equal(why(calibration, UNIT_COST_ipi), "1 CPU");
	calibration_free(calibration);

	/* An emulator's time is no cost, whoever hands it in. */
	calibration = derive(put_emulator);
	assert_null(calibration_cost(calibration, UNIT_COST_invlpg, 0));
	assert_string_equal(why(calibration, UNIT_COST_invlpg), "the clock is an emulator's");
	calibration_free(calibration);
}

static void files_keep_all_and_the_one_before(void **state)
{
	char *path = calibration_path(files_folder(), "00112233aabbccdd", ".json");
	char *before = calibration_path(files_folder(), "00112233aabbccdd", ".previous.json");
	struct calibration *calibration = derive(NULL), *again;
	struct run_error error;

	(void)state;
	assert_int_equal(calibration_load(path, &again, &error), 1);
	assert_int_equal(calibration_save(calibration, path, &error), 0);
	assert_int_equal(access(before, F_OK), -1);
	assert_int_equal(calibration_save(calibration, path, &error), 0);
	assert_int_equal(access(before, F_OK), 0);
	if (calibration_load(path, &again, &error))
		fail_msg("%s", error.text);
	assert_string_equal(again->machine, "00112233aabbccdd");
	assert_string_equal(again->cpu, "Model CPU");
	assert_string_equal(again->run[0], "20261121T114720-0001");
	assert_null(again->run[1]);
	assert_int_equal(again->n, calibration->n);
	assert_float_equal(value(again, UNIT_COST_shootdown, 1), 3000, 1e-3);
	assert_string_equal(why(again, UNIT_COST_invlpg), "bare metal only: no KVM");
	assert_int_equal(again->curve.stlb, calibration->curve.stlb);
	calibration_free(again);
	calibration_free(calibration);
	free(before);
	free(path);
}

static void damage_is_told_in_one_line(void **state)
{
	static const struct {
		const char *text, *expected;
	} given[] = {
		{"", "not a JSON object"},
		{"{\"schema\":\"trimm-calibration/2\"}",
		 "format trimm-calibration/2; this program"},
		{"{\"schema\":\"trimm-calibration/1\"}", "machine"},
		{"{\"schema\":\"trimm-calibration/1\",\"machine\":\"00112233aabbccdd\","
		 "\"cpu\":null,\"measured\":\"2026-11-21T11:47:20Z\",\"version\":\"\",\"runs\":[],"
		 "\"curve\":[],\"costs\":[{\"name\":\"walk\",\"unit\":\"ns\",\"value\":null}]}",
		 "why"},
	};
	char *path = files_path("damaged.json");
	struct calibration *calibration;
	struct run_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		files_write(path, given[i].text, strlen(given[i].text));
		assert_int_equal(calibration_load(path, &calibration, &error), -1);
		assert_null(calibration);
		if (!strstr(error.text, given[i].expected) || strchr(error.text, '\n'))
			fail_msg("%s", error.text);
	}
	free(path);
}

static struct run *exact_run(void)
{
	struct record_shape shape = record_shape_default();
	struct run_error error;
	struct run *run;
	char *path;

	shape.exact = true;
	path = files_make_run("exact.ndjson", &shape);
	if (run_load(path, &run, &error))
		fail_msg("%s", error.text);
	free(path);
	return run;
}

/*
 * Of a page: 6 misses of the first level, 2 of the second, 2.25 steps, 2 INVLPG; cpus=2. Those
 * that walk have asked the second level too: a walk is calibrated on top of that.
 */
static void counts_times_constants(void **state)
{
	struct calibration *calibration = derive(put_hardware);
	struct run *run = exact_run();
	struct cost_model model;

	(void)state;
	cost_model_of(calibration, &run->benches[0], &model);
	assert_float_equal(model.term[COST_TERM_dtlb_misses].ns, 6 * 2.5, 1e-6);
	assert_float_equal(model.term[COST_TERM_walk_steps].ns, 2.25 * 20, 1e-6);
	assert_float_equal(model.term[COST_TERM_invlpg].ns, 2 * 100, 1e-6);
	/* Each eager free flushes once and interrupts the other CPU. */
	assert_float_equal(model.term[COST_TERM_flushes].ns, 1500, 1e-6);
	assert_float_equal(model.term[COST_TERM_cr3_writes].ns, 0, 0);
	assert_float_equal(model.ns, 15 + 45 + 200 + 1500, 1e-6);
	assert_true(model.whole);
	calibration_free(calibration);

	/* INVLPG and interrupts without a price: the sum is the least it can be. */
	calibration = derive(NULL);
	cost_model_of(calibration, &run->benches[0], &model);
	assert_float_equal(model.ns, 15 + 45, 1e-6);
	assert_false(model.whole);
	calibration_free(calibration);
	run_free(run);
}

/* Of 10 operations; flushes interrupt 2 CPUs each, between 1 and 3 that were measured. */
static void every_count_has_a_price_of_its_own(void **state)
{
	static const struct calibration calibration = {
		.n = 8,
		.cost = {{.name = UNIT_COST_ipi, .at = 1, .value = 1500},
			 {.name = UNIT_COST_ipi, .at = 3, .value = 3500},
			 {.name = UNIT_COST_shootdown, .at = 1, .value = 5000},
			 {.name = UNIT_COST_shootdown, .at = 3, .value = 7000},
			 {.name = UNIT_COST_cr3_reload, .value = 100},
			 {.name = UNIT_COST_cr3_keep, .value = 7},
			 {.name = UNIT_COST_pge_toggle, .value = 400}, /* two writes */
			 {.name = UNIT_COST_invlpg, .value = 90}},
	};
#define COUNT(of, n)                                                                   \
	{                                                                              \
		.phase = "exact", .name = of, .has_value = true, .value = n, .ops = 10 \
	}
	struct counter counters[] = {COUNT("flush_range", 15), COUNT("flush_full", 5),
				     COUNT("cr3_writes", 10),  COUNT("cr4_writes", 20),
				     COUNT("invlpg", 30),      COUNT("shootdowns", 40)};
#undef COUNT
	struct bench bench = {.target = "x86_64-qemu", .counters = counters, .nr_counters = 6};
	struct cost_model model;

	(void)state;
	cost_model_of(&calibration, &bench, &model);
	assert_float_equal(model.term[COST_TERM_flushes].ns, 2 * 2500, 1e-6);
	assert_float_equal(model.term[COST_TERM_cr3_writes].ns, 100, 1e-6);
	assert_float_equal(model.term[COST_TERM_cr4_writes].ns, 2 * 200, 1e-6);
	assert_float_equal(model.term[COST_TERM_invlpg].ns, 3 * 90, 1e-6);
	assert_float_equal(model.ns, 5000 + 100 + 400 + 270, 1e-6);
	/* A system call each, with CPUs to interrupt or without. */
	bench.target = "user";
	cost_model_of(&calibration, &bench, &model);
	assert_float_equal(model.term[COST_TERM_flushes].ns, 2 * 6000, 1e-6);
	counters[5].value = 0;
	cost_model_of(&calibration, &bench, &model);
	assert_float_equal(model.term[COST_TERM_flushes].ns, 2 * 4000, 1e-6);
	bench.target = "x86_64-qemu";
	cost_model_of(&calibration, &bench, &model);
	assert_float_equal(model.term[COST_TERM_flushes].ns, 0, 0);
	assert_true(model.whole);
}

static char *printed(const struct calibration *calibration, const struct plot_cases *cases)
{
	char *path = files_path("model.txt"), *text;
	FILE *to = fopen(path, "w");
	size_t length;

	assert_non_null(to);
	cost_model_print(calibration, cases, to);
	fclose(to);
	text = files_read(path, &length);
	free(path);
	return text;
}

static void the_model_says_what_it_is(void **state)
{
	struct calibration *calibration = derive(NULL);
	struct run *run = exact_run();
	struct plot_cases cases;
	char *text;

	(void)state;
	assert_int_equal(plot_cases_read(run, &cases), 0);
	text = printed(calibration, &cases);
	assert_non_null(strstr(text, "MODELLED, not measured"));
	assert_non_null(strstr(text, "constant walk: 20.0 ns, from access by nr_pages, user\n"));
	assert_non_null(strstr(text, "constant invlpg: not calibrated\n"));
	assert_non_null(strstr(text, ">= 60.0 ns"));
	free(text);
	text = printed(NULL, &cases);
	assert_memory_equal(text, "`trimm calibrate` measures", 26);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
	plot_cases_free(&cases);
	calibration_free(calibration);
	run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rises_and_levels_are_found),
		cmocka_unit_test(a_flat_curve_has_no_rise),
		cmocka_unit_test(operations_are_without_the_clock),
		cmocka_unit_test(bare_metal_has_its_reasons),
		cmocka_unit_test(files_keep_all_and_the_one_before),
		cmocka_unit_test(damage_is_told_in_one_line),
		cmocka_unit_test(counts_times_constants),
		cmocka_unit_test(every_count_has_a_price_of_its_own),
		cmocka_unit_test(the_model_says_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
