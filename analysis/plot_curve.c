/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_curve.c - see plot_curve.h. */
#include "plot_curve.h"
#include "compare.h"
#include "plot_script.h"

#include <errno.h>
#include <math.h>

/* What is marked: rises and levels. */
struct marks {
	struct script *script;
	unsigned int knees, levels;
};

static void set_text(struct marks *marks, const char *array, unsigned int i, const char *value)
{
	char variable[32];

	snprintf(variable, sizeof(variable), "%s[%u]", array, i);
	script_text(marks->script, variable, value);
}

static void set_number(struct marks *marks, const char *array, unsigned int i, double value)
{
	char variable[32];

	snprintf(variable, sizeof(variable), "%s[%u]", array, i);
	script_number(marks->script, variable, value);
}

static void mark_knee(struct marks *marks, const struct access_curve *curve, size_t last,
		      const char *what)
{
	char label[96];

	if (last >= curve->n)
		return;
	snprintf(label, sizeof(label), "%s: %.0f to %.0f pages", what, curve->point[last].pages,
		 curve->point[last + 1].pages);
	set_number(marks, "knee", ++marks->knees,
		   sqrt(curve->point[last].pages * curve->point[last + 1].pages));
	set_text(marks, "knee_label", marks->knees, label);
}

static void mark_level(struct marks *marks, double ns, double from, double to, const char *what,
		       double on_top)
{
	char label[96], value[32];

	if (!(ns > 0) || !(on_top > 0) || !(from < to))
		return;
	snprintf(label, sizeof(label), "%s%s", what,
		 compare_format_value(on_top, "ns", value, sizeof(value)));
	set_number(marks, "level", ++marks->levels, ns);
	set_number(marks, "from", marks->levels, from);
	set_number(marks, "to", marks->levels, to);
	set_text(marks, "level_label", marks->levels, label);
}

/* In the order of access_curve_read(): each level lies on those before it. */
static void mark_all(struct marks *marks, const struct access_curve *curve)
{
	double hit = curve->tlb_hit.ns, stlb = hit + curve->stlb_hit.ns;
	double last = curve->point[curve->n - 1].pages;
	bool knee = curve->dtlb < curve->n, second = curve->stlb < curve->n;
	double dtlb = knee ? curve->point[curve->dtlb].pages : last;
	double both = second ? curve->point[curve->stlb].pages : last;

	fputs("array knee[2]\narray knee_label[2]\narray level[3]\narray from[3]\narray to[3]\n"
	      "array level_label[3]\n",
	      marks->script->script);
	mark_knee(marks, curve, curve->dtlb, "first-level TLB");
	mark_knee(marks, curve, curve->stlb, "second-level TLB");
	mark_level(marks, hit, curve->point[0].pages, dtlb, "hit ", hit);
	if (knee)
		mark_level(marks, stlb, curve->point[curve->dtlb + 1].pages, both, "STLB hit +",
			   curve->stlb_hit.ns);
	if (second)
		mark_level(marks, stlb + curve->walk.ns, curve->point[curve->stlb + 1].pages, last,
			   "walk +", curve->walk.ns);
	script_number(marks->script, "knees", marks->knees);
	script_number(marks->script, "levels", marks->levels);
}

int plot_curve(const struct calibration *calibration, const char *directory)
{
	const char *const parts[] = {calibration->machine, NULL};
	const struct access_curve *curve = &calibration->curve;
	double least = INFINITY, most = 0;
	struct script script;
	struct marks marks = {&script, 0, 0};
	char title[256];
	int err;

	if (!curve->n)
		return -ENODATA;
	err = script_open(&script, NULL, directory, parts);
	if (err)
		return err;
	snprintf(title, sizeof(title), "time of an access by pages: %s, %s",
		 calibration->cpu ? calibration->cpu : "unknown CPU", calibration->measured);
	script_text(&script, "title", title);
	script_block(&script, "pages, ns, low, high, ns of the caches alone");
	for (size_t i = 0; i < curve->n; i++) {
		const struct curve_point *point = &curve->point[i];

		fprintf(script.data, "%.0f %.6g %.6g %.6g %.6g\n", point->pages, point->ns,
			point->low, point->high, curve->tlb_hit.ns + point->cache);
		least = fmin(least, point->low);
		most = fmax(most, point->high);
	}
	script_number(&script, "least", least / 1.6);
	script_number(&script, "most", most * 1.6);
	script_number(&script, "left", curve->point[0].pages);
	script_number(&script, "right", curve->point[curve->n - 1].pages);
	mark_all(&marks, curve);
	err = script_close(&script, "curve");
	return err ? err : script_run(directory, script.name);
}
