/* SPDX-License-Identifier: GPL-2.0-only */
/* processes.c - see processes.h. */
#include "processes.h"
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Who wants more should measure longer in each. */
#define PROCESSES_MAX 1000

bool processes_is(const struct param *param)
{
	return !strcmp(param->name, "processes");
}

int processes_read(const struct spec *spec, int *processes)
{
	const struct param *param = spec_param(spec, "processes");
	const char *value;
	char *end;
	long n;

	*processes = 0;
	if (!param)
		return 0;
	value = param->values.item[0];
	n = strtol(value, &end, 10);
	if (param->values.n > 1 || *end || n < 1 || n > PROCESSES_MAX) {
		cli_error("processes=%s: not a number of processes; give one, 1 to %d", value,
			  PROCESSES_MAX);
		return TRIMM_USAGE;
	}
	*processes = (int)n;
	return 0;
}

static void copy_list(struct list *to, const struct list *from)
{
	*to = (struct list){NULL, 0};
	for (size_t i = 0; i < from->n; i++)
		list_add(to, "%s", from->item[i]);
}

/* @from in its process number @process. */
static struct plan_case in_process(const struct plan_case *from, int process)
{
	struct plan_case one = *from;

	one.process = process;
	one.spread = true;
	one.workload = cli_format("%s", from->workload);
	one.label = cli_format("%s process=%d", from->label, process);
	one.where = from->where ? cli_format("%s", from->where) : NULL;
	copy_list(&one.words, &from->words);
	copy_list(&one.arms, &from->arms);
	list_add(&one.words, "process=%d", process);
	return one;
}

/* Cases in process @process, in the order they were added, behind those that *to has. */
static void take_process(struct plan *to, const struct plan *from, int process)
{
	for (size_t i = 0; i < from->nr_cases; i++) {
		const struct plan_case *at = &from->cases[i];

		if (at->processes && !at->spread && process < at->processes)
			to->cases[to->nr_cases++] = in_process(at, process);
		else if ((at->spread || !at->processes) && process == at->process)
			to->cases[to->nr_cases++] = *at;
	}
}

void processes_spread(struct plan *plan)
{
	struct plan all = {.factor = plan->factor};
	size_t n = plan->nr_cases;
	int most = 1;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct plan_case *at = &plan->cases[i];

		n += !at->spread && at->processes ? at->processes - 1 : 0;
		most = at->processes > most ? at->processes : most;
	}
	all.cases = cli_alloc(NULL, n * sizeof(*all.cases));
	for (int process = 0; process < most; process++)
		take_process(&all, plan, process);
	for (size_t i = 0; i < plan->nr_cases; i++)
		if (plan->cases[i].processes && !plan->cases[i].spread)
			plan_case_free(&plan->cases[i]);
	free(plan->cases);
	*plan = all;
}
