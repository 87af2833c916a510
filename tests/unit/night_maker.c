/* SPDX-License-Identifier: GPL-2.0-only */
/* night_maker.c - nights whose ratios vary by some tenths of a per cent about 1. */
#include "night_maker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* 2026-01-01T02:00:00Z; a night a day. */
#define FIRST_NIGHT 1767232800
#define DAY	    86400

struct night_shape night_shape_default(const char *folder)
{
	return (struct night_shape){
		.folder = folder,
		.machine = "0123456789abcdef",
		.nr_cases = 3,
		.nr_counters = 2,
		.step_at = SIZE_MAX,
		.step = 1,
	};
}

void night_maker_commit(size_t number, char commit[41])
{
	snprintf(commit, 41, "%08zxcccccccccccccccccccccccccccccccc", number);
}

/* In [-0.003, 0.003], the same for the same night and case. */
static double wobble(size_t number, size_t at)
{
	unsigned long x = number * 0x9e3779b97f4a7c15UL + at * 0xbf58476d1ce4e5b9UL;

	x = (x ^ (x >> 30)) * 0x94d049bb133111ebUL;
	return ((double)((x ^ (x >> 31)) % 6001) - 3000) * 1e-6;
}

static void make_case(const struct night_shape *shape, struct night *night, size_t at)
{
	static const char *const names[] = {"flush_all", "instructions", "lock_taken"};
	bool stepped = !at && shape->number >= shape->step_at;
	double ratio = exp(wobble(shape->number, at)) * (stepped ? shape->step : 1);
	struct night_case *item = night_add_case(night);
	char text[64];

	snprintf(text, sizeof(text), "%016zx", at + 0x1000 + (size_t)shape->machine[0]);
	item->series = night_text(night, text);
	snprintf(text, sizeof(text), "workload-%zu", at / 3);
	item->workload = night_text(night, text);
	snprintf(text, sizeof(text), "nr_pages=%zu cpus=2", (size_t)1 << at % 3);
	item->label = night_text(night, text);
	item->target = "user";
	item->verdict = stepped ? NIGHT_REGRESSION : NIGHT_NO_DIFFERENCE;
	item->has_time = item->has_exact = true;
	item->time = (struct night_time){
		.verdict = stepped ? VERDICT_REGRESSED : VERDICT_UNCHANGED,
		.metric = "total",
		.unit = "ns",
		.reference = 800,
		.head = 800 * ratio,
		.ratio = ratio,
		.low = ratio * 0.995,
		.high = ratio * 1.005,
		.floor = 0.02,
		.effect = NAN,
		.n = 6,
		.again = VERDICT_COUNT,
	};
	item->exact.verdict = stepped ? VERDICT_REGRESSED : VERDICT_UNCHANGED;
	item->exact.nr_counters = shape->nr_counters;
	item->exact.counters = night_counters(night, shape->nr_counters);
	for (size_t i = 0; i < shape->nr_counters; i++) {
		snprintf(text, sizeof(text), "counter_%zu", i);
		item->exact.counters[i] = (struct night_counter){
			.name = i < 3 ? names[i] : night_text(night, text),
			.unit = "events",
			.better = BETTER_LOWER,
			.reference = 1000,
			.head = stepped ? 1001 : 1000,
			.verdict = !stepped ? VERDICT_UNCHANGED
				   : i == 1 ? VERDICT_UNCHANGED
					    : VERDICT_REGRESSED,
		};
	}
}

int night_make(const struct night_shape *shape)
{
	time_t started = FIRST_NIGHT + (time_t)shape->number * DAY;
	struct night *night = night_new();
	struct run_error error;
	char text[64], path[4096];
	struct tm parts;
	int err;

	if (!night)
		return -1;
	gmtime_r(&started, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
	night->started = night->finished = night_text(night, text);
	strftime(text, sizeof(text) - 8, "%Y%m%dT%H%M%S-", &parts);
	snprintf(path, sizeof(path), "%s%04zx", text, shape->number & 0xffff);
	night->id = night_text(night, path);
	night->status = "ok";
	night->repo = "/src/mmcore";
	night->suite = "nightly";
	night->machine = shape->machine;
	night->version = "0.1.0";
	night_maker_commit(shape->number, text);
	night->head = (struct night_commit){night_text(night, text), "vmalloc: a change",
					    night->started, false};
	night->reference = (struct night_commit){
		shape->reference ? shape->reference : "0000000000000000000000000000000000000000",
		"the reference", "2025-12-01T00:00:00Z", false};
	for (size_t i = 0; i < shape->nr_cases; i++)
		make_case(shape, night, i);
	night->exit = shape->number >= shape->step_at ? 3 : 0;
	night->summary = night_text(night, night_summary(night, path, sizeof(path)));
	snprintf(path, sizeof(path), "%s/nights/%s.json", shape->folder, night->id);
	err = night_save(night, path, &error);
	if (err)
		fprintf(stderr, "%s\n", error.text);
	night_free(night);
	return err;
}
