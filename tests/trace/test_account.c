/* SPDX-License-Identifier: GPL-2.0-only */
/* test_account.c - what is known of a probe, and what is not, as a record says it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "account.h"

static struct trace_cost a_cost(void)
{
	struct trace_cost cost = {0};

	cost.event_ns.low = 110;
	cost.event_ns.median = 120;
	cost.event_ns.high = 130;
	cost.share.low = 0.0625;
	cost.share.median = 0.125;
	cost.share.high = 0.25;
	cost.disturbed = true;
	return cost;
}

static struct account a_full_one(void)
{
	return (struct account){
		.probe = "ipi",
		.status = "ok",
		.why = "",
		.how = "raw_tp",
		.seconds = 2.5,
		.events = {.events = 10, .delivered = 9, .lost = 8, .refused = 7, .missed = 5},
		.programs = {.missed = 40, .runs = 30, .ns = 20},
		.timed = true,
		.floor_ns = 24.5,
	};
}

static void expect(const struct account *account, const char *text)
{
	json_t *record = account_record(account);
	char *line = json_dumps(record, JSON_COMPACT | JSON_REAL_PRECISION(6));

	assert_string_equal(line, text);
	free(line);
	json_decref(record);
}

#define COUNTS                                                                                    \
	"\"how\":\"raw_tp\",\"seconds\":2.5,\"events\":10,\"delivered\":9,\"lost\":8,\"missed\":" \
	"45,"                                                                                     \
	"\"refused\":7,\"full\":"
#define HEAD "{\"t\":\"probe\",\"probe\":\"ipi\",\"status\":\"ok\","

static void all_is_known(void **state)
{
	struct account account = a_full_one();
	struct trace_cost cost = a_cost();

	(void)state;
	account.all_cost = &cost;
	expect(&account,
	       HEAD COUNTS "0,\"bpf_ns\":20,\"bpf_runs\":30,\"floor_ns\":24.5,"
			   "\"cost_ns\":[110.0,120.0,130.0],\"share\":[0.0625,0.125,0.25],"
			   "\"disturbed\":true}");
}

static void what_is_not_known_is_null(void **state)
{
	struct account account = a_full_one();
	struct trace_cost cost = a_cost();

	(void)state;
	account.timed = false;
	account.floor_ns = -1;
	expect(&account, HEAD COUNTS
	       "0,\"bpf_ns\":null,\"bpf_runs\":null,\"floor_ns\":null,\"cost_ns\":null,\"share\":"
	       "null,"
	       "\"cost_why\":\"no case said how long its blocks took, with and without\"}");
	/* There were no events: a share, and none an event. */
	account.timed = true;
	account.floor_ns = 0;
	account.all_cost = &cost;
	cost.disturbed = false;
	cost.event_ns.median = NAN;
	strcpy(cost.why, "no event");
	expect(&account, HEAD COUNTS
	       "0,\"bpf_ns\":20,\"bpf_runs\":30,\"floor_ns\":0.0,\"cost_ns\":null,"
	       "\"share\":[0.0625,0.125,0.25],\"cost_why\":\"no event\",\"disturbed\":false}");
	/* There were too few blocks: neither. */
	cost.share.median = NAN;
	strcpy(cost.why, "too few");
	expect(&account,
	       HEAD COUNTS "0,\"bpf_ns\":20,\"bpf_runs\":30,\"floor_ns\":0.0,\"cost_ns\":null,"
			   "\"share\":null,\"cost_why\":\"too few\"}");
}

static void expect_why(const struct account *account, const char *why)
{
	json_t *record = account_record(account);
	const char *text = json_string_value(json_object_get(record, "why"));

	if (why)
		assert_string_equal(text, why);
	else
		assert_null(text);
	json_decref(record);
}

static void what_it_lacks(void **state)
{
	struct account account = a_full_one();

	(void)state;
	expect_why(&account, NULL);
	account.events.full = 3;
	expect_why(&account, "its maps are full: --room=N makes them larger");
	account.why = "no latency: it is refused";
	expect_why(&account,
		   "no latency: it is refused; its maps are full: --room=N makes them larger");
	account.events.full = 0;
	expect_why(&account, "no latency: it is refused");
}

static void one_that_does_not_work_has_no_numbers(void **state)
{
	struct account account = a_full_one();
	struct trace_cost cost = a_cost();

	(void)state;
	account.status = "denied";
	account.why = "be root";
	account.events.full = 3;
	account.all_cost = &cost;
	expect(&account,
	       "{\"t\":\"probe\",\"probe\":\"ipi\",\"status\":\"denied\",\"why\":\"be root\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_known),
		cmocka_unit_test(what_is_not_known_is_null),
		cmocka_unit_test(what_it_lacks),
		cmocka_unit_test(one_that_does_not_work_has_no_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
