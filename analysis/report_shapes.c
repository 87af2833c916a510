/* SPDX-License-Identifier: GPL-2.0-only */
/* report_shapes.c - what others have published, and whether it shows here. */
#include "html.h"
#include "report_page.h"
#include "shapes.h"

#include <string.h>

static const char *verdict_text(enum shape_verdict verdict)
{
	return verdict == SHAPE_HOLDS	  ? "holds"
	       : verdict == SHAPE_DIFFERS ? "differs"
					  : "not in this run";
}

static const char *verdict_tag(enum shape_verdict verdict)
{
	return verdict == SHAPE_HOLDS ? "good" : verdict == SHAPE_DIFFERS ? "bad" : "none";
}

/* What one differs in from the other: its arm, or where that is the same, the number of CPUs. */
static const char *arm_of(const struct bench *bench, const struct bench *other, char *buffer,
			  size_t size)
{
	char cpus[16];

	if (strcmp(bench->arm, other->arm))
		return bench->arm;
	snprintf(buffer, size, "cpus=%s", bench_param(bench, "cpus", cpus, sizeof(cpus)));
	return buffer;
}

static void put_counts(FILE *out, const struct shape *shape)
{
	char large[32], small[32], ratio[64], wanted[64], arm[2][64];

	if (shape->verdict == SHAPE_NOT_HERE) {
		fputs("<td>–</td>", out);
		return;
	}
	snprintf(large, sizeof(large), "%.4g", shape->large);
	snprintf(small, sizeof(small), "%.4g", shape->small);
	if (shape->factor > 1)
		snprintf(wanted, sizeof(wanted), "at least %g × holds", shape->factor);
	else
		snprintf(wanted, sizeof(wanted), "any more holds");
	html(out,
	     "<td>$ per operation: $ ($) against $ ($), <b>$</b><span class=unit>$</span></td>",
	     shape->counter, large, arm_of(shape->larger, shape->smaller, arm[0], sizeof(arm[0])),
	     small, arm_of(shape->smaller, shape->larger, arm[1], sizeof(arm[1])),
	     shape_ratio(shape, ratio, sizeof(ratio)), wanted);
}

static void put_shape(FILE *out, const struct shape *shape)
{
	html(out,
	     "<tr><th scope=row>$<span class=unit>$</span></th><td><span class=\"tag "
	     "v$\">$</span></td>",
	     shape->claim, shape->source, verdict_tag(shape->verdict),
	     verdict_text(shape->verdict));
	put_counts(out, shape);
	html(out, "<td>$</td></tr>\n", shape->remark);
}

void report_shapes(const struct report *report)
{
	struct shape shapes[SHAPES];

	shapes_judge(report->run, shapes);
	if (!shapes_any(shapes))
		return;
	fputs("<section id=shapes>\n<h2>Known shapes</h2>\n<p>What others have published about "
	      "these designs, and whether the counts of this run show it. "
	      "<code>trimm run --suite shapes</code> measures all that are listed.</p>\n"
	      "<div class=scroll tabindex=0><table class=facts>\n<thead><tr><th scope=col>claim"
	      "<th scope=col>here<th scope=col>counts<th scope=col>why</tr></thead>\n<tbody>\n",
	      report->out);
	for (int i = 0; i < SHAPES; i++)
		put_shape(report->out, &shapes[i]);
	fputs("</tbody>\n</table></div>\n</section>\n", report->out);
}
