/* SPDX-License-Identifier: GPL-2.0-only */
/* test_row_file.c - rows as their reader sees them: whole ones, and those there is no room for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "row_file.h"
#include "say.h"

static char said[256];

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(said, sizeof(said), fmt, args);
	va_end(args);
}

static void add(uint64_t instructions)
{
	struct row *row = row_file_begin();

	assert_int_equal(row->counter[ROW_instructions], 0);
	row->counter[ROW_instructions] += instructions;
	row_file_end();
}

static void rows_without_room_are_counted(void **state)
{
	int fd = memfd_create("rows", MFD_CLOEXEC);
	const struct rows *rows;
	char path[64];

	(void)state;
	assert_true(fd >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	assert_int_equal(row_file_open(path, "a model", 6), 0);
	rows = mmap(NULL, sizeof(*rows), PROT_READ, MAP_SHARED, fd, 0);
	assert_true(rows != MAP_FAILED);
	assert_string_equal(rows->model, "a model");
	assert_int_equal(rows->absent, 6);
	assert_int_equal(rows->n, 0);
	for (unsigned int i = 0; i < ROWS_MAX + 2; i++)
		add(i + 1);
	assert_int_equal(rows->n, ROWS_MAX);
	assert_int_equal(rows->lost, 2);
	assert_int_equal(rows->row[0].counter[ROW_instructions], 1);
	assert_int_equal(rows->row[ROWS_MAX - 1].counter[ROW_instructions], ROWS_MAX);
}

static void a_file_that_cannot_be_is_refused(void **state)
{
	(void)state;
	assert_int_equal(row_file_open("/nowhere/rows", "", 0), -1);
	assert_string_equal(said,
			    "rows=/nowhere/rows cannot be written: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_without_room_are_counted),
		cmocka_unit_test(a_file_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
