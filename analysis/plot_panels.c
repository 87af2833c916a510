/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_panels.c - what figures of several panels share; see plot_panels.h. */
#include "plot_panels.h"
#include "compare.h"

#include <math.h>
#include <string.h>

/* Up to so much of it, few are none: a linear scale. */
#define FEW 4

bool panel_is_wide(const struct panel *panel)
{
	if (panel->few_are_none && panel->most <= FEW)
		return false;
	return !panel->relative && panel->least > 0 && panel->most > PANEL_WIDE * panel->least;
}

void panel_take(struct panel *panel, double value)
{
	panel->least = fmin(panel->least, value);
	panel->most = fmax(panel->most, value);
}

void panels_put(struct script *script, const struct panel *panels, size_t n, const char *first)
{
	char variable[32], label[128];

	script_number(script, "panels", (double)n);
	fprintf(script->script, "array axis[%zu]\narray wide[%zu]\n", n, n);
	for (size_t i = 0; i < n; i++) {
		snprintf(variable, sizeof(variable), "axis[%zu]", i + 1);
		if (panels[i].relative)
			snprintf(label, sizeof(label), "%s / %s", panels[i].label, first);
		else
			snprintf(label, sizeof(label), "%s", panels[i].label);
		script_text(script, variable, label);
		snprintf(variable, sizeof(variable), "wide[%zu]", i + 1);
		script_number(script, variable, panel_is_wide(&panels[i]));
	}
	script_number(script, "height", 130 + 210 * (double)n);
}

int case_open(struct script *script, const struct plot_target *target, const struct plot_case *at,
	      const char *kind, const char *metric, const char *what, uint64_t n,
	      struct figure *figure)
{
	const char *const parts[] = {at->workload, at->label, kind, metric, NULL};
	char count[32];
	int err = script_open(script, target->cases, target->directory, parts);

	if (err)
		return err;
	strcpy(figure->name, script->name);
	figure->workload = at->workload;
	strcpy(figure->label, at->label);
	snprintf(figure->title, sizeof(figure->title), "%s%s%s: %s, n = %s", at->workload,
		 *at->label ? " " : "", at->label, what,
		 compare_format_value((double)n, "", count, sizeof(count)));
	script_text(script, "title", figure->title);
	script_arms(script, at->nr_arms, at->arm);
	return 0;
}
