/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_environment.c - where a run was made: compiler, flags, kernel, machine; of two runs, in
 * what these differ, which is the first thing to suspect.
 */
#include "html.h"
#include "report_page.h"

#include <stdlib.h>
#include <string.h>

static void facts_put(json_t *facts, const char *name, const json_t *value)
{
	char *text = NULL;

	if (!json_is_string(value) && value && !json_is_null(value))
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
	json_object_set_new(facts, name,
			    json_string(json_is_string(value) ? json_string_value(value)
					: text		      ? text
							      : "not available"));
	free(text);
}

static void facts_add(json_t *facts, const char *prefix, json_t *object)
{
	const char *key;
	char name[128];
	json_t *value;

	json_object_foreach (object, key, value) {
		snprintf(name, sizeof(name), "%s%s%s", prefix, *prefix ? "." : "", key);
		if (json_is_object(value))
			facts_add(facts, name, value);
		else if (strcmp(name, "t") != 0)
			facts_put(facts, name, value);
	}
}

/* All facts of a run, flat: "env.kernel": "6.1.0". */
static json_t *facts_of(const struct run *run)
{
	json_t *facts = json_object();

	if (facts)
		facts_add(facts, "", run->head);
	for (size_t i = 0; facts && i < run->nr_benches && i < 1; i++) {
		const json_t *bench = run->benches[i].json;

		facts_put(facts, "target", json_object_get(bench, "target"));
		facts_put(facts, "capabilities", json_object_get(bench, "caps"));
		facts_add(facts, "timebase", json_object_get(bench, "timebase"));
	}
	return facts;
}

static const char *fact(const json_t *facts, const char *name)
{
	const char *text = json_string_value(json_object_get(facts, name));

	return text ? text : "not said";
}

void report_facts(FILE *out, const struct run *run)
{
	json_t *facts = facts_of(run), *value;
	const char *name;

	fputs("<div class=scroll tabindex=0><table class=facts>\n<tbody>\n", out);
	json_object_foreach (facts, name, value)
		html(out, "<tr><th scope=row>$</th><td>$</td></tr>\n", name, fact(facts, name));
	fputs("</tbody></table></div>\n", out);
	json_decref(facts);
}

/* Which differ between any two runs, and say nothing of where they were made. */
static bool always_differs(const char *name)
{
	static const char *const names[] = {"run_id", "started", "env.loadavg",
					    "timebase.clock_read_ns", "timebase.hz"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i], name))
			return true;
	}
	return false;
}

/* Those in which the two differ, or do not; how many. */
static size_t put_facts(FILE *out, const json_t *base, json_t *next, bool differ)
{
	const char *name;
	json_t *value;
	size_t n = 0;

	json_object_foreach (next, name, value) {
		const char *was = fact(base, name), *is = fact(next, name);

		if (always_differs(name) || (strcmp(was, is) != 0) != differ)
			continue;
		n++;
		if (differ)
			html(out, "<tr><th scope=row>$</th><td>$</td><td>$</td></tr>\n", name, was,
			     is);
		else
			html(out, "<tr><th scope=row>$</th><td>$</td></tr>\n", name, is);
	}
	return n;
}

void report_facts_differ(FILE *out, const struct run *base, const struct run *next)
{
	json_t *was = facts_of(base), *is = facts_of(next), *value;
	const char *name;

	/* What only the base says comes last. */
	json_object_foreach (was, name, value) {
		if (!json_object_get(is, name))
			json_object_set_new(is, name, json_string("not said"));
	}
	html(out,
	     "<div class=scroll tabindex=0><table class=facts>\n<thead><tr><th scope=col>differs"
	     "<th scope=col>$<th scope=col>$</tr></thead>\n<tbody>\n",
	     base->run_id, next->run_id);
	if (!put_facts(out, was, is, true))
		fputs("<tr><td colspan=3>Nothing: same compiler, flags, kernel and "
		      "machine.</td></tr>\n",
		      out);
	fputs("</tbody></table></div>\n<details>\n<summary>What is equal</summary>\n"
	      "<div class=scroll tabindex=0><table class=facts>\n<tbody>\n",
	      out);
	put_facts(out, was, is, false);
	fputs("</tbody></table></div>\n</details>\n", out);
	json_decref(was);
	json_decref(is);
}

void report_environment(const struct report *report)
{
	fputs("<section id=environment>\n<h2>Environment</h2>\n", report->out);
	if (report->base)
		report_facts_differ(report->out, report->base, report->run);
	else
		report_facts(report->out, report->run);
	fputs("</section>\n", report->out);
}
