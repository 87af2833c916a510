/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_user_model.c - what the user target does for a plugin that models the TLB, and what it can
 * do to other CPUs.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "targets/user/model.h"
#include "targets/user/window.h"
#include "histogram.h"
#include "core_calls.h"
#include "host.h"
#include "user_child.h"

static void open_and_say(void *arg)
{
	setenv("TRIMM_MODEL_FD", arg, 1);
	_exit(model_open() ? 3 : 0);
}

static void a_bad_descriptor_is_named(void **state)
{
	static char *const bad[] = {"", "x", "-1", "900", "4x"};
	struct child child;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char text[64];

		snprintf(text, sizeof(text), "TRIMM_MODEL_FD=%s cannot be mapped", bad[i]);
		child_run(&child, open_and_say, bad[i]);
		child_assert(&child, 3, text);
	}
}

static void nobody_models_unless_asked(void **state)
{
	(void)state;
	unsetenv("TRIMM_MODEL_FD");
	assert_int_equal(model_open(), 0);
	assert_false(model_watches());
	assert_null(model_place(4096, 0));
}

static struct mailbox *open_mailbox(void)
{
	int fd = memfd_create("mailbox", 0);
	struct mailbox *seen;
	char text[16];

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, MAILBOXES * sizeof(*seen)), 0);
	seen = mmap(NULL, MAILBOXES * sizeof(*seen), PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(seen, MAP_FAILED);
	snprintf(text, sizeof(text), "%d", fd);
	setenv("TRIMM_MODEL_FD", text, 1);
	assert_int_equal(model_open(), 0);
	assert_true(model_watches());
	close(fd);
	return seen;
}

/* Others see which range it was; and no clock decides what is executed. */
static void flushes_are_told(bool exact)
{
	static struct histogram took[HOST_FLUSH_CLASSES];
	struct mailbox *seen = open_mailbox();
	struct window *window = window_create(8UL << 20, exact);

	assert_non_null(window);
	plat_tlb_flush_range(window->start + TRI_PAGE_SIZE, window->start + 3 * TRI_PAGE_SIZE);
	assert_int_equal(seen[0].start, window->start + TRI_PAGE_SIZE);
	assert_int_equal(seen[0].end, window->start + 3 * TRI_PAGE_SIZE);
	plat_tlb_flush_all(window->start);
	assert_int_equal(seen[0].start, window->start);
	assert_int_equal(seen[0].end, window->end);
	host_flush_times_take(took);
	for (int i = 0; i < HOST_FLUSH_CLASSES; i++)
		assert_int_equal(took[i].n, 0);
	window_destroy(window);
	munmap(model_mailbox, MAILBOXES * sizeof(*seen));
	munmap(seen, MAILBOXES * sizeof(*seen));
	model_mailbox = NULL;
}

static void linear_flushes_are_told(void **state)
{
	(void)state;
	flushes_are_told(false);
}

static void exact_flushes_are_told(void **state)
{
	(void)state;
	flushes_are_told(true);
}

static struct tri_core *make_core(void)
{
	struct tri_config config;

	tri_config_default(&config);
	config.cpus = 1;
	return host_core_create(&core_calls_mmcore, &config);
}

/* Address by address: the core itself, and the window that a first area is at the start of. */
static void a_core_lies_where_the_last_one_lay(void **state)
{
	struct mailbox *seen = open_mailbox();
	struct tri_core *first = NULL;
	void *first_area = NULL;

	(void)state;
	assert_int_equal(host_param_set("memory", "64M"), 0);
	assert_int_equal(host_param_set("window", "64M"), 0);
	for (int i = 0; i < 3; i++) {
		struct tri_core *core = make_core();
		void *area;

		assert_non_null(core);
		plat_set_core(core);
		area = tri_vmalloc(TRI_PAGE_SIZE);
		assert_non_null(area);
		if (i) {
			assert_ptr_equal(core, first);
			assert_ptr_equal(area, first_area);
		}
		first = core;
		first_area = area;
		tri_vfree(area);
		tri_vmalloc_purge();
		plat_set_core(NULL);
		assert_int_equal(host_core_destroy(core), 0);
	}
	munmap(model_mailbox, MAILBOXES * sizeof(*seen));
	munmap(seen, MAILBOXES * sizeof(*seen));
	model_mailbox = NULL;
}

static void flush_times_are_taken_once(void **state)
{
	static struct histogram took[HOST_FLUSH_CLASSES];
	struct window *window = window_create(8UL << 20, false);

	(void)state;
	assert_non_null(window);
	host_flush_times_take(took);
	memset(took, 0, sizeof(took));
	for (int i = 0; i < 3; i++)
		plat_tlb_flush_range(window->start, window->start + TRI_PAGE_SIZE);
	host_flush_times_take(took);
	assert_int_equal(took[0].n, 3);
	assert_true(took[0].sum > 0);
	host_flush_times_take(took);
	assert_int_equal(took[0].n, 3);
	window_destroy(window);
}

static void ask_for_what_is_not_there(void *arg)
{
	(void)arg;
	host_invlpg(0);
}

static void what_is_lacking_has_a_reason(void **state)
{
	struct child child;

	(void)state;
	for (unsigned int i = 0; i < HOST_MEANS_COUNT; i++)
		if (i != HOST_IPI)
			assert_true(strlen(host_lacks(i)) > 10);
	child_run(&child, ask_for_what_is_not_there, NULL);
	child_assert(&child, 1, "host_lacks()");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bad_descriptor_is_named),
		cmocka_unit_test(nobody_models_unless_asked),
		cmocka_unit_test(linear_flushes_are_told),
		cmocka_unit_test(exact_flushes_are_told),
		cmocka_unit_test(a_core_lies_where_the_last_one_lay),
		cmocka_unit_test(flush_times_are_taken_once),
		cmocka_unit_test(what_is_lacking_has_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
