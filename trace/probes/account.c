/* SPDX-License-Identifier: GPL-2.0-only */
/* account.c - see account.h. What is not known is null, with the reason where there is one. */
#include "account.h"

#include <math.h>
#include <string.h>

/* What the case's blocks say all probes cost together; without a case it is not known. */
static void add_cost(const struct trace_cost *cost, json_t *to)
{
	const struct estimate *ns = &cost->event_ns, *share = &cost->share;

	if (*cost->why)
		json_object_set_new(to, "cost_why", json_string(cost->why));
	if (isnan(share->median))
		return;
	json_object_set_new(to, "share",
			    json_pack("[fff]", share->low, share->median, share->high));
	json_object_set_new(to, "disturbed", json_boolean(cost->disturbed));
	if (!isnan(ns->median))
		json_object_set_new(to, "cost_ns",
				    json_pack("[fff]", ns->low, ns->median, ns->high));
}

static void add_costs(const struct account *account, json_t *to)
{
	json_object_set_new(to, "floor_ns",
			    account->floor_ns < 0 ? json_null() : json_real(account->floor_ns));
	json_object_update_new(to, json_pack("{sn sn}", "cost_ns", "share"));
	if (account->all_cost)
		add_cost(account->all_cost, to);
	else
		json_object_set_new(
			to, "cost_why",
			json_string("no case said how long its blocks took, with and without"));
}

static json_t *count_or_null(bool known, uint64_t count)
{
	return known ? json_integer((json_int_t)count) : json_null();
}

static void add_counts(const struct account *account, json_t *to)
{
	const struct trace_account *events = &account->events;
	const struct program_counts *programs = &account->programs;

	json_object_update_new(
		to, json_pack("{ss sf sI sI sI sI sI sI so so}", "how", account->how, "seconds",
			      account->seconds, "events", (json_int_t)events->events, "delivered",
			      (json_int_t)events->delivered, "lost", (json_int_t)events->lost,
			      "missed", (json_int_t)(programs->missed + events->missed), "refused",
			      (json_int_t)events->refused, "full", (json_int_t)events->full,
			      "bpf_ns", count_or_null(account->timed, programs->ns), "bpf_runs",
			      count_or_null(account->timed, programs->runs)));
}

/* What it lacks of itself, and what of its events had no room. */
static void add_why(const struct account *account, bool full, json_t *to)
{
	static const char maps[] = "its maps are full: --room=N makes them larger";

	if (*account->why)
		json_object_set_new(to, "why",
				    full ? json_sprintf("%s; %s", account->why, maps)
					 : json_string(account->why));
	else if (full)
		json_object_set_new(to, "why", json_string(maps));
}

json_t *account_record(const struct account *account)
{
	json_t *record = json_pack("{ss ss ss}", "t", "probe", "probe", account->probe, "status",
				   account->status);
	const bool works = !strcmp(account->status, "ok");

	if (works) {
		add_counts(account, record);
		add_costs(account, record);
	}
	add_why(account, works && account->events.full, record);
	return record;
}
