/* SPDX-License-Identifier: GPL-2.0-only */
/* test_top.c - what `trimm top` shows: texts and records in, tables and a summary out. */
#include "top_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct top_model model;

static int open_model(void **state)
{
	(void)state;
	top_model_open(&model, 2);
	return 0;
}

static int close_model(void **state)
{
	(void)state;
	top_model_close(&model);
	return 0;
}

static const struct top_row *find(int table, const char *name)
{
	for (size_t i = 0; i < model.tables[table].n; i++)
		if (!strcmp(model.tables[table].rows[i].name, name))
			return &model.tables[table].rows[i];
	return NULL;
}

static double value(int table, const char *name, size_t column)
{
	const struct top_row *row = find(table, name);

	assert_non_null(row);
	return row->values[column];
}

static void near(double a, double b)
{
	if (!(fabs(a - b) < 1e-6 * (fabs(b) + 1)))
		fail_msg("%g is not %g", a, b);
}

/* A snapshot of one text. */
static void snapshot(double now, const char *name, bool core, const char *text)
{
	top_model_begin(&model, now);
	top_model_text(&model, name, core, text);
	top_model_end(&model);
}

static void test_rates_are_of_the_time_between(void **state)
{
	(void)state;
	snapshot(10, "vmstat", true,
		 "nr_free_pages 7\ntrimm_flush_range 100\ntrimm_flush_full 1\ntrimm_purge 3\n"
		 "trimm_waiting_pages_max 9\n");
	assert_true(isnan(value(TOP_EVENTS, "trimm_flush_range", 1)));
	assert_true(isnan(model.summary.flushes));
	near(value(TOP_EVENTS, "trimm_flush_range", 2), 100);
	snapshot(14, "vmstat", true, "trimm_flush_range 300\ntrimm_flush_full 5\ntrimm_purge 3\n");
	near(value(TOP_EVENTS, "trimm_flush_range", 1), 50);
	near(value(TOP_EVENTS, "trimm_purge", 1), 0);
	near(model.summary.flushes, 51);
	near(model.summary.purges, 0);
	assert_null(find(TOP_EVENTS, "nr_free_pages"));
	assert_null(find(TOP_EVENTS, "trimm_waiting_pages_max"));
	/* Begun again: how many in between is not known. */
	snapshot(15, "vmstat", true, "trimm_flush_range 2\n");
	assert_true(isnan(value(TOP_EVENTS, "trimm_flush_range", 1)));
	assert_true(isnan(model.summary.flushes));
}

static void test_of_the_kernel_only_what_counted(void **state)
{
	(void)state;
	snapshot(1, "vmstat", false, "pgfault 5\nallocstall_dma 0\nnr_tlb_remote_flush 4\n");
	assert_non_null(find(TOP_EVENTS, "pgfault"));
	assert_non_null(find(TOP_EVENTS, "nr_tlb_remote_flush"));
	assert_null(find(TOP_EVENTS, "allocstall_dma"));
}

static void test_interrupts_by_cpu(void **state)
{
	static const char *const texts[] = {
		"            CPU0       CPU2       \n  8:  1  2  IO-APIC\nTLB:  100  50  TLB "
		"shootdowns\nCAL:  10  20  Function call interrupts\nRES:  1  1  Resched\n",
		"            CPU0       CPU2       \nTLB:  300  50  TLB "
		"shootdowns\nCAL:  10  24  Function call interrupts\nRES:  5  1  Resched\n",
	};

	(void)state;
	snapshot(0, "interrupts", false, texts[0]);
	snapshot(2, "interrupts", false, texts[1]);
	near(value(TOP_CPUS, "0", 2), 100);
	near(value(TOP_CPUS, "2", 2), 0);
	near(value(TOP_CPUS, "2", 3), 2);
	near(value(TOP_CPUS, "0", 4), 2);
	/* A flush of TLBs is a call as well. */
	near(model.machine_interrupts, 4);
	assert_int_equal(model.tables[TOP_CPUS].n, 2);
}

static void test_lists_of_all_zones(void **state)
{
	(void)state;
	snapshot(0, "zoneinfo", true,
		 "Node 0, zone DMA\n  pagesets\n    cpu: 0\n              count: 5\n"
		 "    cpu: 1\n              count: 7\n  vm stats threshold: 4\n"
		 "Node 0, zone Normal\n  pagesets\n    cpu: 0\n              count:    100\n"
		 "              high: 9\n    cpu: 1\n              count: 1\n");
	near(value(TOP_CPUS, "0", 1), 105);
	near(value(TOP_CPUS, "1", 1), 8);
	near(model.summary.list_pages, 113);
}

static void test_slabs(void **state)
{
	(void)state;
	snapshot(0, "slabinfo", true,
		 "slabinfo - version: 2.1\n# name <active_objs> ...\n"
		 "kmalloc-64  48  64  64  64  1 : tunables 0 0 0 : slabdata 2 2 0\n"
		 "big  10  10  4096  8  8 : tunables 0 0 0 : slabdata 3 3 0\n");
	near(value(TOP_SLABS, "kmalloc-64", 3), 75);
	near(value(TOP_SLABS, "big", 4), 96);
	/* By size, the greatest first. */
	assert_string_equal(model.tables[TOP_SLABS].rows[0].name, "big");
}

static void test_areas_waiting(void **state)
{
	(void)state;
	snapshot(0, "vmallocinfo", true,
		 "0x1-0x2 8192 unpurged vm_area\n0x2-0x3 4096 f+0x1 pages=1 vmalloc\n"
		 "0x4-0x5 20480 unpurged vm_area\n");
	near(model.summary.areas_waiting, 2);
	near(model.summary.pages_waiting, 7);
}

static void take(const char *text)
{
	json_t *record = json_loads(text, 0, NULL);

	assert_non_null(record);
	top_model_record(&model, record);
	json_decref(record);
}

static void test_records(void **state)
{
	static const char hist[] =
		"{\"t\":\"hist\",\"source\":\"ipi\",\"metric\":\"latency\",\"unit\":\"ns\","
		"\"sub_bits\":4,\"n\":100,\"min\":100,\"max\":900,\"sum\":\"1\",\"buckets\":"
		"[[100,99],[896,1]],\"key\":{\"from\":0,\"kind\":\"call\"}}";
	static const char counter[] =
		"{\"t\":\"counter\",\"source\":\"tlbflush\",\"name\":\"range_flushes\",\"unit\":"
		"\"flushes\",\"value\":30,\"key\":{\"cpu\":1}}";

	(void)state;
	for (int i = 0; i < 2; i++) {
		top_model_begin(&model, i);
		take(hist);
		take(counter);
		take(counter);
		top_model_end(&model);
	}
	/* The collector's interval is 2 s. */
	near(value(TOP_LATENCY, "ipi latency from=0 call", 1), 50);
	assert_true(value(TOP_LATENCY, "ipi latency from=0 call", 2) < 110);
	near(value(TOP_LATENCY, "ipi latency from=0 call", 5), 900);
	near(value(TOP_EVENTS, "tlbflush range_flushes", 1), 30);
	near(value(TOP_EVENTS, "tlbflush range_flushes", 2), 120);
	near(model.probes.flushes, 30);
	assert_true(isnan(model.summary.flushes));
	/* A snapshot without: the name stays, what it was does not. */
	top_model_begin(&model, 2);
	top_model_end(&model);
	assert_true(isnan(value(TOP_LATENCY, "ipi latency from=0 call", 1)));
	near(value(TOP_EVENTS, "tlbflush range_flushes", 2), 120);
}

static void test_each_interrupt_once(void **state)
{
	static const char *const names[] = {"ipi_sent", "ipi_merged", "ipi_handled",
					    "ipi_sender_unknown"};
	char text[160], first[81], second[81];

	(void)state;
	top_model_begin(&model, 1);
	model.machine_interrupts = 3000;
	for (int i = 0; i < 4; i++) {
		snprintf(text, sizeof(text),
			 "{\"t\":\"counter\",\"source\":\"ipi\",\"name\":\"%s\",\"unit\":"
			 "\"interrupts\",\"value\":200}",
			 names[i]);
		take(text);
	}
	take("{\"t\":\"counter\",\"source\":\"vmalloc\",\"name\":\"purges\",\"unit\":\"purges\","
	     "\"value\":8}");
	top_model_summary(&model, first, second, 80);
	assert_string_equal(first, "flushes -/s   IPIs 100/s   purges 4/s");
	/* A core's own are not the kernel's. */
	model.summary.interrupts = 7;
	top_model_summary(&model, first, second, 80);
	assert_string_equal(first, "flushes -/s   IPIs 7/s   purges 4/s");
}

static void test_trouble(void **state)
{
	(void)state;
	take("{\"t\":\"probe\",\"probe\":\"ipi\",\"status\":\"denied\",\"why\":\"no right\"}");
	assert_true(strstr(model.trouble, "probe ipi: denied: no right; be root"));
}

static struct top_table sorted(const double *values, size_t n)
{
	struct top_table table = {.columns = {{"NAME", 0}, {"COUNT", 0}, {"TOOK", TOP_TIME}},
				  .nr_columns = 3,
				  .sort = 1};
	char name[24];

	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "n%zu", i);
		top_table_row(&table, name)->values[1] = values[i];
	}
	top_table_sort(&table);
	return table;
}

static void order(const struct top_table *table, const char *const *names)
{
	for (size_t i = 0; i < table->n; i++)
		assert_string_equal(table->rows[i].name, names[i]);
}

static void test_sorting(void **state)
{
	static const double values[] = {3, NAN, 7, 3, 1, 0, 0, 0, 0, 0, 9};
	struct top_table table = sorted(values, 5);

	(void)state;
	order(&table, (const char *[]){"n2", "n0", "n3", "n4", "n1"});
	table.reversed = true;
	top_table_sort(&table);
	order(&table, (const char *[]){"n4", "n3", "n0", "n2", "n1"});
	top_table_free(&table);
	table = sorted(values, 11);
	table.sort = 0;
	top_table_sort(&table);
	order(&table,
	      (const char *[]){"n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10"});
	top_table_free(&table);
}

static void test_lines_fit(void **state)
{
	static const double values[] = {12345678901, 9999999, NAN};
	struct top_table table = sorted(values, 3);
	char line[201];

	(void)state;
	table.rows[0].values[2] = 1234567;
	for (size_t width = 1; width <= 200; width++) {
		top_table_head(&table, line, width);
		assert_true(strlen(line) <= width);
		top_table_line(&table, 0, line, width);
		assert_true(strlen(line) <= width);
	}
	top_table_head(&table, line, 40);
	assert_string_equal(line, "NAME                    COUNT*      TOOK");
	top_table_line(&table, 0, line, 40);
	assert_string_equal(line, "n0                      12.35G   1235 us");
	top_table_line(&table, 1, line, 40);
	assert_string_equal(line, "n1                   9,999,999         -");
	/* The least: what has no room is left out, the name is not. */
	top_table_line(&table, 0, line, 20);
	assert_string_equal(line, "n0                  ");
	top_table_free(&table);
}

static void test_summary(void **state)
{
	char first[81], second[81];

	(void)state;
	top_model_begin(&model, 1);
	model.summary.flushes = 12345;
	model.summary.areas_waiting = 7;
	top_model_summary(&model, first, second, 80);
	assert_string_equal(first, "flushes 12,345/s   IPIs -/s   purges -/s");
	assert_string_equal(second, "areas waiting 7   pages waiting -   on CPU lists - pages");
	top_model_summary(&model, first, second, 10);
	assert_string_equal(first, "flushes 12");
}

#define test(function) cmocka_unit_test_setup_teardown(function, open_model, close_model)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_rates_are_of_the_time_between),
		test(test_of_the_kernel_only_what_counted),
		test(test_interrupts_by_cpu),
		test(test_lists_of_all_zones),
		test(test_slabs),
		test(test_areas_waiting),
		test(test_records),
		test(test_each_interrupt_once),
		test(test_trouble),
		test(test_sorting),
		test(test_lines_fit),
		test(test_summary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
