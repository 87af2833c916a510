/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_bisect.c - see plot_bisect.h. */
#include "plot_bisect.h"
#include "plot_script.h"

#include <errno.h>
#include <math.h>

/* A count as it is; of time how much more it takes than the good end, in per cent. */
static double shown(const struct bisection *bisection, double value)
{
	return bisection->oracle.exact ? value : 100 * expm1(value);
}

static size_t put_values(struct script *script, const struct bisection *bisection,
			 enum bisect_side side, bool anew)
{
	size_t n = 0;

	for (size_t i = 0; i < bisection->n; i++) {
		const struct bisect_point *point = &bisection->points[i];
		const struct bisect_value *value = anew ? &point->anew : &point->value;

		if ((anew ? point->again : point->side) != side || !isfinite(value->value))
			continue;
		fprintf(script->data, "%zu %.6g %.6g %.6g\n", i, shown(bisection, value->value),
			shown(bisection, isfinite(value->low) ? value->low : value->value),
			shown(bisection, isfinite(value->high) ? value->high : value->value));
		n++;
	}
	/* gnuplot drops a block of nothing, and those behind it would be taken for it. */
	if (!n)
		fputs("NaN NaN NaN NaN\n", script->data);
	return n;
}

/* How many are on that side. */
static size_t nr_on(const struct bisection *bisection, enum bisect_side side)
{
	size_t n = 0;

	for (size_t i = 0; i < bisection->n; i++)
		n += bisection->points[i].side == side;
	return n;
}

static size_t nr_anew(const struct bisection *bisection)
{
	size_t n = 0;

	for (size_t i = 0; i < bisection->n; i++)
		n += bisection->points[i].again != BISECT_NONE;
	return n;
}

static size_t put_data(struct script *script, const struct bisection *bisection)
{
	static const struct {
		enum bisect_side side;
		bool anew;
		const char *about;
	} blocks[] = {{BISECT_OLD, false, "as the older end"},
		      {BISECT_NEW, false, "as the later end"},
		      {BISECT_UNCLEAR, false, "unclear"},
		      {BISECT_OLD, true, "built anew, as the older end"},
		      {BISECT_NEW, true, "built anew, as the later end"}};
	size_t values = 0;

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		script_block(script, blocks[i].about);
		values += put_values(script, bisection, blocks[i].side, blocks[i].anew);
	}
	script_block(script, "could not be built or run");
	fputs("NaN NaN\n", script->data);
	for (size_t i = 0; i < bisection->n; i++)
		if (bisection->points[i].side == BISECT_SKIPPED)
			fprintf(script->data, "%zu 0\n", i);
	return values;
}

static void put_words(struct script *script, const struct bisection *bisection)
{
	const struct bisect_oracle *oracle = &bisection->oracle;
	const struct bisect_range *range = &bisection->range;
	char text[256];

	snprintf(text, sizeof(text), "%s: %s, %zu of %zu commits measured", bisection->words,
		 oracle->exact ? oracle->metric : "total time", bisect_nr_measured(bisection),
		 bisection->n);
	script_text(script, "title", text);
	snprintf(text, sizeof(text), "%s, %s%s", oracle->exact ? oracle->metric : "time",
		 oracle->exact ? oracle->unit : "% more than the good end",
		 oracle->better == BETTER_LOWER	   ? " (lower is better)"
		 : oracle->better == BETTER_HIGHER ? " (higher is better)"
						   : "");
	script_text(script, "axis", text);
	if (bisection->status == BISECT_FOUND)
		snprintf(text, sizeof(text), "%.12s", bisection->points[range->new].commit);
	else
		snprintf(text, sizeof(text), "one of %zu", range->new - range->old);
	script_text(script, "named", text);
	script_text(script, "old_name",
		    bisection->bad_is_new ? "as the good end" : "as the bad end");
	script_text(script, "new_name",
		    bisection->bad_is_new ? "as the bad end" : "as the good end");
	script_number(script, "old_colour", bisection->bad_is_new ? 0x0072B2 : 0xD55E00);
	script_number(script, "new_colour", bisection->bad_is_new ? 0xD55E00 : 0x0072B2);
	script_number(script, "middle", shown(bisection, oracle->middle));
	script_number(script, "last", (double)bisection->n - 1);
	script_number(script, "from", (double)range->old);
	script_number(script, "to", (double)range->new);
	script_number(script, "exact", oracle->exact);
	script_number(script, "unclear", nr_on(bisection, BISECT_UNCLEAR));
	script_number(script, "skipped", nr_on(bisection, BISECT_SKIPPED));
	script_number(script, "anew", nr_anew(bisection));
}

int plot_bisect(const struct bisection *bisection, const char *directory)
{
	const char *const parts[] = {bisection->id, NULL};
	struct script script;
	size_t values;
	int err = script_open(&script, NULL, directory, parts);

	if (err)
		return err;
	put_words(&script, bisection);
	values = put_data(&script, bisection);
	err = script_close(&script, "bisect");
	if (!err && values < 2)
		err = -ENODATA;
	return err ? err : script_run(directory, script.name);
}
