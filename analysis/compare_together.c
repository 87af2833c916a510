/* SPDX-License-Identifier: GPL-2.0-only */
/* compare_together.c - see compare_together.h. */
#include "compare_together.h"
#include "compare_print.h"
#include "csv.h"
#include "night_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_lines(const struct night *night, bool markdown, FILE *out)
{
	char changes[1024], summary[200];

	fputs(markdown ? "\n**counts and time together**\n\n| case | verdict | what differs |\n"
			 "|:--|:--|:--|\n"
		       : "\ncounts and time together\n",
	      out);
	for (size_t i = 0; i < night->nr_cases; i++) {
		const struct night_case *item = &night->cases[i];

		fprintf(out, markdown ? "| %s%s%s | %s | %s |\n" : "%s%s%s: %s: %s\n",
			item->workload, *item->label ? " " : "", item->label,
			night_verdict_name(item->verdict),
			night_changes(item, changes, sizeof(changes)));
	}
	fprintf(out, "\n%s\n", night_summary(night, summary, sizeof(summary)));
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *case_json(const struct night_case *item)
{
	const struct night_time *time = &item->time;
	json_t *json =
		json_pack("{s:s, s:s, s:s, s:s}", "workload", item->workload, "case", item->label,
			  "target", item->target, "verdict", night_verdict_name(item->verdict));

	json_object_set_new(json, "exact",
			    item->has_exact ? json_string(verdict_name(item->exact.verdict))
					    : json_null());
	json_object_set_new(json, "time",
			    item->has_time ? json_string(verdict_name(time->verdict))
					   : json_null());
	json_object_set_new(json, "ratio", number(time->ratio));
	json_object_set_new(json, "effect", number(time->effect));
	json_object_set_new(json, "again",
			    time->again != VERDICT_COUNT ? json_string(verdict_name(time->again))
							 : json_null());
	json_object_set_new(json, "again_ratio", number(time->again_ratio));
	return json;
}

static void print_json(const struct together *together, FILE *out)
{
	json_t *cases = json_array(), *top = json_object();

	json_object_set_new(top, "exact",
			    together->exact ? compare_json(together->exact) : json_null());
	json_object_set_new(top, "time",
			    together->time ? compare_json(together->time) : json_null());
	for (size_t i = 0; i < together->night->nr_cases; i++)
		json_array_append_new(cases, case_json(&together->night->cases[i]));
	json_object_set_new(top, "together", cases);
	json_object_set_new(top, "exit_code", json_integer(night_exit_code(together->night)));
	json_dumpf(top, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
	fputc('\n', out);
	json_decref(top);
}

static void print_csv(const struct night *night, FILE *out)
{
	fputs("workload,case,target,verdict,exact,time,ratio,low,high,n,floor,effect,again,"
	      "again_ratio,what\r\n",
	      out);
	for (size_t i = 0; i < night->nr_cases; i++) {
		const struct night_case *item = &night->cases[i];
		const struct night_time *time = &item->time;
		char changes[1024];

		csv_text(out, item->workload, false);
		csv_text(out, item->label, false);
		csv_text(out, item->target, false);
		csv_text(out, night_verdict_name(item->verdict), false);
		csv_text(out, item->has_exact ? verdict_name(item->exact.verdict) : NULL, false);
		csv_text(out, item->has_time ? verdict_name(time->verdict) : NULL, false);
		csv_number(out, time->ratio, false);
		csv_number(out, time->low, false);
		csv_number(out, time->high, false);
		csv_number(out, item->has_time ? (double)time->n : NAN, false);
		csv_number(out, time->floor, false);
		csv_number(out, time->effect, false);
		csv_text(out, time->again == VERDICT_COUNT ? NULL : verdict_name(time->again),
			 false);
		csv_number(out, time->again_ratio, false);
		csv_text(out, night_changes(item, changes, sizeof(changes)), true);
	}
}

void together_print(const struct together *together, enum compare_format format, bool verbose,
		    FILE *out)
{
	bool markdown = format == FORMAT_MARKDOWN;

	switch (format) {
	case FORMAT_TEXT:
	case FORMAT_MARKDOWN:
		if (together->exact && (verbose || !together->time)) {
			compare_print(together->exact, format, verbose, out);
			fputc('\n', out);
		}
		if (together->time)
			compare_print(together->time, format, verbose, out);
		put_lines(together->night, markdown, out);
		break;
	case FORMAT_JSON:
		print_json(together, out);
		break;
	case FORMAT_CSV:
		print_csv(together->night, out);
		break;
	case FORMAT_JUNIT:
		night_print_junit(together->night, out);
		break;
	}
}
