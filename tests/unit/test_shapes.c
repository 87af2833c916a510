/* SPDX-License-Identifier: GPL-2.0-only */
/* test_shapes.c - published shapes: which hold in a run, which differ, which it can't tell of. */
#include "record_maker.h"
#include "shapes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static struct run *run_of(const struct record_shape *shape)
{
	char path[] = "/tmp/trimm-test-shapes.XXXXXX";
	struct run_error error = {.text = ""};
	struct run *run;

	close(mkstemp(path));
	assert_int_equal(record_make(path, shape), 0);
	if (run_load(path, &run, &error))
		fail_msg("%s", error.text);
	unlink(path);
	return run;
}

/* Eager flushing by 2 and by 8 CPUs, beside lazy. */
static struct record_shape storm(void)
{
	struct record_shape shape = record_shape_default();

	memset(shape.pages, 0, sizeof(shape.pages));
	memset(shape.cpus, 0, sizeof(shape.cpus));
	shape.pages[0] = 1;
	shape.cpus[0] = 2;
	shape.cpus[1] = 8;
	shape.base = "eager-global";
	return shape;
}

static void shapes_hold_where_counts_show_them(void **state)
{
	struct record_shape made = storm();
	struct run *run = run_of(&made);
	struct shape shapes[SHAPES];
	char text[64];

	(void)state;
	shapes_judge(run, shapes);
	assert_true(shapes_any(shapes));
	assert_int_equal(shapes[SHAPE_eager_grows].verdict, SHAPE_HOLDS);
	assert_true(shapes[SHAPE_eager_grows].large == 7);
	assert_true(shapes[SHAPE_eager_grows].small == 1);
	assert_string_equal(shape_ratio(&shapes[SHAPE_eager_grows], text, sizeof(text)), "7 ×");
	assert_int_equal(shapes[SHAPE_lazy_does_not].verdict, SHAPE_HOLDS);
	assert_int_equal(shapes[SHAPE_huge_scan].verdict, SHAPE_NOT_HERE);
	assert_null(shapes[SHAPE_huge_scan].larger);
	run_free(run);
}

static void a_shape_that_does_not_show_differs(void **state)
{
	struct record_shape made = storm();
	struct shape shapes[SHAPES];
	struct run *run;

	(void)state;
	/* As if lazy flushing were eager. */
	made.same_work = true;
	run = run_of(&made);
	shapes_judge(run, shapes);
	assert_int_equal(shapes[SHAPE_eager_grows].verdict, SHAPE_HOLDS);
	assert_int_equal(shapes[SHAPE_lazy_does_not].verdict, SHAPE_DIFFERS);
	run_free(run);
}

/* Both sides must be there: 2 CPUs show no growth. And other parameters are other cases. */
static void half_a_pair_shows_nothing(void **state)
{
	struct record_shape made = storm();
	struct shape shapes[SHAPES];
	struct run *run;

	(void)state;
	made.cpus[1] = 0;
	run = run_of(&made);
	shapes_judge(run, shapes);
	assert_int_equal(shapes[SHAPE_eager_grows].verdict, SHAPE_NOT_HERE);
	assert_false(shapes_any(shapes));
	run_free(run);
}

static void a_case_that_was_skipped_shows_nothing(void **state)
{
	struct record_shape made = storm();
	struct shape shapes[SHAPES];
	struct run *run;

	(void)state;
	made.skip_next = "needs more";
	run = run_of(&made);
	shapes_judge(run, shapes);
	assert_int_equal(shapes[SHAPE_eager_grows].verdict, SHAPE_HOLDS);
	assert_int_equal(shapes[SHAPE_lazy_does_not].verdict, SHAPE_NOT_HERE);
	run_free(run);
}

/* What a rule lacks would be an empty cell. */
static void each_shape_is_complete(void **state)
{
	struct record_shape made = storm();
	struct run *run = run_of(&made);
	struct shape shapes[SHAPES];

	(void)state;
	shapes_judge(run, shapes);
	for (int i = 0; i < SHAPES; i++) {
		assert_true(*shapes[i].claim && *shapes[i].source && *shapes[i].remark);
		assert_true(shapes[i].factor >= 1);
	}
	run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_hold_where_counts_show_them),
		cmocka_unit_test(a_shape_that_does_not_show_differs),
		cmocka_unit_test(half_a_pair_shows_nothing),
		cmocka_unit_test(a_case_that_was_skipped_shows_nothing),
		cmocka_unit_test(each_shape_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
