/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_ratios.c - see plot_ratios.h. */
#include "plot_ratios.h"
#include "plot_draw.h"
#include "plot_script.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond this the axis is logarithmic: 1.35 up and 1/1.35 down look alike no longer. */
#define LINEAR_MOST 0.3
/* Pixels of a line, and of what is above and below all of them. */
#define LINE_HEIGHT  22
#define FRAME_HEIGHT 110

static double size_of(const struct ratio *ratio)
{
	return fabs(log(ratio->ratio));
}

static bool can_show(const struct ratio *ratio)
{
	return isfinite(ratio->ratio) && ratio->ratio > 0;
}

/* The size that RATIOS_MAX lines reach or pass. */
static double least_shown(const struct ratios *ratios, size_t *lines)
{
	double least = 0;

	for (;; least = least ? least * 1.25 : 1e-6) {
		*lines = 0;
		for (size_t i = 0; i < ratios->n; i++)
			*lines += can_show(&ratios->list[i]) && !ratios->list[i].faint &&
				  size_of(&ratios->list[i]) >= least;
		if (*lines <= RATIOS_MAX)
			return least;
		/* All are as large as can be: the first ones will do. */
		if (least > 1e3)
			return 0;
	}
}

static double farthest(const struct ratio *ratio)
{
	double most = size_of(ratio);

	if (isfinite(ratio->low) && ratio->low > 0)
		most = fmax(most, fabs(log(ratio->low)));
	if (isfinite(ratio->high))
		most = fmax(most, fabs(log(ratio->high)));
	return most;
}

static const char *label_of(const struct ratio *ratio, const char *page, char *label, size_t size)
{
	snprintf(label, size, "%s%s%s%s%s", *page ? "" : ratio->workload,
		 !*page && *ratio->label ? " " : "", ratio->label, *ratio->name ? ", " : "",
		 ratio->name);
	return *label ? label : ratio->workload;
}

/* Quotes would end gnuplot's string; in a label nobody misses them. */
static void put_label(FILE *out, const struct ratio *ratio, const char *page)
{
	char label[400];

	putc('"', out);
	for (const char *c = label_of(ratio, page, label, sizeof(label)); *c; c++)
		putc(*c == '"' || *c == '\\' || (unsigned char)*c < ' ' ? '_' : *c, out);
	putc('"', out);
}

/* Line, label, ratio, its interval, colour: 0 nothing, 1 worse, 2 better. */
static void put_ratio(FILE *out, size_t line, const struct ratio *ratio, const char *page)
{
	int tone = ratio->verdict == VERDICT_REGRESSED	? 1
		   : ratio->verdict == VERDICT_IMPROVED ? 2
							: 0;

	fprintf(out, "%zu ", line);
	put_label(out, ratio, page);
	fprintf(out, " %.6g %.6g %.6g %d\n", ratio->ratio,
		isfinite(ratio->low) ? ratio->low : ratio->ratio,
		isfinite(ratio->high) ? ratio->high : ratio->ratio, tone);
}

/* The first invocations, or the second ones on the lines of these; how many lines. */
static size_t put_block(struct script *script, const struct ratios *ratios, double least,
			bool faint, double *most)
{
	size_t line = 0;
	bool shown = false;

	script_block(script, faint ? "the same, second invocation"
				   : "line, case, ratio, from, to, 1 worse 2 better");
	for (size_t i = 0; i < ratios->n; i++) {
		const struct ratio *ratio = &ratios->list[i];

		if (!ratio->faint)
			shown = can_show(ratio) && size_of(ratio) >= least && line < RATIOS_MAX;
		if (!shown || !can_show(ratio))
			continue;
		line += !ratio->faint;
		*most = fmax(*most, farthest(ratio));
		if (ratio->faint == faint)
			put_ratio(script->data, line, ratio, ratios->workload);
	}
	return line;
}

static size_t longest_label(const struct ratios *ratios)
{
	size_t longest = 0;
	char label[400];

	for (size_t i = 0; i < ratios->n; i++) {
		size_t length =
			strlen(label_of(&ratios->list[i], ratios->workload, label, sizeof(label)));

		longest = length > longest ? length : longest;
	}
	return longest;
}

int plot_ratios(const struct ratios *ratios, const char *directory, struct figures *figures)
{
	const char *const parts[] = {ratios->file, NULL};
	struct script script;
	struct figure *figure;
	double least, most = 0.01;
	size_t lines;
	int err;

	least = least_shown(ratios, &lines);
	if (!lines)
		return -ENODATA;
	figure = figures_add(figures);
	if (!figure)
		return -ENOMEM;
	figure->how = ratios->how;
	figure->workload = ratios->workload;
	err = script_open(&script, NULL, directory, parts);
	if (err)
		return err;
	strcpy(figure->name, script.name);
	lines = put_block(&script, ratios, least, false, &most);
	put_block(&script, ratios, least, true, &most);
	if (least > 0)
		snprintf(figure->title, sizeof(figure->title), "%s, the %zu largest changes",
			 ratios->title, lines);
	else
		snprintf(figure->title, sizeof(figure->title), "%s, %zu case%s", ratios->title,
			 lines, lines == 1 ? "" : "s");
	script_text(&script, "title", figure->title);
	script_number(&script, "lines", (double)lines);
	script_number(&script, "height", FRAME_HEIGHT + LINE_HEIGHT * (double)lines);
	script_number(&script, "longest", (double)longest_label(ratios));
	script_number(&script, "wide", most > LINEAR_MOST);
	script_number(&script, "most", most);
	return script_close(&script, "ratios");
}

int ratios_of(const struct comparison *comparison, const char *workload, enum row_kind kind,
	      const char *metric, struct ratios *ratios)
{
	bool several = false;

	ratios->n = 0;
	ratios->list = calloc(comparison->nr_groups + 1, sizeof(*ratios->list));
	if (!ratios->list)
		return -ENOMEM;
	for (size_t i = 0; i < comparison->nr_groups; i++)
		several |= strcmp(comparison->groups[i].next_name,
				  comparison->groups[0].next_name) != 0;
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		if (workload && strcmp(group->workload, workload) != 0)
			continue;
		for (size_t r = 0; r < group->nr_rows; r++) {
			const struct compare_row *row = &group->rows[r];

			if (row->kind != kind || strcmp(row->metric, metric) != 0)
				continue;
			ratios->list[ratios->n++] = (struct ratio){
				group->workload, group->label, several ? group->next_name : "",
				row->ratio,	 row->low,     row->high,
				row->verdict,	 false};
			break;
		}
	}
	return 0;
}
