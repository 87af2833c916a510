/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_look.c - questions about a case's arms and what is answered, by way of the user target's
 * socket: a thread asks, and the test is the harness between two slices.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "targets/user/questions.h"
#include "targets/user/workers.h"
#include "core.h"
#include "look.h"

static struct case_config config;
static struct arm_state arms[3];
static struct bench_case bench = {.config = &config, .arms = arms};

static void *ask_main(void *arg)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "trimm-%u-%d",
			      geteuid(), getpid());
	FILE *stream = fdopen(fd, "r+");
	char *answer = NULL;
	size_t size = 0;

	if (connect(fd, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) ||
	    dprintf(fd, "%s\n", (const char *)arg) < 0 || getdelim(&answer, &size, 0, stream) < 0)
		abort();
	fclose(stream);
	return answer;
}

static void expect_answer(const char *question, const char *expected)
{
	char *answer;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, ask_main, (void *)question), 0);
	while (!questions_asked())
		usleep(1000);
	look_if_asked(&bench);
	assert_int_equal(pthread_join(thread, (void **)&answer), 0);
	assert_string_equal(answer, expected);
	free(answer);
}

static struct tri_core *create(void)
{
	static struct tri_config core;
	struct tri_core *made;

	tri_config_default(&core);
	core.cpus = workers_cpus();
	made = host_core_create(&core_calls_mmcore, &core);
	assert_non_null(made);
	return made;
}

/* Of four arms as written the first was skipped; the third has no core, the last none yet. */
static int start(void **state)
{
	(void)state;
	host_param_set("memory", "32M");
	host_param_set("window", "64M");
	questions_open();
	config.nr_arms = 4;
	bench.nr_arms = 3;
	for (unsigned int i = 0; i < 4; i++) {
		config.arm[i].subject = i == 2 ? &subject_null : &subject_mmcore;
		snprintf(config.arm[i].text, sizeof(config.arm[i].text), "label=%u", i);
	}
	for (unsigned int i = 0; i < 3; i++)
		arms[i].number = i + 1;
	arms[0].bench.core = create();
	return 0;
}

static int end(void **state)
{
	(void)state;
	return host_core_destroy(arms[0].bench.core) != 0;
}

static void an_arm_is_the_one_that_runs(void **state)
{
	(void)state;
	expect_answer("check 0", "ok label=1\n0 faults\n");
	expect_answer("check", "ok label=1\n0 faults\n");
}

static void what_has_no_answer_says_why(void **state)
{
	(void)state;
	expect_answer("check 1", "no this arm's subject keeps its memory where trimm can't look\n");
	expect_answer("check 2", "wait the arm is not open yet\n");
	expect_answer("check 3", "no the case has no such arm\n");
	expect_answer("check every", "no the case has no such arm\n");
	expect_answer("checks 0", "no there is nothing of that name to show\n");
	expect_answer("chec all", "no there is nothing of that name to show\n");
	expect_answer("", "no there is nothing of that name to show\n");
}

static void all_are_answered_for_in_one(void **state)
{
	(void)state;
	expect_answer("check all", "ok all\n"
				   "arm 0: label=1\n0 faults\n"
				   "arm 1: label=2\n"
				   "(this arm's subject keeps its memory where trimm can't look)\n"
				   "arm 2: label=3\n(the arm is not open yet)\n");
}

/* A page in use that claims to lie on a list; the lines about it are on stderr. */
static void a_fault_is_counted(void **state)
{
	struct tri_core *core = arms[0].bench.core;
	unsigned long pfn;
	char expected[64];

	(void)state;
	plat_set_core(core);
	pfn = tri_alloc_pages(TRI_GFP_KERNEL, 0);
	frame_set_kind(frame_find(&core->frames, pfn), FRAME_CACHED, 0);
	snprintf(expected, sizeof(expected), "ok label=1\n%lu faults\n", tri_check(core));
	assert_string_not_equal(expected, "ok label=1\n0 faults\n");
	expect_answer("check 0", expected);
	frame_set_kind(frame_find(&core->frames, pfn), FRAME_USED, 0);
	tri_free_pages(pfn, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arm_is_the_one_that_runs),
		cmocka_unit_test(what_has_no_answer_says_why),
		cmocka_unit_test(all_are_answered_for_in_one),
		cmocka_unit_test(a_fault_is_counted),
	};

	return cmocka_run_group_tests(tests, start, end);
}
