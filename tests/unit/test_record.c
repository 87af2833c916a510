/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_record.c - run files read back, each kind of damage told in one line, and files cut
 * or changed anywhere: never a crash, always a run, an incomplete run or an error.
 */
#include "run.h"
#include "schema.h"

#include "run_files.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Is there a line of this one's type and bench above it? */
static bool seen(const char *text, const char *line)
{
	size_t length = strcspn(line, ",") + 1;

	length += strcspn(line + length, ",");
	for (const char *at = text; at < line; at = strchr(at, '\n') + 1) {
		if (!strncmp(at, line, length))
			return true;
	}
	return false;
}

/* A run with one line of each type for both arms: small enough to be cut at every byte. */
static char *small_text(size_t *length)
{
	struct record_shape shape = record_shape_default();
	char *path, *text, *small, *end;

	shape.pages[1] = 0;
	shape.blocks = 2;
	path = files_make_run("small.ndjson", &shape);
	text = files_read(path, length);
	small = end = calloc(1, *length + 1);
	assert_non_null(small);
	for (char *line = text, *next; *line; line = next) {
		next = strchr(line, '\n') + 1;
		if (!seen(text, line))
			end = mempcpy(end, line, (size_t)(next - line));
	}
	*length = (size_t)(end - small);
	free(text);
	free(path);
	return small;
}

/* NULL: it loads, and *run is the caller's. Else the error. */
static const char *load(const char *bytes, size_t length, struct run **run)
{
	static struct run_error error;
	char *path = files_path("load.ndjson");
	int err;

	files_write(path, bytes, length);
	err = run_load(path, run, &error);
	free(path);
	if (!err)
		return NULL;
	assert_null(*run);
	assert_null(strchr(error.text, '\n'));
	return error.text;
}

static void expect_error(const char *text, const char *expected)
{
	struct run *run;
	const char *error = load(text, strlen(text), &run);

	if (!error)
		fail_msg("loaded, though: %s", expected);
	if (!strstr(error, expected))
		fail_msg("said \"%s\", not \"%s\"", error, expected);
}

static void test_read_back(void **state)
{
	struct record_shape shape = record_shape_default();
	char *path = files_make_run("full.ndjson", &shape);
	struct run *run;
	struct run_error error;
	const struct bench *bench;
	char text[64];

	(void)state;
	assert_int_equal(run_load(path, &run, &error), 0);
	assert_string_equal(run->run_id, shape.run_id);
	assert_string_equal(run->started, "2026-11-21T11:47:20Z");
	assert_string_equal(run->status, "ok");
	assert_string_equal(run->path, path);
	assert_int_equal(run->nr_benches, 20);
	bench = &run->benches[7];
	assert_int_equal(bench->id, 7);
	assert_int_equal(bench->case_id, 3);
	assert_string_equal(bench->arm, "flush=lazy");
	assert_string_equal(bench_param(bench, "flush", text, sizeof(text)), "lazy");
	assert_string_equal(bench_param(bench, "nr_pages", text, sizeof(text)), "8");
	assert_string_equal(bench_param(bench, "none", text, sizeof(text)), "");
	assert_int_equal(bench_samples(bench, "total")->n, 12);
	assert_int_equal(bench_samples(bench, "total")->ops, 4096);
	assert_int_equal((long)bench_counter(bench, "exact", "table_write")->value, 65536);
	assert_false(bench_counter(bench, "measure", "host_steal_ns")->has_value);
	assert_string_equal(bench_counter(bench, "measure", "host_steal_ns")->avail, "unsupported");
	assert_int_equal(bench_counter(bench, "measure", "host_tlb_shootdowns")->nr_per_cpu, 2);
	assert_null(bench_counter(bench, "exact", "none"));
	assert_null(bench_hist(bench, "none"));
	assert_int_equal(bench->nr_hists, 6);
	assert_int_equal(bench->nr_intervals, 40);
	assert_true(bench->intervals[1].start_ns > 0);
	assert_true(run->nr_notes > 0 && run->notes[0].bench >= 0);
	run_free(run);
	free(path);
}

/* Counted, not timed: no blocks, thresholds, histograms of other things than time. */
static void test_read_back_exact(void **state)
{
	struct record_shape shape = record_shape_default();
	const struct bench *bench;
	struct run_error error;
	const struct hist *hist;
	struct run *run;
	char *path;

	(void)state;
	shape.exact = true;
	path = files_make_run("exact.ndjson", &shape);
	assert_int_equal(run_load(path, &run, &error), 0);
	bench = &run->benches[7];
	assert_string_equal(bench->status, "ok");
	assert_int_equal(bench->blocks, 0);
	assert_int_equal(bench->nr_samples, 0);
	assert_true(bench_is_exact(bench));
	assert_false(bench_real_time(bench));
	assert_float_equal(bench_counter(bench, "exact", "stlb_misses")->threshold, 0.005, 0);
	assert_string_equal(bench_counter(bench, "exact", "stlb_misses")->source, "tlbmodel");
	assert_float_equal(bench_counter(bench, "exact", "table_write")->threshold, 0, 0);
	hist = bench_hist(bench, "free.stlb_misses");
	assert_string_equal(hist->unit, "misses");
	assert_float_equal(hist->hz, 0, 0);
	assert_float_equal(hist_quantile_ns(hist, 1), 92, 0);
	run_free(run);
	free(path);
}

/* What probes said is beside what the harness counted, and never among it. */
static void test_read_back_traced(void **state)
{
#define PROBE "{\"t\":\"probe\",\"probe\":\"ipi\","
#define COUNTS                                                                                     \
	"\"how\":\"tp_btf\",\"seconds\":1.5,\"events\":12,\"delivered\":10,\"lost\":2,\"missed\":" \
	"0,"                                                                                       \
	"\"refused\":0,\"full\":0,\"bpf_ns\":null,\"bpf_runs\":null,\"floor_ns\":24.5,"
#define HIST                                                                                  \
	"{\"t\":\"hist\",\"metric\":\"latency\",\"unit\":\"ns\",\"scheme\":\"loglin\",\"sub_" \
	"bits\":"                                                                             \
	"4,\"n\":2,\"min\":90,\"max\":90,\"sum\":\"180\",\"buckets\":[[88,2]],\"lost\":0"
#define COUNTER                                                                               \
	"{\"t\":\"counter\",\"phase\":\"measure\",\"name\":\"sent\",\"unit\":\"interrupts\"," \
	"\"better\":\"none\",\"class\":\"noisy\",\"value\":7,\"avail\":\"ok\""
#define EVENT "{\"t\":\"event\",\"probe\":\"mmcore\",\"name\":\"purge\",\"at_ns\":1000,\"cpu\":1,"
	static const char *const lines[] = {
		PROBE "\"status\":\"denied\",\"why\":\"not root\"}",
		PROBE "\"bench\":1,\"status\":\"ok\"," COUNTS
		      "\"cost_ns\":[60,70,80],\"share\":[0.06,0.07,0.08],\"disturbed\":true}",
		PROBE "\"bench\":0,\"status\":\"ok\"," COUNTS
		      "\"cost_ns\":null,\"share\":null,\"cost_why\":\"3 pairs of blocks\"}",
		HIST
		",\"bench\":1,\"source\":\"ipi\",\"key\":{\"from\":0,\"to\":1,\"kind\":\"call\"}}",
		HIST ",\"source\":\"ipi\"}",
		COUNTER ",\"bench\":1,\"source\":\"ipi\",\"key\":{\"to\":1}}",
		COUNTER ",\"source\":\"ipi\"}",
		"{\"t\":\"stack\",\"bench\":1,\"probe\":\"ipi\",\"weight\":9,\"unit\":\"events\","
		"\"frames\":[\"main\",\"flush\"],\"key\":{\"cpu\":3}}",
		EVENT "\"bench\":1,\"len_ns\":55,\"args\":{\"pages\":9,\"start\":\"0x1000\"}}",
		EVENT "\"tid\":12,\"args\":{}}",
	};
	static const struct {
		const char *line, *error;
	} bad[] = {
		{HIST "}", "bench: missing"},
		{COUNTER ",\"source\":\"mmcore\"}", "bench: missing"},
		{HIST ",\"bench\":99,\"source\":\"ipi\"}", "there is no bench 99"},
		{COUNTER ",\"bench\":99,\"source\":\"ipi\"}", "there is no bench 99"},
		{PROBE "\"bench\":99,\"status\":\"denied\",\"why\":\"x\"}", "there is no bench 99"},
		{PROBE "\"status\":\"denied\"}", "probe.why: missing"},
		{PROBE "\"status\":\"ok\"," COUNTS "\"share\":null,\"cost_ns\":null}",
		 "probe.cost_why: missing"},
		{PROBE "\"status\":\"ok\"," COUNTS "\"share\":null,\"cost_ns\":[1,2]}",
		 "probe.cost_ns: "},
		{COUNTER ",\"source\":\"ipi\",\"key\":{\"to\":[1]}}", "key"},
		{EVENT "\"bench\":99,\"args\":{}}", "there is no bench 99"},
		{EVENT "\"args\":{\"pages\":[1]}}", "args"},
		{EVENT "\"len_ns\":-1,\"args\":{}}", "len_ns"},
	};
	struct record_shape shape = record_shape_default();
	char *path, *text, *all, key[64];
	size_t length, before;
	const struct bench *bench;
	struct run *run;

	(void)state;
	shape.end = NULL;
	path = files_make_run("traced.ndjson", &shape);
	text = files_read(path, &before);
	all = calloc(1, before + 4096);
	length = before;
	memcpy(all, text, before);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		length += (size_t)sprintf(all + length, "%s\n", lines[i]);
	assert_null(load(all, length, &run));
	bench = &run->benches[1];
	assert_int_equal(bench->nr_hists, 6);
	assert_null(bench_counter(bench, "measure", "sent"));
	assert_int_equal(bench->trace.nr_probes, 1);
	assert_float_equal(bench->trace.probes[0].lost, 2, 0);
	assert_true(isnan(bench->trace.probes[0].bpf_ns));
	assert_float_equal(bench->trace.probes[0].cost_ns.mid, 70, 0);
	assert_float_equal(bench->trace.probes[0].share.high, 0.08, 0);
	assert_ptr_equal(bench_disturbed(bench), trace_probe(&bench->trace, "ipi"));
	assert_string_equal(trace_key_text(trace_hist(&bench->trace, "ipi", "latency")->keys, 3,
					   key, sizeof(key)),
			    "from=0 to=1 kind=call");
	assert_string_equal(trace_key_text(bench->trace.hists[0].keys, 3, key, 9), "from=0 t");
	assert_float_equal(hist_quantile_ns(&bench->trace.hists[0], 0.5), 90, 2);
	assert_null(trace_hist(&bench->trace, "ipi", "duration"));
	assert_float_equal(bench->trace.counters[0].value, 7, 0);
	assert_float_equal(trace_key(bench->trace.counters[0].keys, 1, "to")->number, 1, 0);
	assert_null(trace_key(bench->trace.counters[0].keys, 1, "from"));
	assert_int_equal(bench->trace.stacks[0].nr_frames, 2);
	assert_string_equal(bench->trace.stacks[0].frames[1], "flush");
	assert_int_equal(bench->trace.nr_events, 1);
	assert_string_equal(bench->trace.events[0].name, "purge");
	assert_float_equal(bench->trace.events[0].len_ns, 55, 0);
	assert_int_equal(bench->trace.events[0].tid, -1);
	assert_int_equal(bench->trace.events[0].nr_args, 2);
	assert_float_equal(trace_key(bench->trace.events[0].args, 2, "pages")->number, 9, 0);
	bench = &run->benches[0];
	assert_null(bench_disturbed(bench));
	assert_true(isnan(bench->trace.probes[0].cost_ns.low));
	assert_string_equal(bench->trace.probes[0].cost_why, "3 pairs of blocks");
	assert_int_equal(run->trace.nr_probes, 1);
	assert_string_equal(run->trace.probes[0].why, "not root");
	assert_true(isnan(run->trace.probes[0].events));
	assert_int_equal(run->trace.nr_hists, 1);
	assert_int_equal(run->trace.nr_counters, 1);
	assert_int_equal(run->trace.nr_events, 1);
	assert_int_equal(run->trace.events[0].tid, 12);
	assert_true(isnan(run->trace.events[0].len_ns));
	run_free(run);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		sprintf(all + before, "%s\n", bad[i].line);
		expect_error(all, bad[i].error);
	}
	free(all);
	free(text);
	free(path);
}

static void test_quantiles(void **state)
{
	struct bucket buckets[] = {{10, 50}, {100, 40}, {1024, 10}};
	struct hist hist = {.metric = "free",
			    .sub_bits = 6,
			    .n = 100,
			    .min = 10,
			    .max = 1030,
			    .nr_buckets = 3,
			    .buckets = buckets};
	struct hist empty = {.metric = "free"};

	(void)state;
	assert_true(isnan(hist_quantile_ns(&empty, 0.5)));
	assert_float_equal(hist_quantile_ns(&hist, 0), 10, 1);
	assert_float_equal(hist_quantile_ns(&hist, 0.5), 11, 0.001);
	assert_float_equal(hist_quantile_ns(&hist, 0.9), 101, 0.001);
	/* A bucket at 1024 is 16 wide, but nothing was longer than 1030. */
	assert_float_equal(hist_quantile_ns(&hist, 0.99), 1030, 0.001);
	assert_float_equal(hist_quantile_ns(&hist, 1), 1030, 0.001);
	hist.hz = 2e9;
	assert_float_equal(hist_quantile_ns(&hist, 0.5), 5.5, 0.001);
}

static void test_faulty_files(void **state)
{
	size_t length;
	char *text = small_text(&length), *line = strchr(text, '\n') + 1, *all;
	char head[2048];

	(void)state;
	snprintf(head, sizeof(head), "%.*s", (int)(line - text), text);
	expect_error("", ":1: the file is empty");
	expect_error("\n", ":1: not a JSON object");
	expect_error("what is this\n", ":1: not a JSON object");
	expect_error("{\"t\":\"run\",\"schema\":\"trimm/2\"}\n",
		     ":1: format trimm/2; this program reads trimm/1");
	expect_error("{\"t\":\"note\",\"level\":\"warn\",\"text\":\"\"}\n",
		     ":1: note: the first line must be the run line");

#define EXPECT_AFTER_HEAD(lines, expected)                              \
	do {                                                            \
		assert_true(asprintf(&all, "%s%s\n", head, lines) > 0); \
		expect_error(all, expected);                            \
		free(all);                                              \
	} while (0)
	EXPECT_AFTER_HEAD(head, ":2: run: a second run line");
	EXPECT_AFTER_HEAD("garbage", ":2: not a JSON object");
	EXPECT_AFTER_HEAD("", ":2: not a JSON object");
	EXPECT_AFTER_HEAD("{\"t\":\"note\",\"t\":\"end\"}", ":2: not a JSON object: duplicate");
	EXPECT_AFTER_HEAD("{\"t\":\"note\",\"bench\":4,\"level\":\"warn\",\"text\":\"\"}",
			  ":2: bench: there is no bench 4 above");
	EXPECT_AFTER_HEAD("{\"t\":\"end\",\"run_id\":\"20261121T114720-0000\",\"status\":\"ok\","
			  "\"benches\":0,\"skipped\":0,\"failed\":0}",
			  ":2: end.run_id: not that of the run line");
	EXPECT_AFTER_HEAD("{\"t\":\"end\",\"run_id\":\"20261121T114720-3f9a\",\"status\":\"ok\","
			  "\"benches\":2,\"skipped\":0,\"failed\":0}",
			  ":2: end.benches: 2, but the file holds 0");
	free(text);
}

/* Faults that one record has with another: a bench twice, a line after the end, buckets. */
static void test_faulty_order(void **state)
{
	size_t length;
	char *text = small_text(&length), *bench = strchr(text, '\n') + 1;
	char *after = strchr(bench, '\n') + 1, *all;

	(void)state;
	assert_true(asprintf(&all, "%.*s%.*s", (int)(after - text), text, (int)(after - bench),
			     bench) > 0);
	expect_error(all, ":3: bench.bench: 0 after 0; must grow");
	free(all);
	assert_true(asprintf(&all, "%s%.*s", text, (int)(after - bench), bench) > 0);
	expect_error(all, "bench: a line after the end line");
	free(all);
	assert_true(asprintf(&all,
			     "%.*s{\"t\":\"samples\",\"bench\":0,\"metric\":\"m\",\"unit\":\"ns\","
			     "\"better\":\"lower\",\"class\":\"noisy\",\"per\":\"block\","
			     "\"values\":[1,2],\"order\":[0]}\n",
			     (int)(after - text), text) > 0);
	expect_error(all, ":3: samples.order: must be as long as values");
	free(all);
	assert_true(asprintf(&all,
			     "%.*s{\"t\":\"hist\",\"bench\":0,\"metric\":\"m\",\"unit\":\"ns\","
			     "\"scheme\":\"loglin\",\"sub_bits\":6,\"n\":2,\"min\":1,\"max\":9,"
			     "\"sum\":\"9\",\"buckets\":[[5,1],[5,1]],\"lost\":0}\n",
			     (int)(after - text), text) > 0);
	expect_error(all, ":3: buckets[1]: must grow");
	free(all);
	free(text);
}

static void test_missing_file(void **state)
{
	struct run *run;
	struct run_error error;

	(void)state;
	assert_int_equal(run_load("/nonexistent/x.ndjson", &run, &error), -1);
	assert_string_equal(error.text, "/nonexistent/x.ndjson: No such file or directory");
	assert_int_equal(run_load(files_folder(), &run, &error), -1);
	assert_non_null(strstr(error.text, "Is a directory"));
}

/* A killed run ends anywhere. Whole again only with its last byte or but for the newline. */
static void test_cut_anywhere(void **state)
{
	size_t length, incomplete = 0;
	char *text = small_text(&length), *first_line_end = strchr(text, '\n');

	(void)state;
	for (size_t cut = 0; cut < length - 1; cut++) {
		struct run *run;
		const char *error = load(text, cut, &run);

		if (error) {
			assert_true(cut < (size_t)(first_line_end - text));
			continue;
		}
		assert_string_equal(run->status, "incomplete");
		incomplete++;
		run_free(run);
	}
	assert_int_equal(incomplete, length - 1 - (size_t)(first_line_end - text));
	free(text);
}

/* Any byte turned into any of a few others that mean something to JSON, or to nobody. */
static void test_flip_anywhere(void **state)
{
	static const char bytes[] = {'\0', '\n', '"', '{', '}', ',', '9', '-', (char)0xff};
	size_t length, errors = 0, runs = 0;
	char *text = small_text(&length);

	(void)state;
	for (size_t at = 0; at < length; at++) {
		char saved = text[at];
		struct run *run;

		text[at] = bytes[at % sizeof(bytes)];
		if (load(text, length, &run))
			errors++;
		else
			runs++;
		run_free(run);
		text[at] = saved;
	}
	assert_true(errors > 0 && runs > 0);
	free(text);
}

/* A record the schema refuses must not load, one by one for every field of every record. */
static void test_schema_and_loader_agree(void **state)
{
	size_t length, checked = 0;
	char *text = small_text(&length), *line = text, *next, why[300];

	(void)state;
	for (; *line; line = next) {
		json_t *record = json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);
		const char *key;
		json_t *value;
		void *at;

		next = strchr(line, '\n') + 1;
		json_object_foreach_safe(record, at, key, value)
		{
			json_t *without = json_copy(record);
			char *dumped, *all;
			struct run *run;
			bool good;

			json_object_del(without, key);
			good = schema_check(schema_records(), without, why, sizeof(why));
			dumped = json_dumps(without, JSON_COMPACT);
			assert_true(asprintf(&all, "%.*s%s\n%s", (int)(line - text), text, dumped,
					     next) > 0);
			if (load(all, strlen(all), &run))
				assert_false(good);
			else
				assert_true(good);
			run_free(run);
			free(all);
			free(dumped);
			json_decref(without);
			checked++;
		}
		json_decref(record);
	}
	assert_true(checked > 100);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_read_back_exact),
		cmocka_unit_test(test_read_back_traced),
		cmocka_unit_test(test_quantiles),
		cmocka_unit_test(test_faulty_files),
		cmocka_unit_test(test_faulty_order),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_flip_anywhere),
		cmocka_unit_test(test_schema_and_loader_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
