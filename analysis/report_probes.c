/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_probes.c - the account of each probe of a case: what it saw, what it missed, what it
 * cost. What is not known says why, and is never 0.
 */
#include "report_page.h"
#include "html.h"

#include <math.h>
#include <string.h>

static void put_count(FILE *out, double value, bool doubtful)
{
	char text[32] = "not known";

	if (!isnan(value))
		compare_format_value(value, "", text, sizeof(text));
	html(out, "<td class=\"number$\">$</td>", doubtful && value > 0 ? " warn" : "", text);
}

/* "141 ns [135, 149]", or why it is not known. */
static void put_cost(FILE *out, const struct probe *probe)
{
	char text[96];

	if (isnan(probe->cost_ns.mid)) {
		html(out, "<td class=why>not known$$</td>", probe->cost_why ? ": " : "",
		     probe->cost_why ? probe->cost_why : "");
		return;
	}
	snprintf(text, sizeof(text), "%.3g ns [%.3g, %.3g]", probe->cost_ns.mid, probe->cost_ns.low,
		 probe->cost_ns.high);
	html(out, "<td class=number>$</td>", text);
}

static void put_share(FILE *out, const struct probe *probe)
{
	char text[96] = "not known";

	if (!isnan(probe->share.mid))
		snprintf(text, sizeof(text), "%.3g %% [%.3g, %.3g]", 100 * probe->share.mid,
			 100 * probe->share.low, 100 * probe->share.high);
	html(out, "<td class=number>$", text);
	if (probe->disturbed)
		fputs(" <span class=\"tag vbad\">WARNING: disturbed</span>", out);
	fputs("</td>", out);
}

static void put_ns(FILE *out, double ns)
{
	char text[32] = "–";

	if (!isnan(ns))
		compare_format_value(ns, "ns", text, sizeof(text));
	html(out, "<td class=number>$</td>", text);
}

static void put_probe(const struct report *report, const struct bench *bench,
		      const struct probe *probe)
{
	FILE *out = report->out;
	char name[64], seconds[32] = "–";

	html(out, "<tr><th scope=row>$</th><td>", probe->name);
	report_arm(report, plot_arm_name(bench, name, sizeof(name)));
	fputs("</td>", out);
	if (strcmp(probe->status, "ok") != 0) {
		html(out, "<td class=why colspan=12><b>$</b>$$</td></tr>\n", probe->status,
		     probe->why ? ": " : "", probe->why ? probe->why : "");
		return;
	}
	if (!isnan(probe->seconds))
		snprintf(seconds, sizeof(seconds), "%.3g s", probe->seconds);
	html(out, "<td>$</td><td class=number>$</td>", probe->how ? probe->how : "–", seconds);
	put_count(out, probe->events, false);
	put_count(out, probe->delivered, false);
	put_count(out, probe->lost, true);
	put_count(out, probe->missed, true);
	put_count(out, probe->refused, false);
	put_count(out, probe->full, true);
	put_cost(out, probe);
	put_ns(out, probe->bpf_ns / probe->bpf_runs);
	put_ns(out, probe->floor_ns);
	put_share(out, probe);
	fputs("</tr>\n", out);
	if (probe->why)
		html(out, "<tr><td colspan=14 class=why>$: $</td></tr>\n", probe->name, probe->why);
}

/* Of no arm before: an arm has each probe once. */
static bool is_first(const struct plot_case *at, size_t arm, const char *name)
{
	for (size_t a = 0; a < arm; a++) {
		if (trace_probe(&at->arm[a]->trace, name))
			return false;
	}
	return true;
}

/* A probe's arms stand below each other. */
static void put_arms(const struct report *report, const struct plot_case *at, const char *name)
{
	for (size_t a = 0; a < at->nr_arms; a++) {
		const struct probe *probe = trace_probe(&at->arm[a]->trace, name);

		if (probe)
			put_probe(report, at->arm[a], probe);
	}
}

static bool traced(const struct plot_case *at)
{
	for (size_t a = 0; a < at->nr_arms; a++) {
		if (at->arm[a]->trace.nr_probes)
			return true;
	}
	return false;
}

void report_probes(const struct report *report, const struct plot_case *at)
{
	FILE *out = report->out;

	if (!traced(at))
		return;
	html(out,
	     "<div class=probes>\n<div class=scroll tabindex=0><table>\n<caption>Probes of $$$$: "
	     "what they saw, missed and cost</caption>\n"
	     "<thead><tr><th scope=col>probe<th scope=col>arm<th scope=col>attached by"
	     "<th scope=col class=number>for<th scope=col class=number>events"
	     "<th scope=col class=number>delivered<th scope=col class=number>lost"
	     "<th scope=col class=number>missed<th scope=col class=number>refused"
	     "<th scope=col class=number>full<th scope=col class=number>cost of an event, its "
	     "95 % interval<th scope=col class=number>in BPF<th scope=col class=number>empty "
	     "program<th scope=col class=number>of the workload's time</tr></thead>\n<tbody>\n",
	     at->workload, *at->label ? " " : "", at->label,
	     bench_real_time(at->arm[0]) ? "" : ", in EMULATED TIME");
	for (size_t a = 0; a < at->nr_arms; a++) {
		for (size_t i = 0; i < at->arm[a]->trace.nr_probes; i++) {
			if (is_first(at, a, at->arm[a]->trace.probes[i].name))
				put_arms(report, at, at->arm[a]->trace.probes[i].name);
		}
	}
	html(out,
	     "</tbody></table></div>\n<p class=footnote><b>How to read:</b> delivered events are "
	     "in "
	     "histograms or came out one by one; lost: there was no room for a single event; "
	     "missed: "
	     "the kernel did not run the program; refused: within itself, or of others; full: a "
	     "map had no room. What an event costs is of all probes together, from neighbouring "
	     "blocks with probes and without; in BPF: what the kernel itself says; empty program: "
	     "the floor of any probe there.$</p>\n</div>\n",
	     bench_real_time(at->arm[0])
		     ? ""
		     : " All times here are an emulator's, and say nothing of hardware.");
}
