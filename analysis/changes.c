/* SPDX-License-Identifier: GPL-2.0-only */
/* changes.c - see changes.h. */
#include "changes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Less than this of what is not judged is nobody's concern. */
#define SHOWN_LEAST 0.02

static bool judged(const struct compare_row *row)
{
	return row->verdict == VERDICT_REGRESSED || row->verdict == VERDICT_IMPROVED;
}

static bool is_unsure(const struct compare_row *row)
{
	if (row->kind != ROW_TIME && row->kind != ROW_SAMPLES)
		return false;
	if (row->verdict != VERDICT_INCONCLUSIVE && row->verdict != VERDICT_SHOWN)
		return false;
	/* Too few blocks for an interval: that is said beside the verdict, not as a change. */
	return isfinite(row->ratio) && row->ratio > 0 && fabs(row->ratio - 1) > SHOWN_LEAST &&
	       isfinite(row->low) && isfinite(row->high) && (row->low > 1 || row->high < 1);
}

static enum change_tier tier_of(const struct compare_row *row)
{
	if (judged(row))
		return row->kind == ROW_EXACT ? CHANGE_COUNTED : CHANGE_TIMED;
	return is_unsure(row) ? CHANGE_UNSURE : CHANGE_TIERS;
}

int changes_put(struct changes *changes, const struct change *change)
{
	struct change *list = changes->list;

	/* Doubles at each power of two. */
	if (!(changes->n & (changes->n - 1)))
		list = realloc(list, (changes->n ? 2 * changes->n : 1) * sizeof(*list));
	if (!list)
		return -ENOMEM;
	changes->list = list;
	list[changes->n++] = *change;
	changes->nr[change->tier]++;
	return 0;
}

static bool several_names(const struct comparison *comparison)
{
	for (size_t i = 1; i < comparison->nr_groups; i++) {
		if (strcmp(comparison->groups[i].next_name, comparison->groups[0].next_name))
			return true;
	}
	return false;
}

int changes_add(struct changes *changes, const struct comparison *comparison)
{
	bool named = several_names(comparison);

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		for (size_t r = 0; r < group->nr_rows; r++) {
			struct change change = {
				.tier = tier_of(&group->rows[r]),
				.workload = group->workload,
				.label = group->label,
				.next_name = named ? group->next_name : "",
				.row = group->rows[r],
			};

			if (change.tier < CHANGE_TIERS && changes_put(changes, &change))
				return -ENOMEM;
		}
	}
	return 0;
}

/* From 0 or to 0 is the largest there is. */
static double size_of(const struct change *change)
{
	double ratio = change->row.ratio;

	return isfinite(ratio) && ratio > 0 ? fabs(log(ratio)) : INFINITY;
}

static int by_weight(const void *left, const void *right)
{
	const struct change *a = left, *b = right;
	bool worse_a = a->row.verdict == VERDICT_REGRESSED;
	bool worse_b = b->row.verdict == VERDICT_REGRESSED;
	double size_a = size_of(a), size_b = size_of(b);
	int order;

	if (a->tier != b->tier)
		return a->tier < b->tier ? -1 : 1;
	if (worse_a != worse_b)
		return worse_a ? -1 : 1;
	if (size_a != size_b)
		return size_a > size_b ? -1 : 1;
	order = strcmp(a->workload, b->workload);
	if (!order)
		order = strcmp(a->label, b->label);
	return order ? order : strcmp(a->row.metric, b->row.metric);
}

void changes_sort(struct changes *changes)
{
	if (changes->n)
		qsort(changes->list, changes->n, sizeof(*changes->list), by_weight);
}

void changes_free(struct changes *changes)
{
	free(changes->list);
	*changes = (struct changes){0};
}
