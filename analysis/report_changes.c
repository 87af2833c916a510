/* SPDX-License-Identifier: GPL-2.0-only */
/* report_changes.c - see report_changes.h. */
#include "report_changes.h"
#include "html.h"
#include "plot_script.h"
#include "report_frame.h"

#include <string.h>

const char *report_page_name(const char *workload, char *buffer, size_t size)
{
	char name[128];

	script_name(name, sizeof(name), (const char *const[]){"workload", workload, NULL});
	snprintf(buffer, size, "%s.html", name);
	return buffer;
}

static void put_change(FILE *out, const struct change *change)
{
	const struct compare_row *row = &change->row;
	char page[160], base[64], next[64], text[160];

	html(out, "<tr><th scope=row><a href=\"$\">$$$$$</a></th><td>$</td>",
	     report_page_name(change->workload, page, sizeof(page)), change->workload,
	     *change->label ? " " : "", change->label, *change->next_name ? ", " : "",
	     change->next_name, row->metric);
	html(out, "<td>$</td><td><span class=\"tag v$\">$</span>$$</td>",
	     compare_format_change(row, text, sizeof(text)), frame_tag(row->verdict),
	     verdict_name(row->verdict), row->why ? " " : "", row->why ? row->why : "");
	html(out, "<td class=number>$</td><td class=number>$</td><td>$</td></tr>\n",
	     frame_value(row->base, row->unit, base, sizeof(base)),
	     frame_value(row->next, row->unit, next, sizeof(next)), row->unit);
}

static void put_tier(FILE *out, const struct changes *changes, enum change_tier tier,
		     const char *base, const char *next)
{
	size_t first = 0, n = changes->nr[tier], shown;
	char more[160];

	for (enum change_tier before = 0; before < tier; before++)
		first += changes->nr[before];
	shown = n < REPORT_CHANGES_MAX ? n : REPORT_CHANGES_MAX;
	html(out,
	     "<div class=scroll tabindex=0><table class=changes>\n<thead><tr><th scope=col>case"
	     "<th scope=col>metric<th scope=col>change<th scope=col>verdict"
	     "<th scope=col class=number>$<th scope=col class=number>$<th scope=col>unit</tr>"
	     "</thead>\n<tbody>\n",
	     base, next);
	for (size_t i = first; i < first + shown; i++)
		put_change(out, &changes->list[i]);
	fputs("</tbody></table></div>\n", out);
	if (shown == n)
		return;
	snprintf(more, sizeof(more),
		 "The %zu largest of %zu are shown; the others stand on the pages of their "
		 "workloads.",
		 shown, n);
	html(out, "<p class=footnote>$</p>\n", more);
}

void report_changes(FILE *out, const struct changes *changes, const char *base, const char *next)
{
	char count[64];

	fputs("<section id=changes>\n<h2>Relevant changes</h2>\n", out);
	if (!changes->nr[CHANGE_COUNTED] && !changes->nr[CHANGE_TIMED])
		fputs("<p>Nothing that is judged changed.</p>\n", out);
	if (changes->nr[CHANGE_COUNTED]) {
		fputs("<h3>Counted <span class=where>exact: the same on every repetition</span>"
		      "</h3>\n",
		      out);
		put_tier(out, changes, CHANGE_COUNTED, base, next);
	}
	if (changes->nr[CHANGE_TIMED]) {
		fputs("<h3>Timed <span class=where>measured side by side, beyond its noise</span>"
		      "</h3>\n",
		      out);
		put_tier(out, changes, CHANGE_TIMED, base, next);
	}
	if (changes->nr[CHANGE_UNSURE]) {
		snprintf(count, sizeof(count), "%zu", changes->nr[CHANGE_UNSURE]);
		html(out,
		     "<details>\n<summary>Less reliable: $ not judged</summary>\n<div "
		     "class=folded>\n",
		     count);
		put_tier(out, changes, CHANGE_UNSURE, base, next);
		fputs("</div>\n</details>\n", out);
	}
	fputs("</section>\n", out);
}
