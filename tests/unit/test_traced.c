/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_traced.c - cases beside which somebody traces: the order of blocks, what is said of them,
 * what is counted, and collectors that fail in every way there is: the case is whole all the same.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run_case.h"
#include "targets/user/stop.h"
#include "trace_double.h"

#define CASE                                                                            \
	"unmap-storm cpus=1 exact_ops=64 warmup=20 slice=200 memory=64M first_bench=7 " \
	"lazy_max_pages=64 arm:flush=eager arm:flush=lazy "

static const char *note_of(const struct run *run)
{
	for (size_t i = 0; i < run->nr_notes; i++) {
		if (strstr(run->notes[i].text, "traced"))
			return run->notes[i].text;
	}
	return "";
}

static void expect_question(const struct double_log *log, unsigned int i, const char *text)
{
	assert_true(i < log->questions);
	if (strncmp(log->question[i].text, text, strlen(text)))
		fail_msg("question %u is \"%s\", not \"%s\"", i, log->question[i].text, text);
	/* Nobody is at work while the probes move. */
	assert_int_equal(log->question[i].arm, -1);
}

/* Blocks without probes are all there, and measured as if nobody traced. */
static void expect_whole(const struct run *run, size_t blocks)
{
	assert_int_equal(run->nr_benches, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct bench *bench = &run->benches[i];

		assert_string_equal(bench->status, "ok");
		assert_int_equal(bench->blocks, blocks);
		assert_int_equal(bench_samples(bench, "total")->n, blocks);
		assert_int_equal(bench->ops, bench_samples(bench, "total")->ops * blocks);
		assert_int_equal(bench_hist(bench, "alloc")->n, bench->ops);
	}
}

/* Out in in out out in in out: probes move once a pair; each arm's blocks are told once. */
static void test_blocks_take_turns(void **state)
{
	const struct double_log *log = double_begin(NULL, 0, DOUBLE_OK);
	struct run *run;

	(void)state;
	assert_int_equal(run_case(CASE "blocks=4", &run), 0);
	double_end();
	assert_int_equal(log->cases, 1);
	assert_int_equal(log->questions, 10);
	expect_question(log, 0, "begin 7 2");
	expect_question(log, 1, "on");
	expect_question(log, 2, "off");
	expect_question(log, 3, "on");
	expect_question(log, 4, "off");
	expect_question(log, 5, "blocks 0 off ");
	expect_question(log, 6, "blocks 0 on ");
	expect_question(log, 7, "blocks 1 off ");
	expect_question(log, 8, "blocks 1 on ");
	expect_question(log, 9, "end");
	for (unsigned int arm = 0; arm < 2; arm++) {
		assert_int_equal(log->times[arm][0], 4);
		assert_int_equal(log->times[arm][1], 4);
	}
	assert_int_equal(log->in[3] + log->in[4], 0);
	expect_whole(run, 4);
	assert_string_equal(note_of(run), "");
	for (size_t i = 0; i < 2; i++) {
		const struct bench *bench = &run->benches[i];
		const struct samples *traced = bench_samples(bench, "total.traced");

		assert_int_equal(bench->id, 7 + (int)i);
		assert_int_equal(traced->n, 4);
		assert_int_equal(traced->ops, bench_samples(bench, "total")->ops);
		assert_int_equal(traced->better, BETTER_NONE);
		assert_int_equal(log->ops[i][0], bench->ops);
		assert_int_equal(log->ops[i][1], bench->ops);
		assert_int_equal(bench->trace.nr_probes, 1);
		assert_float_equal(bench->trace.probes[0].events, 100 + (double)i, 0);
		assert_ptr_equal(bench_disturbed(bench), &bench->trace.probes[0]);
	}
	run_free(run);
}

/* Counters are of all that was done: each lazily freed area was purged, and so counted, once. */
static void test_counters_cover_all(void **state)
{
	const struct counter *purged;
	const struct bench *bench;
	struct run *run;

	(void)state;
	double_begin(NULL, 0, DOUBLE_OK);
	assert_int_equal(run_case(CASE "blocks=3", &run), 0);
	double_end();
	bench = &run->benches[1];
	purged = bench_counter(bench, "measure", "purge_areas");
	assert_true(purged->ops > 2 * bench->ops);
	assert_float_equal(purged->value, (double)purged->ops, 0);
	run_free(run);
	/* And untraced, of the blocks. */
	assert_int_equal(run_case(CASE "blocks=3", &run), 0);
	expect_whole(run, 3);
	bench = &run->benches[1];
	assert_null(bench_samples(bench, "total.traced"));
	purged = bench_counter(bench, "measure", "purge_areas");
	assert_int_equal(purged->ops, bench->ops);
	assert_float_equal(purged->value, (double)purged->ops, 0);
	run_free(run);
}

/* The word that says who is at work: both arms are seen, with the probes in and out. */
static void test_arm_at_work(void **state)
{
	const struct double_log *log = double_begin(NULL, 0, DOUBLE_OK);

	(void)state;
	assert_int_equal(run_case(CASE "blocks=60 slice=1000", NULL), 0);
	double_end();
	for (unsigned int arm = 0; arm < 2; arm++) {
		assert_true(log->in[1 + arm] > 0);
		assert_true(log->out[1 + arm] > 0);
	}
	assert_true(log->out[0] > 0);
}

/* More blocks than a message holds come in several. */
static void test_many_blocks(void **state)
{
	const struct double_log *log = double_begin(NULL, 0, DOUBLE_OK);
	struct run *run;

	(void)state;
	assert_int_equal(run_case("kmalloc-pair cpus=1 exact_ops=64 warmup=1 slice=50 memory=64M "
				  "arm:slab=slub arm:slab=slob blocks=900",
				  &run),
			 0);
	double_end();
	for (unsigned int arm = 0; arm < 2; arm++) {
		for (unsigned int in = 0; in < 2; in++) {
			assert_int_equal(log->times[arm][in], 900);
			assert_true(log->messages[arm][in] > 1);
		}
	}
	assert_int_equal(bench_samples(&run->benches[0], "total.traced")->n, 900);
	assert_int_equal(run->benches[1].trace.nr_probes, 1);
	run_free(run);
}

/* Whatever goes wrong, at whichever question: all blocks without probes are there, and a note. */
static void test_collectors_that_fail(void **state)
{
	static const struct {
		const char *question;
		unsigned int nth;
		enum double_answer answer;
		size_t traced; /* blocks */
		const char *note;
	} cases[] = {
		{"begin", 1, DOUBLE_ERROR, 0,
		 "not traced: the tracer says, to \"begin\": no such luck"},
		{"begin", 1, DOUBLE_NO_PAGE, 0,
		 "not traced: the tracer passed nothing that could be mapped"},
		{"begin", 1, DOUBLE_DIE, 0, "not traced: the tracer has gone, at \"begin\""},
		{"begin", 1, DOUBLE_BABBLE, 0,
		 "not traced: the tracer's answer to \"begin\" is neither ok nor an error: "
		 "\"what?\""},
		{"on", 1, DOUBLE_ERROR, 0, "not traced: the tracer says, to \"on\": no such luck"},
		{"on", 1, DOUBLE_BYTES, 0,
		 "not traced: the tracer's answer to \"on\" is no message"},
		{"on", 1, DOUBLE_LONG, 0,
		 "not traced: the tracer's answer to \"on\" is no message"},
		{"on", 2, DOUBLE_DIE, 2, "traced in part: the tracer has gone, at \"on\""},
		{"off", 1, DOUBLE_ERROR, 2,
		 "traced in part: the tracer says, to \"off\": no such luck"},
		{"off", 2, DOUBLE_DIE, 4, "traced in part: the tracer has gone, at \"off\""},
		{"blocks", 3, DOUBLE_BABBLE, 4,
		 "traced in part: the tracer's answer to \"blocks\" "
		 "is neither ok nor an error: \"what?\""},
		{"end", 1, DOUBLE_ERROR, 4,
		 "traced in part: the tracer says, to \"end\": no such luck"},
		{"end", 1, DOUBLE_BABBLE, 4,
		 "traced in part: the tracer sent what is no record: \"what?\""},
		{"end", 1, DOUBLE_DIE, 4, "traced in part: the tracer has gone, at \"end\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct samples *traced;
		struct run *run;

		double_begin(cases[i].question, cases[i].nth, cases[i].answer);
		assert_int_equal(run_case(CASE "blocks=4", &run), 0);
		double_end();
		if (strcmp(note_of(run), cases[i].note))
			fail_msg("%s, %u: the note is \"%s\"", cases[i].question, cases[i].nth,
				 note_of(run));
		expect_whole(run, 4);
		traced = bench_samples(&run->benches[1], "total.traced");
		assert_int_equal(traced ? traced->n : 0, cases[i].traced);
		assert_int_equal(run->benches[0].trace.nr_probes, 0);
		run_free(run);
	}
}

/* Records that came before the end stay. */
static void test_collector_that_dies_in_its_records(void **state)
{
	struct run *run;

	(void)state;
	double_begin("end", 1, DOUBLE_RECORD_DIE);
	assert_int_equal(run_case(CASE "blocks=4", &run), 0);
	double_end();
	expect_whole(run, 4);
	assert_int_equal(run->benches[0].trace.nr_probes, 1);
	assert_int_equal(run->benches[1].trace.nr_probes, 0);
	assert_string_equal(note_of(run), "traced in part: the tracer has gone, at \"end\"");
	run_free(run);
}

static void test_no_collector(void **state)
{
	static const struct {
		const char *name, *note;
	} cases[] = {
		{"@no-such-tracer", "not traced: no tracer at @no-such-tracer: Connection refused"},
		{"tracer", "not traced: TRIMM_TRACE=tracer is no @NAME"},
		{"@", "not traced: TRIMM_TRACE=@ is no @NAME"},
	};
	struct run *run;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		setenv("TRIMM_TRACE", cases[i].name, 1);
		assert_int_equal(run_case(CASE "blocks=2", &run), 0);
		assert_string_equal(note_of(run), cases[i].note);
		expect_whole(run, 2);
		run_free(run);
	}
	/* An empty name is none. */
	setenv("TRIMM_TRACE", "", 1);
	assert_int_equal(run_case(CASE "blocks=2", &run), 0);
	assert_string_equal(note_of(run), "");
	run_free(run);
	unsetenv("TRIMM_TRACE");
}

static void stop(int signal)
{
	(void)signal;
	stop_request();
}

/* Ctrl-C while the probes go in, the second time: three pairs were meant, two blocks of each kind
 * are there, or less, and the collector still tells what it has. */
static void test_interrupted(void **state)
{
	struct sigaction action = {.sa_handler = stop}, before;
	const struct double_log *log;
	size_t blocks;
	struct run *run;

	(void)state;
	sigaction(SIGINT, &action, &before);
	log = double_begin("on", 2, DOUBLE_INT);
	assert_int_equal(run_case(CASE "blocks=6", &run), 1);
	double_end();
	sigaction(SIGINT, &before, NULL);
	assert_string_equal(run->benches[0].status, "partial");
	blocks = run->benches[0].blocks;
	assert_int_equal(blocks, 3);
	assert_int_equal(bench_samples(&run->benches[0], "total.traced")->n, 2);
	assert_int_equal(run->benches[1].trace.nr_probes, 1);
	assert_string_equal(note_of(run), "");
	expect_question(log, log->questions - 6, "off");
	expect_question(log, log->questions - 2, "blocks 1 on ");
	assert_int_equal(log->times[1][1], 2);
	assert_int_equal(log->ops[1][0], run->benches[1].ops);
	assert_int_equal(log->ops[1][1], 2 * bench_samples(&run->benches[1], "total")->ops);
	expect_question(log, log->questions - 1, "end");
	run_free(run);
}

/* Nothing may run beside what is counted; and what the harness itself takes is no workload. */
static void test_never_traced(void **state)
{
	const struct double_log *log = double_begin(NULL, 0, DOUBLE_OK);
	struct run *run;

	(void)state;
	run_case_modelled = true;
	assert_int_equal(run_case("kmalloc-pair cpus=1 mode=exact exact_ops=64 memory=64M", &run),
			 0);
	run_case_modelled = false;
	assert_string_equal(note_of(run),
			    "not traced: mode=exact counts, and nothing else may run");
	run_free(run);
	assert_int_equal(run_case("null impl=null cpus=1 warmup=1 slice=50 blocks=3", &run), 0);
	assert_string_equal(note_of(run), "");
	assert_int_equal(bench_samples(&run->benches[0], "total")->n, 3);
	assert_null(bench_samples(&run->benches[0], "total.traced"));
	run_free(run);
	double_end();
	assert_int_equal(log->cases, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_take_turns),
		cmocka_unit_test(test_counters_cover_all),
		cmocka_unit_test(test_arm_at_work),
		cmocka_unit_test(test_many_blocks),
		cmocka_unit_test(test_collectors_that_fail),
		cmocka_unit_test(test_collector_that_dies_in_its_records),
		cmocka_unit_test(test_no_collector),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_never_traced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
