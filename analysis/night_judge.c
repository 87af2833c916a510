/* SPDX-License-Identifier: GPL-2.0-only */
/* night_judge.c - see night_judge.h. */
#include "night_judge.h"
#include "error.h"
#include "judge.h"

#include <stdlib.h>
#include <string.h>

struct judging {
	struct night *night;
	struct comparison *part[NIGHT_PARTS]; /* NULL: not measured */
	const struct bench **bench;	      /* the reference's of each case */
};

/* What an arm is, or how it was measured, and not what. */
static bool is_of_the_part(const char *param)
{
	static const char *const names[] = {"core", "mode", "tlb"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(names[i], param))
			return true;
	}
	return false;
}

/* Counted or timed, the same work: all parameters that both have are equal. */
static bool same_case(const struct bench *a, const struct bench *b)
{
	const char *name;
	json_t *value;

	if (strcmp(a->workload, b->workload) || strcmp(a->target, b->target))
		return false;
	json_object_foreach (a->params, name, value) {
		const json_t *other = json_object_get(b->params, name);

		if (other && !is_of_the_part(name) && !json_equal(value, other))
			return false;
	}
	return true;
}

/* The case that measured what @group did, or NULL. */
static struct night_case *case_of(const struct judging *judging, const struct compare_group *group)
{
	for (size_t i = 0; i < judging->night->nr_cases; i++) {
		if (same_case(judging->bench[i], group->base))
			return &judging->night->cases[i];
	}
	return NULL;
}

static struct night_case *add_case(struct judging *judging, const struct compare_group *group)
{
	struct night *night = judging->night;
	struct night_case *item = night_add_case(night);

	if (!item)
		return NULL;
	judging->bench[night->nr_cases - 1] = group->base;
	item->series = night_text(night, group->base->series);
	item->workload = night_text(night, group->workload);
	item->label = night_text(night, group->label);
	item->target = night_text(night, group->base->target);
	return item;
}

/* Of a case's counters together: the first of these that one of them has. */
static enum verdict worst(const struct compare_group *group, const char **why)
{
	static const enum verdict order[] = {VERDICT_REGRESSED, VERDICT_NOT_COMPARABLE,
					     VERDICT_IMPROVED, VERDICT_INCONCLUSIVE,
					     VERDICT_UNCHANGED};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		for (size_t j = 0; j < group->nr_rows; j++) {
			const struct compare_row *row = &group->rows[j];

			if (row->kind != ROW_EXACT || row->verdict != order[i])
				continue;
			*why = row->why;
			return order[i];
		}
	}
	*why = "nothing that can be judged was counted";
	return VERDICT_SKIPPED;
}

static const struct compare_row *row_of(const struct compare_group *group, enum row_kind kind)
{
	for (size_t i = 0; i < group->nr_rows; i++) {
		if (group->rows[i].kind == kind)
			return &group->rows[i];
	}
	return NULL;
}

static int judge_exact(struct night *night, struct night_case *item,
		       const struct compare_group *group)
{
	const struct compare_row *outcome = row_of(group, ROW_OUTCOME);
	struct night_exact *exact = &item->exact;
	const char *why = NULL;

	item->has_exact = true;
	exact->verdict = outcome ? outcome->verdict : worst(group, &why);
	exact->why = night_text(night, outcome ? outcome->why : why);
	exact->nr_counters = 0;
	exact->counters = night_counters(night, group->nr_rows);
	if (!exact->counters)
		return -1;
	for (size_t i = 0; i < group->nr_rows; i++) {
		const struct compare_row *row = &group->rows[i];

		if (row->kind != ROW_EXACT || row->verdict == VERDICT_SHOWN)
			continue;
		exact->counters[exact->nr_counters++] = (struct night_counter){
			.name = night_text(night, row->metric),
			.unit = night_text(night, row->unit),
			.better = row->better,
			.reference = row->base,
			.head = row->next,
			.verdict = row->verdict,
		};
	}
	return 0;
}

static void judge_time(struct night *night, struct night_case *item,
		       const struct compare_group *group)
{
	const struct compare_row *outcome = row_of(group, ROW_OUTCOME);
	const struct compare_row *row = row_of(group, ROW_TIME);
	struct night_time *time = &item->time;

	/* An emulator's clock is judged by nobody, and so is what took no time. */
	if (!outcome && (!row || row->verdict == VERDICT_SHOWN))
		return;
	item->has_time = true;
	time->verdict = outcome ? outcome->verdict : row->verdict;
	time->why = night_text(night, outcome ? outcome->why : row->why);
	if (!row)
		return;
	time->metric = night_text(night, row->metric);
	time->unit = night_text(night, row->unit);
	time->reference = row->base;
	time->head = row->next;
	time->ratio = row->ratio;
	time->low = row->low;
	time->high = row->high;
	time->floor = row->floor;
	time->effect = row->effect;
	time->n = row->n;
}

static void judge_again(struct night_case *item, const struct compare_group *group)
{
	const struct compare_row *outcome = row_of(group, ROW_OUTCOME);
	const struct compare_row *row = row_of(group, ROW_TIME);

	if (!item->has_time || (!outcome && (!row || row->verdict == VERDICT_SHOWN)))
		return;
	item->time.again = outcome ? outcome->verdict : row->verdict;
	if (!row)
		return;
	item->time.again_ratio = row->ratio;
	item->time.again_low = row->low;
	item->time.again_high = row->high;
}

static int judge_part(struct judging *judging, enum night_part part)
{
	const struct comparison *comparison = judging->part[part];

	for (size_t i = 0; comparison && i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];
		struct night_case *item = case_of(judging, group);

		if (strcmp(group->next_name, NIGHT_HEAD))
			continue;
		if (!item && part != NIGHT_AGAIN)
			item = add_case(judging, group);
		if (!item && part != NIGHT_AGAIN)
			return -1;
		if (part == NIGHT_EXACT && judge_exact(judging->night, item, group))
			return -1;
		if (part == NIGHT_TIME)
			judge_time(judging->night, item, group);
		if (part == NIGHT_AGAIN && item)
			judge_again(item, group);
	}
	return 0;
}

static int compare_parts(struct judging *judging, const struct night_files files[NIGHT_PARTS],
			 struct run_error *error)
{
	const struct compare_options options = {
		.threshold = judging->night->threshold,
		.confidence = COMPARE_DEFAULTS.confidence,
		.base = NIGHT_REFERENCE,
	};
	size_t nr_groups = 0;

	for (int i = 0; i < NIGHT_PARTS; i++) {
		if (!files[i].nr)
			continue;
		if (compare_files_by(files[i].run, files[i].nr, "core", &options, &judging->part[i],
				     error))
			return -1;
		nr_groups += judging->part[i]->nr_groups;
	}
	judging->bench = calloc(nr_groups + 1, sizeof(*judging->bench));
	return judging->bench ? 0 : error_set(error, "out of memory");
}

int night_judge(struct night *night, const struct night_files files[NIGHT_PARTS],
		struct run_error *error)
{
	struct judging judging = {.night = night};
	int err;

	night_clear_cases(night);
	err = compare_parts(&judging, files, error);
	for (int part = 0; part < NIGHT_PARTS && !err; part++) {
		err = judge_part(&judging, part);
		if (err)
			error_set(error, "out of memory");
	}
	for (size_t i = 0; i < night->nr_cases && !err; i++) {
		struct night_case *item = &night->cases[i];

		item->verdict = night_combine(item->has_exact ? &item->exact : NULL,
					      item->has_time ? &item->time : NULL);
	}
	if (err)
		night_clear_cases(night);
	for (int part = 0; part < NIGHT_PARTS; part++)
		comparison_free(judging.part[part]);
	free(judging.bench);
	return err;
}

bool night_wants_again(const struct night_case *item)
{
	return item->has_time && (item->time.verdict == VERDICT_REGRESSED ||
				  item->time.verdict == VERDICT_INCONCLUSIVE);
}

bool night_wants_more(const struct night_case *item, enum night_part part)
{
	if (!item->has_time)
		return false;
	return (part == NIGHT_AGAIN ? item->time.again : item->time.verdict) ==
	       VERDICT_INCONCLUSIVE;
}

size_t night_processes(size_t cases)
{
	return judge_processes(cases, COMPARE_DEFAULTS.confidence);
}
