/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_purges.c - purges over time, a lane for each arm and CPU, and what waited for them: single
 * events of probe vmalloc (the kernel's own areas) or of mmcore.
 */
#include "plot_panels.h"
#include "compare.h"
#include "trace_facts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LANES_MAX 32
/* Of a curve; what a figure of this width can show. */
#define POINTS 1200

struct lane {
	const struct bench *bench;
	unsigned int cpu;
};

struct lanes {
	size_t n;
	struct lane lane[LANES_MAX];
	double from, to; /* of all events, ns */
	double longest;	 /* purge, ns */
	uint64_t purges;
	size_t untimed; /* purges of which nobody knows how long they took */
};

static bool is_purge(const struct event *event)
{
	return !strcmp(event->name, "purge");
}

static bool is_waiting(const struct event *event)
{
	return !strcmp(event->name, "lazy") &&
	       !isnan(trace_key_number(event->args, event->nr_args, "pages"));
}

static double length_of(const struct event *event)
{
	return event->len_ns > 0 ? event->len_ns : 0;
}

static size_t lane_of(const struct lanes *lanes, const struct bench *bench, unsigned int cpu)
{
	size_t i = 0;

	while (i < lanes->n && (lanes->lane[i].bench != bench || lanes->lane[i].cpu != cpu))
		i++;
	return i;
}

static void lane_add(struct lanes *lanes, const struct bench *bench, unsigned int cpu)
{
	size_t i = lanes->n;

	if (lane_of(lanes, bench, cpu) < lanes->n || lanes->n == LANES_MAX)
		return;
	/* Arms come one after the other: their CPUs by number. */
	for (; i > 0 && lanes->lane[i - 1].bench == bench && lanes->lane[i - 1].cpu > cpu; i--)
		lanes->lane[i] = lanes->lane[i - 1];
	lanes->lane[i] = (struct lane){bench, cpu};
	lanes->n++;
}

static void lanes_read(const struct plot_case *at, struct lanes *lanes)
{
	*lanes = (struct lanes){.from = INFINITY, .to = -INFINITY};
	for (size_t a = 0; a < at->nr_arms; a++) {
		const struct trace *trace = &at->arm[a]->trace;

		for (size_t i = 0; i < trace->nr_events; i++) {
			const struct event *event = &trace->events[i];

			/* Others tell how long the case was watched. */
			lanes->from = fmin(lanes->from, event->at_ns);
			lanes->to = fmax(lanes->to, event->at_ns + length_of(event));
			if (!is_purge(event))
				continue;
			lane_add(lanes, at->arm[a], event->cpu);
			lanes->purges++;
			lanes->untimed += !length_of(event);
			lanes->longest = fmax(lanes->longest, length_of(event));
		}
	}
}

/* From when to when in s, lane, height as a share of the longest. */
static void put_purges(struct script *script, const struct plot_case *at, const struct lanes *lanes)
{
	char name[64];

	for (size_t a = 0; a < at->nr_arms; a++) {
		const struct trace *trace = &at->arm[a]->trace;

		script_block(script, plot_arm_name(at->arm[a], name, sizeof(name)));
		/* A block without a line would be none. */
		fputs("NaN NaN NaN NaN\n", script->data);
		for (size_t i = 0; i < trace->nr_events; i++) {
			const struct event *event = &trace->events[i];
			size_t lane = lane_of(lanes, at->arm[a], event->cpu);
			double start = event->at_ns, length = length_of(event);

			if (!is_purge(event) || lane == lanes->n)
				continue;
			fprintf(script->data, "%.9g %.9g %zu %.4g\n", (start - lanes->from) / 1e9,
				(start + length - lanes->from) / 1e9, lane + 1,
				lanes->longest > 0 ? length / lanes->longest : 0);
		}
	}
}

/* The most of each of POINTS slices of time, so that no peak is lost. */
static size_t put_waiting(struct script *script, const struct bench *bench,
			  const struct lanes *lanes, bool sampled)
{
	double most[POINTS], width = (lanes->to - lanes->from) / POINTS;
	size_t n = 0;

	for (size_t i = 0; i < POINTS; i++)
		most[i] = NAN;
	for (size_t i = 0; i < bench->trace.nr_events; i++) {
		const struct event *event = &bench->trace.events[i];
		double pages = trace_key_number(event->args, event->nr_args, "pages");
		double slice = (event->at_ns - lanes->from) / fmax(width, 1);

		if ((sampled ? is_waiting(event) : is_purge(event)) && !isnan(pages)) {
			size_t at = (size_t)fmin(fmax(slice, 0), POINTS - 1);

			most[at] = fmax(most[at], pages);
			n++;
		}
	}
	for (size_t i = 0; i < POINTS; i++) {
		if (!isnan(most[i]))
			fprintf(script->data, "%.9g %.6g\n", ((double)i + 0.5) * width / 1e9,
				most[i] * 4096 / 0x1p20);
	}
	return n;
}

static bool has_samples(const struct plot_case *at)
{
	for (size_t a = 0; a < at->nr_arms; a++) {
		const struct trace *trace = &at->arm[a]->trace;

		for (size_t i = 0; i < trace->nr_events; i++) {
			if (is_waiting(&trace->events[i]))
				return true;
		}
	}
	return false;
}

static void put_lanes(struct script *script, const struct lanes *lanes)
{
	char variable[32], name[64], text[96];

	fprintf(script->script, "lanes = %zu\narray lane[%zu]\n", lanes->n, lanes->n);
	for (size_t i = 0; i < lanes->n; i++) {
		snprintf(variable, sizeof(variable), "lane[%zu]", i + 1);
		snprintf(text, sizeof(text), "%s, CPU %u",
			 plot_arm_name(lanes->lane[i].bench, name, sizeof(name)),
			 lanes->lane[i].cpu);
		script_text(script, variable, text);
	}
}

int plot_purges(const struct plot_target *target, const struct plot_case *at, struct figure *figure)
{
	bool sampled = has_samples(at);
	struct lanes lanes;
	struct script script;
	size_t waiting = 0;
	char what[128], name[64], longest[32];
	int err;

	lanes_read(at, &lanes);
	if (!lanes.n)
		return -ENODATA;
	snprintf(what, sizeof(what), "purges over time%s",
		 bench_real_time(at->arm[0]) ? "" : ", EMULATED TIME");
	err = case_open(&script, target, at, "purges", "", what, lanes.purges, figure);
	if (err)
		return err;
	put_lanes(&script, &lanes);
	put_purges(&script, at, &lanes);
	for (size_t a = 0; a < at->nr_arms; a++) {
		script_block(&script, plot_arm_name(at->arm[a], name, sizeof(name)));
		fputs("NaN NaN\n", script.data);
		waiting += put_waiting(&script, at->arm[a], &lanes, sampled);
	}
	compare_format_value(lanes.longest, "ns", longest, sizeof(longest));
	script_text(&script, "longest", lanes.longest > 0 ? longest : "not known");
	script_number(&script, "until", fmax((lanes.to - lanes.from) / 1e9, 1e-9));
	script_number(&script, "waiting", waiting > 0);
	script_number(&script, "sampled", sampled);
	script_number(&script, "untimed", (double)lanes.untimed);
	script_number(&script, "above", 60 + 34 * (double)lanes.n);
	script_number(&script, "height", 150 + 34 * (double)lanes.n + (waiting ? 210 : 0));
	figure->how =
		"each mark is a purge, on the lane of the arm and the CPU that did it: as high as "
		"it took long, the highest being the longest; where nobody knows how long, it is a "
		"dot. Below: address space that waited for one, known when an area was freed or, "
		"if that was not traced, at each purge alone. Arms take turns, so a lane has gaps. "
		"The tracer may have had no room for some; the account of the probe says how many.";
	return script_close(&script, "purges");
}
