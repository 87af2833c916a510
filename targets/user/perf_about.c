/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf_about.c - `trimm-user perf`: what perf events this machine has and lets us have, found out
 * by opening them. `trimm doctor` shows the first part: "finding<tab>subject<tab>text" a line; then
 * come the names that perf= takes, "counter<tab>name<tab>finding".
 */
#include "perf.h"

#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>

#include "perf_open.h"

/* What all counters of a kind said together. */
struct tally {
	unsigned int all, ok;
	struct perf_answer first; /* that was not ok */
};

static void tally_add(struct tally *tally, const struct perf_answer *answer)
{
	tally->all++;
	if (!strcmp(answer->avail, "ok"))
		tally->ok++;
	else if (tally->all - tally->ok == 1)
		tally->first = *answer;
}

static void say(const char *subject, const struct tally *tally, const char *what)
{
	if (tally->ok == tally->all)
		printf("ok\t%s\t%s\n", subject, what);
	else if (tally->ok)
		printf("warn\t%s\t%u of %u counters; %s\n", subject, tally->ok, tally->all,
		       tally->first.why);
	else
		printf("missing\t%s\t%s\n", subject, tally->first.why);
}

static void try_tracepoint(struct tally *tally)
{
	struct perf_list list;
	struct perf_answer answer;
	char why[300];

	perf_list_parse("tlb:tlb_flush", &list, why, sizeof(why));
	perf_try(&list.counter[0], -1, &answer);
	tally_add(tally, &answer);
}

int perf_about(void)
{
	struct tally software = {0}, hardware = {0}, tracepoint = {0}, rdpmc = {0};
	struct perf_answer answers[PERF_COUNTERS_MAX], answer;
	struct perf_list list;
	char why[300];

	perf_list_parse("auto", &list, why, sizeof(why));
	for (unsigned int i = 0; i < list.n; i++) {
		bool linux_only = list.counter[i].type == PERF_TYPE_SOFTWARE;

		perf_try(&list.counter[i], -1, &answers[i]);
		tally_add(linux_only ? &software : &hardware, &answers[i]);
	}
	try_tracepoint(&tracepoint);
	perf_has_rdpmc(&answer);
	tally_add(&rdpmc, &answer);
	say("pmu", &hardware, "hardware counters, user space and kernel apart");
	say("rdpmc", &rdpmc, "threads read their hardware counters without a system call");
	say("perf", &software, "Linux's own counters: time, faults, switches, migrations");
	say("tracepoints", &tracepoint, "counted by name, as perf=tlb:tlb_flush");
	for (unsigned int i = 0; i < list.n; i++)
		printf("counter\t%s\t%s\n", perf_event(&list.counter[i]), answers[i].avail);
	return 0;
}
