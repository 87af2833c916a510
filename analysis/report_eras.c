/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_eras.c - the history of Linux's vmalloc and slab on this machine: each era on the same
 * work, by time and by counts, and what it changed.
 */
#include "error.h"
#include "html.h"
#include "plot_draw.h"
#include "plot_eras.h"
#include "report.h"
#include "report_frame.h"
#include "report_page.h"
#include "report_place.h"

#include <errno.h>
#include <string.h>

static const struct story {
	const char *era, *released, *commit, *text;
} stories[] = {
#define STORY(era, released, commit, text) {era, released, commit, text},
#include "era_stories.def"
#undef STORY
};
#define NR_STORIES (sizeof(stories) / sizeof(stories[0]))

struct wanted {
	const struct run *run;
	const struct report_options *options;
};

static bool measured(const struct run *run, const char *era)
{
	char name[64];

	for (size_t i = 0; i < run->nr_benches; i++) {
		if (!strcmp(era_of(&run->benches[i], name, sizeof(name)), era))
			return true;
	}
	return false;
}

static void put_stories(FILE *out, const struct run *run)
{
	fputs("<section id=eras>\n<h2>What changed, and why</h2>\n<ol class=eras>\n", out);
	for (size_t i = 0; i < NR_STORIES; i++) {
		const struct story *story = &stories[i];

		html(out, "<li><h3>Linux $ <span class=where>$$$$</span></h3>\n<p>$</p></li>\n",
		     story->era, story->released, *story->commit ? ", commit " : "", story->commit,
		     measured(run, story->era) ? "" : "; not measured in this run", story->text);
	}
	fputs("</ol>\n</section>\n", out);
}

static void put_page(FILE *out, const struct run *run, const struct figures *figures)
{
	static const struct report_link links[] = {{"#figures", "Figures"},
						   {"#eras", "What changed"},
						   {"#environment", "Environment"},
						   {"#counters", "Counters"},
						   {"#files", "Files"}};
	const char *command = json_string_value(json_object_get(run->head, "command"));

	frame_head(out, &(struct report_link){NULL, "trimm report --eras"},
		   "Linux's vmalloc and slab, era by era");
	html(out,
	     "<p>Each era is what a release of Linux did, built from the same parts and run on "
	     "this machine: <time>$</time>, <code>$</code></p>\n",
	     run->started, command ? command : "");
	frame_nav(out, links, sizeof(links) / sizeof(links[0]));
	if (strcmp(run->status, "ok") != 0)
		html(out,
		     "<p class=\"banner unclear\" role=alert><strong>$</strong>: the run did "
		     "not end as planned</p>\n",
		     run->status);
	fputs("<section id=figures>\n<h2>Figures</h2>\n", out);
	if (*figures->missing)
		html(out, "<p class=\"banner unclear\">$</p>\n", figures->missing);
	for (size_t i = 0; i < figures->n; i++)
		report_figure(out, &figures->list[i]);
	fputs("</section>\n", out);
	put_stories(out, run);
	fputs("<section id=environment>\n<h2>Environment</h2>\n", out);
	report_facts(out, run);
	fputs("</section>\n<section id=counters>\n<h2>What could not be counted, and why</h2>\n",
	      out);
	report_outcomes(out, run);
	html(out,
	     "</section>\n<section id=files>\n<h2>Files</h2>\n<p>All records, one JSON object a "
	     "line: <a href=\"$\">$</a>; as a report of its own: <code>trimm report $</code>.</p>\n"
	     "</section>\n",
	     REPORT_RAW, REPORT_RAW, run->run_id);
	frame_foot(out);
}

static int fill(const char *directory, void *what, struct run_error *error)
{
	const struct wanted *wanted = what;
	const struct run *run = wanted->run;
	struct figures figures = {0};
	struct plot_cases cases;
	FILE *out;
	int err;

	if (plot_cases_read(run, &cases))
		return error_set(error, "%s: out of memory", run->path);
	err = plot_eras(&cases, directory, &figures);
	plot_cases_free(&cases);
	if (err == -ENODATA) {
		err = error_set(error,
				"%s: no case of it has eras to compare; name them by "
				"era=2.6.21,6.18, or leave the run out",
				run->path);
	} else if (err) {
		err = error_set(error, "%s: can't write figures: %s", directory, strerror(-err));
	} else {
		figures_draw(&figures, directory, wanted->options->figures);
		out = report_open(directory, REPORT_INDEX, error);
		err = -!out;
		if (out) {
			put_page(out, run, &figures);
			err = report_close(out, directory, REPORT_INDEX, error);
		}
		if (!err)
			err = report_copy(run->path, directory, REPORT_RAW, error);
	}
	plot_free(&figures);
	return err;
}

int report_write_eras(const struct run *run, const struct report_options *options,
		      const char *directory, struct run_error *error)
{
	struct wanted wanted = {run, options};

	return report_place(directory, fill, &wanted, error);
}
