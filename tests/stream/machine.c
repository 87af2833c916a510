/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.c - policies, tunables, CPUs, frames, zones, a window out of a source: machine.h. */
#include "tests/stream/machine.h"

#include <stdio.h>
#include <string.h>

/* Room for questions and tunables to come: the inputs kept in tests/fuzz/corpus stay good. */
#define QUESTION_CHOICES 16
#define TUNABLE_CHOICES	 32

static enum tri_policy_value nth_answer(enum tri_question question, unsigned int n)
{
	unsigned int first = 0, answers = 0;

	for (unsigned int i = TRI_POLICY_COUNT; i-- > 0;) {
		if (strcmp(tri_policy_info[i].question, tri_question_info[question].name))
			continue;
		first = i;
		answers++;
	}
	return first + n % answers;
}

static void choose_policies(struct source *source, enum tri_policy_value fixed,
			    struct tri_config *config)
{
	_Static_assert(TRI_QUESTION_COUNT <= QUESTION_CHOICES, "a choice for each question");
	for (unsigned int q = 0; q < QUESTION_CHOICES; q++) {
		unsigned int n = source_below(source, 256);

		if (q < TRI_QUESTION_COUNT)
			config->policy[q] = nth_answer(q, n);
		if (q < TRI_QUESTION_COUNT && fixed < TRI_POLICY_COUNT &&
		    !strcmp(tri_policy_info[fixed].question, tri_question_info[q].name))
			config->policy[q] = fixed;
	}
}

/* Half of them keep their defaults; small numbers send operations down the slow paths. */
static void choose_tunables(struct source *source, struct tri_config *config)
{
	static const unsigned long small[] = {0, 1, 2, 5, 16, 64, 300, 2000};
	const unsigned int choices = sizeof(small) / sizeof(small[0]);

	_Static_assert(TRI_TUNABLE_COUNT <= TUNABLE_CHOICES, "a choice for each tunable");
	for (unsigned int t = 0; t < TUNABLE_CHOICES; t++) {
		const struct tri_tunable_info *info;
		unsigned int n = source_below(source, 2 * choices);

		if (t >= TRI_TUNABLE_COUNT || n < choices)
			continue;
		info = &tri_tunable_info[t];
		config->tunable[t] = small[n - choices];
		if (config->tunable[t] < info->min)
			config->tunable[t] = info->min;
		if (config->tunable[t] > info->max)
			config->tunable[t] = info->max;
	}
}

void machine_choose(struct source *source, enum tri_policy_value fixed, struct tri_config *config)
{
	static const unsigned long frames[] = {1024, 2048, 4096, 600};
	static const unsigned long mib[] = {8, 16, 64, 4};
	/* Odd lengths and holes; two that touch, across which no block may merge. */
	static const struct tri_run odd_runs[] = {
		{.first = 1024, .count = 1},
		{.first = 2048, .count = 1024},
		{.first = 3072, .count = 700},
		{.first = 9216, .count = 321},
	};
	static const unsigned long zone_ends[][2] = {{0, 0}, {2048, 0}, {0, 3072}, {2048, 3072}};
	unsigned long shape = source_below(source, 256), zones = source_below(source, 8);

	model_config(config, 1 + shape / 16 % 4, frames[shape % 4], mib[shape / 4 % 4] << 20);
	if (shape >= 192) {
		config->runs = odd_runs;
		config->nr_runs = sizeof(odd_runs) / sizeof(odd_runs[0]);
	}
	if (zones < 4)
		memcpy(config->zone_end, zone_ends[zones], sizeof(config->zone_end));
	choose_policies(source, fixed, config);
	choose_tunables(source, config);
}

void machine_print(const struct tri_config *config)
{
	unsigned long frames = 0;

	for (unsigned int i = 0; i < config->nr_runs; i++)
		frames += config->runs[i].count;
	fprintf(stderr, "machine: cpus=%u frames=%lu runs=%u window=%luM", config->cpus, frames,
		config->nr_runs, (config->window_end - config->window_start) >> 20);
	fprintf(stderr, " zone_end=%lu,%lu", config->zone_end[0], config->zone_end[1]);
	for (unsigned int q = 0; q < TRI_QUESTION_COUNT; q++)
		fprintf(stderr, " %s=%s", tri_question_info[q].name,
			tri_policy_info[config->policy[q]].answer);
	for (unsigned int t = 0; t < TRI_TUNABLE_COUNT; t++) {
		if (config->tunable[t] != tri_tunable_info[t].def)
			fprintf(stderr, " %s=%lu", tri_tunable_info[t].name, config->tunable[t]);
	}
	fprintf(stderr, "\n");
}
