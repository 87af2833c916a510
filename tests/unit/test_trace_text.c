/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_trace_text.c - records of tracing as text, CSV, folded stacks and JSON trace events: the
 * lines of trace.ndjson, and the edges of a histogram.
 */
#include "folded.h"
#include "histogram_text.h"
#include "perfetto.h"
#include "trace_csv.h"
#include "trace_record.h"
#include "trace_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *records;

static int load(void **state)
{
	FILE *file = fopen("tests/unit/trace.ndjson", "re");
	json_t *record;

	(void)state;
	records = json_array();
	while (file && (record = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL)))
		json_array_append_new(records, record);
	if (file)
		fclose(file);
	return json_array_size(records) == 15 ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	json_decref(records);
	return 0;
}

/* What is printed meanwhile becomes a text to free(). */
struct printed {
	FILE *out;
	char *text;
	size_t size;
};

static FILE *print(struct printed *printed)
{
	printed->out = open_memstream(&printed->text, &printed->size);
	assert_non_null(printed->out);
	return printed->out;
}

static char *text_of(struct printed *printed)
{
	fclose(printed->out);
	return printed->text;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("not in it: %s\n%s", part, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("in it: %s\n%s", part, text);
}

static void before(const char *text, const char *first, const char *second)
{
	has(text, first);
	has(text, second);
	assert_true(strstr(text, first) < strstr(text, second));
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		n++;
	return n;
}

static char *all_text(size_t top)
{
	struct printed printed;

	trace_text_print(records, top, print(&printed));
	return text_of(&printed);
}

static void test_account_under_each_histogram(void **state)
{
	char *text = all_text(10);

	(void)state;
	has(text, "ipi: 12,345 events in 1.25 s, by tp_btf\n");
	assert_int_equal(count(text, "latency, from="), 2);
	assert_int_equal(count(text, "ipi: 12,345 events, 12,300 delivered, 40 lost, 3 missed, "
				     "2 refused, 0 full\n"),
			 2);
	assert_int_equal(count(text,
			       "cost of an event 141 ns [135, 149]; in BPF 97.2 ns a run; an "
			       "empty program 24.1 ns; 6.1 % [5.2, 7] of the workload's time\n"),
			 2);
	assert_int_equal(count(text, "WARNING"), 2);
	has(text, "cost of an event: unknown, no blocks without probes: run it with `-- trimm "
		  "run`\n");
	has_not(text, "nan");
	free(text);
}

static void test_account_of_what_it_lacks(void **state)
{
	json_t *probe = json_loads(
		"{\"t\":\"probe\",\"probe\":\"ipi\",\"status\":\"ok\",\"events\":7,\"full\":2,"
		"\"why\":\"its maps are full: --room=N makes them larger\",\"bpf_ns\":8122800,"
		"\"bpf_runs\":4000,\"floor_ns\":null,\"cost_ns\":[-1500,12345,26190.4],"
		"\"share\":null}",
		0, NULL);
	struct printed printed;
	char *text;

	(void)state;
	assert_non_null(probe);
	trace_text_account(probe, print(&printed));
	text = text_of(&printed);
	has(text, "2 full\n  its maps are full: --room=N makes them larger\n");
	has(text, "cost of an event 12,345 ns [-1,500, 26,190]; in BPF 2,031 ns a run\n");
	free(text);
	json_decref(probe);
}

static void test_no_line_is_too_wide_for_bars(void **state)
{
	char *text = all_text(10), *save = NULL;

	(void)state;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (strchr(line, '|'))
			assert_true(strlen(line) <= 80);
	free(text);
}

static void test_counters_by_value(void **state)
{
	char *text = all_text(10);

	(void)state;
	assert_int_equal(count(text, "ipi_sent, interrupts\n"), 1);
	before(text, "1,200  from=1 to=0  3 an operation\n", "12  from=0 to=1\n");
	before(text, "12  from=0 to=1\n", "unsupported  from=2 to=0: that CPU is off line\n");
	free(text);
}

static void test_stacks_the_heaviest(void **state)
{
	char *text = all_text(10);

	(void)state;
	before(text, "20 events, 66.7 %\n      flush_tlb_mm_range\n      do_munmap; cold\n",
	       "10 events, 33.3 %  reason=local\n");
	free(text);
	text = all_text(1);
	has(text, "stacks of tlbflush, 1 of 2\n");
	has_not(text, "do_madvise");
	free(text);
}

static void test_trouble_is_one_line(void **state)
{
	char line[300], *text = all_text(10);

	(void)state;
	has_not(text, "vmalloc");
	assert_true(trace_text_trouble(json_array_get(records, 10), line, sizeof(line)));
	assert_string_equal(line, "probe vmalloc: denied: vmalloc:purge_vmap_area_lazy: Operation "
				  "not permitted; be root, or have CAP_BPF and CAP_PERFMON");
	assert_false(trace_text_trouble(json_array_get(records, 0), line, sizeof(line)));
	free(text);
}

static void test_phases_apart(void **state)
{
	json_t *two = json_pack("[{s:s,s:i,s:s,s:s,s:i}, {s:s,s:i,s:s,s:s,s:i}]", "t", "probe",
				"bench", 0, "probe", "ipi", "status", "ok", "events", 1, "t",
				"probe", "bench", 1, "probe", "ipi", "status", "ok", "events", 2);
	struct printed printed;
	char *text;

	(void)state;
	trace_text_print(two, 1, print(&printed));
	text = text_of(&printed);
	before(text, "ipi, bench 0: 1 events\n", "ipi, bench 1: 2 events\n");
	free(text);
	json_decref(two);
}

static void test_event_lines(void **state)
{
	struct printed printed;
	char *text;

	(void)state;
	trace_text_event(json_array_get(records, 11), print(&printed));
	text = text_of(&printed);
	has(text, "1000.000000500 ");
	has(text, " 0      12 ipi.call                   2,500 ns  to=1\n");
	free(text);
}

/* Rows of a histogram of these values, one each; their count column is @rows in turn. */
static void rows(const struct bucket *buckets, size_t n, const char *const *wanted)
{
	struct hist hist = {.unit = "ns",
			    .sub_bits = 4,
			    .nr_buckets = n,
			    .buckets = (struct bucket *)buckets,
			    .max = 1,
			    .sum = 1};
	struct printed printed;
	char *text;

	for (size_t i = 0; i < n; i++)
		hist.n += buckets[i].count;
	histogram_text_print(&hist, print(&printed));
	text = text_of(&printed);
	for (; *wanted; wanted++)
		has(text, *wanted);
	free(text);
}

static void test_histogram_rows(void **state)
{
	static const struct bucket narrow[] = {{128, 1}, {160, 2}, {248, 1}};
	static const struct bucket wide[] = {{0, 1}, {1, 4}, {3, 2}, {(16UL | 15) << 35, 1}};
	static const struct bucket one[] = {{7, 9}};

	(void)state;
	/* Quarters of a power of two, the empty one too. */
	rows(narrow, 3,
	     (const char *[]){"128 -> 159    : 1        |********************",
			      "160 -> 191    : 2 ", "192 -> 223    : 0        |     ",
			      "224 -> 255    : 1 ", NULL});
	rows(wide, 4,
	     (const char *[]){"            0 -> 0             : 1 ", "1 -> 1             : 4 ",
			      "2 -> 3             : 2 ", "549755813888 -> 1099511627775 : 1 ",
			      NULL});
	rows(one, 1, (const char *[]){"7 -> 7      : 9 ", NULL});
}

static void test_histogram_keeps_all(void **state)
{
	struct bucket buckets[40 * 16];
	struct hist hist = {.unit = "ns", .sub_bits = 4, .n = 1, .sum = 1, .buckets = buckets};
	unsigned long total = 0, wanted = 0, value;
	struct printed printed;
	char *text, *save = NULL;

	(void)state;
	for (unsigned int log2 = 5; log2 < 40; log2++)
		for (unsigned int part = 0; part < 16; part++)
			buckets[hist.nr_buckets++] =
				(struct bucket){(16UL | part) << (log2 - 4), log2 * part};
	for (size_t i = 0; i < hist.nr_buckets; i++)
		wanted += buckets[i].count;
	hist.n = wanted;
	histogram_text_print(&hist, print(&printed));
	text = text_of(&printed);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%*u -> %*u : %lu", &value) == 1)
			total += value;
	assert_int_equal(total, wanted);
	free(text);
}

static void test_empty_histogram(void **state)
{
	struct hist hist = {.unit = "ns"};
	struct printed printed;
	char *text;

	(void)state;
	histogram_text_print(&hist, print(&printed));
	text = text_of(&printed);
	assert_string_equal(text, "  (empty)\n");
	free(text);
}

static void test_csv(void **state)
{
	struct printed printed;
	const json_t *record;
	char *text, *save = NULL;
	size_t i;

	(void)state;
	trace_csv_head(print(&printed));
	json_array_foreach (records, i, record)
		trace_csv_print(record, printed.out);
	text = text_of(&printed);
	has(text, "hist,,ipi,latency,from=0 to=1 kind=call,ns,1024,1087,20,\r\n");
	has(text, "hist,,tlbflush,pages,,pages,1,1,20,\r\n");
	has(text, "probe,,ipi,cost_ns,,ns,135.2,148.9,141,\r\n");
	has(text, "probe,,tlbflush,cost_ns,,ns,,,,no blocks without probes: run it with `-- trimm "
		  "run`\r\n");
	has(text, "probe,,tlbflush,bpf_ns,,ns,,,,\r\n");
	has(text, "probe,,vmalloc,status,denied,,,,,vmalloc:purge_vmap_area_lazy: Operation not "
		  "permitted\r\n");
	has(text, "counter,,ipi,ipi_sent,from=2 to=0,interrupts,,,,that CPU is off line\r\n");
	has(text,
	    "event,,ipi,call,cpu=0 tid=12 to=1,ns,1.0000000005e+12,1.000000003e+12,2500,\r\n");
	has(text, "stack,,tlbflush,stack,reason=local;entry_SYSCALL_64;do_syscall_64;");
	for (char *line = strtok_r(text, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save))
		assert_int_equal(count(line, ","), 9);
	free(text);
}

static void test_folded(void **state)
{
	struct printed printed;
	char *text;

	(void)state;
	folded_print(json_array_get(records, 8), false, print(&printed));
	folded_print(json_array_get(records, 9), true, printed.out);
	text = text_of(&printed);
	assert_string_equal(text,
			    "entry_SYSCALL_64;do_syscall_64;do_madvise;flush_tlb_mm_range 10\n"
			    "tlbflush;entry_SYSCALL_64;do_syscall_64;do_munmap: cold;"
			    "flush_tlb_mm_range 20\n");
	free(text);
}

/* --- JSON trace events, as a strict reader takes them --- */

static json_t *perfetto_of(const json_t *from)
{
	struct printed printed;
	struct perfetto *perfetto = perfetto_open(print(&printed));
	json_t *events, *record;
	size_t i;
	char *text;

	assert_non_null(perfetto);
	json_array_foreach (from, i, record)
		perfetto_add(perfetto, record, 1000000000000);
	perfetto_close(perfetto);
	text = text_of(&printed);
	events = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_true(json_is_array(events));
	free(text);
	return events;
}

/* The fields that the format demands of each phase, and none that it doesn't know. */
static void check_fields(const json_t *event)
{
	static const struct {
		const char *ph, *needs[8], *may[4];
	} phases[] = {
		{"X", {"ph", "name", "cat", "pid", "tid", "ts", "dur"}, {"args"}},
		{"i", {"ph", "name", "cat", "pid", "tid", "ts", "s"}, {"args"}},
		{"C", {"ph", "name", "pid", "ts", "args"}, {NULL}},
		{"M", {"ph", "name", "pid", "args", "tid"}, {NULL}},
	};
	size_t at = 0, n = 0;

	while (at < 4 && strcmp(phases[at].ph, record_text(event, "ph")))
		at++;
	assert_true(at < 4);
	for (const char *const *need = phases[at].needs; *need; need++, n++)
		assert_non_null(json_object_get(event, *need));
	for (const char *const *may = phases[at].may; *may; may++)
		n += !!json_object_get(event, *may);
	assert_int_equal(json_object_size(event), n);
	assert_true(json_integer_value(json_object_get(event, "pid")) > 0);
}

static bool named(const json_t *events, const char *what, const json_t *event, bool thread)
{
	const json_t *other;
	size_t i;

	json_array_foreach (events, i, other)
		if (record_is(other, "") && !strcmp(record_text(other, "name"), what) &&
		    json_equal(json_object_get(other, "pid"), json_object_get(event, "pid")) &&
		    (!thread ||
		     json_equal(json_object_get(other, "tid"), json_object_get(event, "tid"))))
			return true;
	return false;
}

static void check_events(const json_t *events)
{
	const json_t *event, *other;
	size_t i, j;

	json_array_foreach (events, i, event) {
		double start = record_number(event, "ts"),
		       end = start + record_number(event, "dur");

		check_fields(event);
		assert_true(named(events, "process_name", event, false));
		if (strcmp(record_text(event, "ph"), "X"))
			continue;
		assert_true(named(events, "thread_name", event, true));
		/* What shares a track nests, or does not touch. */
		json_array_foreach (events, j, other) {
			double from = record_number(other, "ts");
			double to = from + record_number(other, "dur");

			if (strcmp(record_text(other, "ph"), "X") ||
			    !json_equal(json_object_get(other, "pid"),
					json_object_get(event, "pid")) ||
			    !json_equal(json_object_get(other, "tid"),
					json_object_get(event, "tid")))
				continue;
			assert_false(from > start && from < end && to > end);
		}
	}
}

static void test_perfetto(void **state)
{
	json_t *events = perfetto_of(records), *event;
	size_t i, slices = 0, instants = 0, counters = 0;
	double last = 0;

	(void)state;
	check_events(events);
	json_array_foreach (events, i, event) {
		const char *ph = record_text(event, "ph");

		slices += !strcmp(ph, "X");
		instants += !strcmp(ph, "i");
		if (strcmp(ph, "C"))
			continue;
		counters++;
		if (!strcmp(record_text(event, "name"), "call"))
			last = record_number(json_object_get(event, "args"), "value");
	}
	assert_int_equal(slices, 3);
	assert_int_equal(instants, 1);
	/* Calls at first and at the end, flushes, and two counter records that have values. */
	assert_int_equal(counters, 5);
	assert_true(last == 3);
	json_decref(events);
}

static void test_perfetto_of_overlapping(void **state)
{
	json_t *from = json_array(), *events;
	unsigned int seed = 1;

	(void)state;
	for (int i = 0; i < 400; i++) {
		seed = seed * 1103515245 + 12345;
		json_array_append_new(from, json_pack("{s:s,s:s,s:s,s:i,s:i,s:i}", "t", "event",
						      "probe", "faults", "name", "fault", "at_ns",
						      1000 * i, "cpu", (int)(seed >> 16 & 1),
						      "len_ns", (int)(seed >> 20) % 3000));
	}
	events = perfetto_of(from);
	check_events(events);
	json_decref(events);
	json_decref(from);
}

static void test_perfetto_of_nothing(void **state)
{
	json_t *none = json_array(), *events = perfetto_of(none);

	(void)state;
	assert_int_equal(json_array_size(events), 0);
	json_decref(events);
	json_decref(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_account_under_each_histogram),
		cmocka_unit_test(test_account_of_what_it_lacks),
		cmocka_unit_test(test_no_line_is_too_wide_for_bars),
		cmocka_unit_test(test_counters_by_value),
		cmocka_unit_test(test_stacks_the_heaviest),
		cmocka_unit_test(test_trouble_is_one_line),
		cmocka_unit_test(test_phases_apart),
		cmocka_unit_test(test_event_lines),
		cmocka_unit_test(test_histogram_rows),
		cmocka_unit_test(test_histogram_keeps_all),
		cmocka_unit_test(test_empty_histogram),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_folded),
		cmocka_unit_test(test_perfetto),
		cmocka_unit_test(test_perfetto_of_overlapping),
		cmocka_unit_test(test_perfetto_of_nothing),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
