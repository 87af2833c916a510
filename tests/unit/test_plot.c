/* SPDX-License-Identifier: GPL-2.0-only */
/* test_plot.c - figures: which a run gives, that their files are whole and run by themselves. */
#include "plot_draw.h"
#include "plot_command.h"
#include "record_maker.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
	char directory[64], records[80];
	struct run *run;
	struct plot_cases cases;
	struct figures figures;
};

static bool have_gnuplot(void)
{
	return system("gnuplot --version >/dev/null 2>&1") == 0;
}

/* A run without its cases. */
static struct fixture *fixture_load(const struct record_shape *shape)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct run_error error;

	assert_non_null(fixture);
	strcpy(fixture->directory, "/tmp/trimm-test-XXXXXX");
	assert_non_null(mkdtemp(fixture->directory));
	snprintf(fixture->records, sizeof(fixture->records), "%s.ndjson", fixture->directory);
	assert_int_equal(record_make(fixture->records, shape), 0);
	assert_int_equal(run_load(fixture->records, &fixture->run, &error), 0);
	return fixture;
}

static struct fixture *fixture_make(const struct record_shape *shape)
{
	struct fixture *fixture = fixture_load(shape);

	assert_int_equal(plot_cases_read(fixture->run, &fixture->cases), 0);
	return fixture;
}

static void fixture_draw(struct fixture *fixture)
{
	struct run_error error;

	assert_int_equal(plot_run(&fixture->cases, fixture->directory, &fixture->figures, &error),
			 0);
	figures_draw(&fixture->figures, fixture->directory, PLOT_DRAWN_MAX);
}

static void fixture_free(struct fixture *fixture)
{
	char command[128];

	plot_free(&fixture->figures);
	plot_cases_free(&fixture->cases);
	run_free(fixture->run);
	unlink(fixture->records);
	snprintf(command, sizeof(command), "rm -rf '%s'", fixture->directory);
	assert_int_equal(system(command), 0);
	free(fixture);
}

static struct record_shape shape_small(void)
{
	struct record_shape shape = record_shape_default();

	memset(shape.pages, 0, sizeof(shape.pages));
	shape.pages[0] = 1;
	shape.pages[1] = 64;
	return shape;
}

static char *file_read(const char *directory, const char *name, const char *suffix)
{
	char path[512], *text;
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s%s", directory, name, suffix);
	file = fopen(path, "r");
	if (!file)
		return NULL;
	text = malloc(4 << 20);
	assert_non_null(text);
	length = fread(text, 1, (4 << 20) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

static const struct figure *figure_find(const struct figures *figures, const char *part)
{
	for (size_t i = 0; i < figures->n; i++) {
		if (strstr(figures->list[i].name, part))
			return &figures->list[i];
	}
	return NULL;
}

/* Tags open and close in order: enough XML for a browser to show the figure. */
static void assert_svg(const char *text)
{
	size_t depth = 0;

	assert_memory_equal(text, "<?xml", 5);
	for (const char *at = strchr(text + 1, '<'); at; at = strchr(at + 1, '<')) {
		const char *end = strchr(at, '>');

		assert_non_null(end);
		if (at[1] == '/') {
			assert_true(depth > 0);
			depth--;
		} else if (at[1] != '!' && at[1] != '?' && end[-1] != '/') {
			depth++;
		}
	}
	assert_int_equal(depth, 0);
}

static void a_sweep_gives_every_figure(void **state)
{
	static const char *const expected[] = {
		"unmap-storm-crossover-nr_pages",
		"unmap-storm-tradeoff-nr_pages",
		"unmap-storm-cost-nr_pages",
		"unmap-storm-nr_pages-1-stalls",
		"unmap-storm-nr_pages-64-spectrum-free",
		"unmap-storm-nr_pages-64-histogram-alloc",
		"unmap-storm-nr_pages-1-heatmap-free",
	};
	struct record_shape shape = shape_small();
	struct fixture *fixture = fixture_make(&shape);

	(void)state;
	fixture_draw(fixture);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		const struct figure *figure = figure_find(&fixture->figures, expected[i]);

		if (!figure) {
			fail_msg("no figure %s", expected[i]);
			return;
		}
		assert_non_null(strstr(figure->title, "n = "));
		assert_true(strlen(figure->how) > 20);
	}
	fixture_free(fixture);
}

static void figures_are_whole_and_light_or_dark(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture = fixture_make(&shape);

	(void)state;
	if (!have_gnuplot()) {
		fixture_free(fixture);
		skip();
	}
	fixture_draw(fixture);
	assert_string_equal(fixture->figures.missing, "");
	for (size_t i = 0; i < fixture->figures.n; i++) {
		const struct figure *figure = &fixture->figures.list[i];
		char *svg = file_read(fixture->directory, figure->name, ".svg");

		assert_true(figure->drawn);
		assert_non_null(svg);
		assert_svg(svg);
		assert_non_null(strstr(svg, "prefers-color-scheme:dark"));
		assert_non_null(strstr(svg, shape.workload));
		assert_null(strstr(svg, "<script"));
		free(svg);
	}
	fixture_free(fixture);
}

static void colours_belong_to_the_arm(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture;

	(void)state;
	shape.base = "lazy";
	shape.next = "eager";
	fixture = fixture_make(&shape);
	assert_int_equal(plot_arm_colour(&fixture->cases, "eager"), 0xD55E00);
	assert_int_equal(plot_arm_colour(&fixture->cases, "lazy"), 0x0072B2);
	fixture_free(fixture);
	shape.factor = "label";
	shape.base = "mmcore";
	shape.next = "native";
	fixture = fixture_make(&shape);
	assert_int_not_equal(plot_arm_colour(&fixture->cases, "mmcore"),
			     plot_arm_colour(&fixture->cases, "native"));
	fixture_free(fixture);
}

static void scripts_run_by_themselves(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture = fixture_make(&shape);
	char command[512], *before, *after;

	(void)state;
	if (!have_gnuplot()) {
		fixture_free(fixture);
		skip();
	}
	fixture_draw(fixture);
	for (size_t i = 0; i < fixture->figures.n; i++) {
		const char *name = fixture->figures.list[i].name;

		before = file_read(fixture->directory, name, ".svg");
		snprintf(command, sizeof(command),
			 "cd '%s' && rm %s.svg && gnuplot %s.gp >/dev/null 2>&1",
			 fixture->directory, name, name);
		assert_int_equal(system(command), 0);
		after = file_read(fixture->directory, name, ".svg");
		assert_non_null(after);
		assert_string_equal(before, after);
		free(before);
		free(after);
	}
	fixture_free(fixture);
}

static void sweeps_over_cpus_scale(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture;
	char *data;

	(void)state;
	shape.cpus[0] = 1;
	shape.cpus[1] = 2;
	shape.cpus[2] = 4;
	shape.intervals = false;
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	/* Two sweeps over cpus, three over pages: each other parameter fixed in turn. */
	assert_int_equal(fixture->cases.nr_sweeps, 5);
	assert_non_null(figure_find(&fixture->figures, "scaling-cpus-nr_pages-64"));
	assert_non_null(figure_find(&fixture->figures, "crossover-nr_pages-cpus-4"));
	assert_null(figure_find(&fixture->figures, "heatmap"));
	data = file_read(fixture->directory, "unmap-storm-scaling-cpus-nr_pages-1", ".dat");
	assert_non_null(data);
	/* Four workers on two CPUs are marked. */
	assert_non_null(strstr(data, "\n4 "));
	assert_non_null(strstr(strstr(data, "\n4 "), " 1\n"));
	free(data);
	fixture_free(fixture);
}

/* Where both arms are the same, the interval of the ratio holds 1 and the size is grey. */
static void equal_arms_straddle_one(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture;
	char *data, *line;
	double x, left, right, ratio, low, high;
	int straddles;

	(void)state;
	shape.same_work = true;
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	data = file_read(fixture->directory, "unmap-storm-crossover-nr_pages", ".dat");
	assert_non_null(data);
	line = strchr(data, '\n') + 1;
	assert_int_equal(sscanf(line, "%lf %lf %lf %lf %lf %lf %d", &x, &left, &right, &ratio, &low,
				&high, &straddles),
			 7);
	assert_true(low < ratio && ratio < high && left < x && x < right);
	assert_int_equal(straddles, low <= 1 && high >= 1);
	assert_true(straddles);
	free(data);
	fixture_free(fixture);
}

static void hostile_names_stay_text(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture;
	char path[256];

	(void)state;
	shape.workload = "a`touch ran`$(touch ran)';touch ran;'|../b";
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	assert_true(fixture->figures.n > 0);
	for (size_t i = 0; i < fixture->figures.n; i++) {
		assert_null(strpbrk(fixture->figures.list[i].name, "`$();'|/. "));
		if (have_gnuplot())
			assert_true(fixture->figures.list[i].drawn);
	}
	snprintf(path, sizeof(path), "%s/ran", fixture->directory);
	assert_int_equal(access(path, F_OK), -1);
	fixture_free(fixture);
}

static void without_gnuplot_scripts_remain(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture = fixture_make(&shape);
	char *path = strdup(getenv("PATH")), *script;

	(void)state;
	assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
	fixture_draw(fixture);
	assert_int_equal(plot_terminal(fixture->run, stderr), -ENOENT);
	assert_int_equal(setenv("PATH", path, 1), 0);
	assert_non_null(strstr(fixture->figures.missing, "gnuplot is not installed"));
	assert_true(fixture->figures.n > 0);
	assert_false(fixture->figures.list[0].drawn);
	script = file_read(fixture->directory, fixture->figures.list[0].name, ".gp");
	assert_non_null(script);
	free(script);
	free(path);
	fixture_free(fixture);
}

static void no_directory_is_an_error(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture = fixture_make(&shape);
	struct run_error error;

	(void)state;
	assert_int_equal(plot_run(&fixture->cases, "/nowhere/at/all", &fixture->figures, &error),
			 -1);
	assert_non_null(strstr(error.text, "/nowhere/at/all"));
	assert_null(strchr(error.text, '\n'));
	fixture_free(fixture);
}

static void assert_fits_terminal(const char *text)
{
	size_t lines = 0;

	while (*text) {
		size_t length = strcspn(text, "\n"), columns = 0;

		for (size_t i = 0; i < length; i++)
			columns += (text[i] & 0xc0) != 0x80;
		assert_true(columns <= 79);
		lines++;
		text += length + (text[length] == '\n');
	}
	assert_true(lines > 10 && lines <= 24);
}

static void terminal_plots_fit(void **state)
{
	struct record_shape shape = shape_small();

	(void)state;
	if (!have_gnuplot())
		skip();
	for (int single = 0; single < 2; single++) {
		struct fixture *fixture;
		char *text = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&text, &length);

		shape.pages[1] = single ? 0 : 64;
		fixture = fixture_make(&shape);
		assert_int_equal(plot_terminal(fixture->run, out), 0);
		fclose(out);
		assert_fits_terminal(text);
		assert_non_null(strstr(text, "lazy"));
		assert_non_null(strstr(text, single ? "percentile" : "total time"));
		free(text);
		fixture_free(fixture);
	}
}

static void exact_runs_give_counts_and_no_times(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture;
	char *data;

	(void)state;
	shape.exact = true;
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	for (size_t i = 0; i < fixture->figures.n; i++)
		assert_true(strstr(fixture->figures.list[i].name, "counted") ||
			    strstr(fixture->figures.list[i].name, "costs"));
	assert_non_null(figure_find(&fixture->figures, "counted-nr_pages"));
	/* Two misses a page and operation. */
	data = file_read(fixture->directory, "unmap-storm-counted-nr_pages", ".dat");
	assert_non_null(strstr(data, "# eager\n1 2\n64 128\n"));
	free(data);
	assert_non_null(figure_find(&fixture->figures, "nr_pages-64-costs-free"));
	/* Of 4,096 frees 64 miss 316 times: from 1 in 64 on. */
	data = file_read(fixture->directory, "unmap-storm-nr_pages-64-costs-free", ".dat");
	assert_non_null(strstr(data, "\n64 64\n64 316\n4096 316\n"));
	free(data);
	if (have_gnuplot())
		assert_true(fixture->figures.list[0].drawn);
	fixture_free(fixture);
}

static void what_was_followed_is_drawn_over_its_iterations(void **state)
{
	struct record_shape shape = shape_small();
	const struct figure *figure;
	struct fixture *fixture;
	char *text;

	(void)state;
	shape.points = 4;
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	figure = figure_find(&fixture->figures, "nr_pages-64-series");
	if (!figure) {
		fail_msg("no figure of the series");
		return;
	}
	assert_non_null(strstr(figure->title, "n = 4"));
	/* What never changes has no panel, and that is said. */
	assert_non_null(strstr(figure->how, "Not shown"));
	text = file_read(fixture->directory, figure->name, ".dat");
	assert_string_equal(text, "# eager\n0 90\n1 90\n2 90\n3 90\n\n\n"
				  "# lazy\n0 90\n1 80\n2 70\n3 60\n");
	free(text);
	text = file_read(fixture->directory, figure->name, ".gp");
	assert_non_null(strstr(text, "panels = 1\n"));
	assert_non_null(strstr(text, "axis[1] = 'followed'\n"));
	free(text);
	if (have_gnuplot())
		assert_true(figure->drawn);
	fixture_free(fixture);
}

/* Sizes become thresholds of one size: cases of one arm each, or arms of one case. */
static void sizes_to_thresholds(struct run *run, bool arms)
{
	static const char *const arm[] = {"lazy_max_mib=0", "lazy_max_mib=1", "lazy_max_mib=4"};
	size_t n = 0;

	for (size_t i = 0; i < run->nr_benches; i++) {
		struct bench *bench = &run->benches[i];

		if (strcmp(bench->arm, "flush=lazy") != 0)
			continue;
		json_object_set_new(bench->params, "nr_pages", json_integer(1));
		json_object_set_new(bench->params, "lazy_max_mib", json_integer(atoi(arm[n] + 13)));
		bench->arm = arms ? arm[n] : "";
		bench->case_id = arms ? 0 : (int)n;
		run->benches[n++] = *bench;
	}
	run->nr_benches = n;
}

static void a_sweep_of_thresholds_shows_gain_and_costs(void **state)
{
	struct record_shape shape = shape_small();

	(void)state;
	shape.pages[2] = 512;
	for (int arms = 0; arms < 2; arms++) {
		struct fixture *fixture = fixture_load(&shape);
		size_t n = fixture->run->nr_benches, places = 0;
		struct bench *all = malloc(n * sizeof(*all));
		char *data;

		assert_non_null(all);
		memcpy(all, fixture->run->benches, n * sizeof(*all));
		sizes_to_thresholds(fixture->run, arms);
		assert_int_equal(fixture->run->nr_benches, 3);
		assert_int_equal(plot_cases_read(fixture->run, &fixture->cases), 0);
		fixture_draw(fixture);
		data = file_read(fixture->directory,
				 arms ? "unmap-storm-threshold"
				      : "unmap-storm-threshold-lazy_max_mib",
				 ".dat");
		assert_non_null(data);
		for (const char *line = data; line; line = strchr(line + 1, '\n')) {
			double place, rate, low, high, purge, slow, interrupts, held;

			if (sscanf(line, "\n%lf %lf %lf %lf %lf %lf %lf %lf", &place, &rate, &low,
				   &high, &purge, &slow, &interrupts, &held) != 8)
				continue;
			places++;
			assert_true(rate > low && rate < high && purge > 1e4 && slow > 0);
			assert_true(interrupts >= 0 && interrupts < 0.1 && held >= 64);
		}
		assert_int_equal(places, 3);
		free(data);
		data = file_read(fixture->directory,
				 arms ? "unmap-storm-threshold"
				      : "unmap-storm-threshold-lazy_max_mib",
				 ".gp");
		assert_non_null(strstr(data, "tic[3] = '4'\n"));
		assert_non_null(strstr(data, "\ninterrupted = 1\n"));
		free(data);
		memcpy(fixture->run->benches, all, n * sizeof(*all));
		fixture->run->nr_benches = n;
		free(all);
		fixture_free(fixture);
	}
}

/* The value of a cell; NAN if it is not there. */
static double cell_of(const char *data, unsigned int column, unsigned int row)
{
	char start[32];
	const char *line;

	snprintf(start, sizeof(start), "\n%u %u ", column, row);
	line = strstr(data, start);
	return line ? strtod(line + strlen(start), NULL) : NAN;
}

static void a_grid_of_cases_is_a_map(void **state)
{
	struct record_shape shape = shape_small();

	(void)state;
	shape.cpus[0] = 1;
	shape.cpus[1] = 2;
	for (int exact = 0; exact < 2; exact++) {
		const struct figure *figure;
		struct fixture *fixture;
		char *data, *two;

		shape.exact = exact;
		fixture = fixture_load(&shape);
		/* Eager is as a threshold of 0. */
		for (size_t i = 0; i < fixture->run->nr_benches; i++) {
			json_t *params = fixture->run->benches[i].params;

			json_object_set_new(params, "lazy_max_mib", json_integer(i % 2 ? 32 : 0));
			json_object_set_new(params, "flush", json_string("lazy"));
		}
		/* Of what failed nothing is shown. */
		fixture->run->benches[fixture->run->nr_benches - 1].status = "failed";
		assert_int_equal(plot_cases_read(fixture->run, &fixture->cases), 0);
		fixture_draw(fixture);
		figure = figure_find(&fixture->figures,
				     exact ? "map-interrupts-x86_64-qemu" : "map-time-user");
		if (!figure) {
			fail_msg("no map");
			return;
		}
		data = file_read(fixture->directory, figure->name, ".dat");
		/* One CPU interrupts nobody: it has no panel. */
		two = exact ? data : strstr(data, "\n\n\n");
		assert_non_null(two);
		if (exact)
			assert_null(strstr(data, "\n\n\n"));
		/* A second CPU costs an eager free 1,400 ns, or an interrupt; a lazy one little. */
		if (exact) {
			assert_true(cell_of(two, 1, 1) == 1);
			assert_true(cell_of(two, 1, 2) == 0);
		} else {
			assert_true(cell_of(two, 1, 1) > cell_of(data, 1, 1) + 1000);
			assert_true(cell_of(two, 1, 2) < cell_of(two, 1, 1) / 2);
		}
		assert_false(isnan(cell_of(two, 2, 1)));
		assert_true(isnan(cell_of(two, 2, 2)));
		free(data);
		if (have_gnuplot())
			assert_true(figure->drawn);
		fixture_free(fixture);
	}
}

static void a_tradeoff_counts_interrupts_of_others(void **state)
{
	struct record_shape shape = shape_small();

	(void)state;
	for (unsigned int cpus = 1; cpus <= 2; cpus++) {
		struct fixture *fixture;
		char *script;

		shape.cpus[0] = cpus;
		fixture = fixture_make(&shape);
		fixture_draw(fixture);
		script = file_read(fixture->directory, "unmap-storm-tradeoff-nr_pages", ".gp");
		assert_non_null(script);
		assert_non_null(
			strstr(script, cpus > 1 ? "\ninterrupted = 1\n" : "\ninterrupted = 0\n"));
		free(script);
		fixture_free(fixture);
	}
}

static void flushes_are_told_by_cpus_interrupted(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture;
	char *script;

	(void)state;
	shape.cpus[0] = 16;
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	assert_non_null(figure_find(&fixture->figures, "nr_pages-64-shootdown"));
	script = file_read(fixture->directory, "unmap-storm-nr_pages-64-shootdown", ".gp");
	/* By number, not by letter. */
	assert_non_null(strstr(script, "classes = 5\n"));
	assert_non_null(strstr(script, "class[4] = '4-7'\nclass[5] = '8-15'\n"));
	assert_non_null(strstr(script, "ways = 0\n"));
	free(script);
	fixture_free(fixture);
	/* What probe ipi saw is a line across those that interrupt. */
	shape.probes = true;
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	script = file_read(fixture->directory, "unmap-storm-nr_pages-64-shootdown", ".gp");
	assert_non_null(strstr(script, "ways = 1\n"));
	free(script);
	fixture_free(fixture);
}

static struct record_shape shape_traced(unsigned int cpus)
{
	struct record_shape shape = record_shape_default();

	memset(shape.pages, 0, sizeof(shape.pages));
	shape.pages[0] = 1;
	shape.cpus[0] = cpus;
	shape.probes = true;
	return shape;
}

static void interrupts_are_told_by_pair_of_cpus(void **state)
{
	struct record_shape shape = shape_traced(8);
	struct fixture *fixture = fixture_make(&shape);
	char *script, *data;

	(void)state;
	fixture_draw(fixture);
	assert_non_null(figure_find(&fixture->figures, "ipi-call"));
	/* None was sent. */
	assert_null(figure_find(&fixture->figures, "ipi-reschedule"));
	script = file_read(fixture->directory, "unmap-storm-ipi-call", ".gp");
	assert_non_null(strstr(script, "cpus = 8\n"));
	assert_non_null(strstr(script, "cpu[8] = '7'"));
	/* To 1 from 0: half of the operations; the median is within the bucket from 2,048 ns. */
	data = file_read(fixture->directory, "unmap-storm-ipi-call", ".dat");
	assert_non_null(strstr(data, "\n2 1 500 2"));
	assert_null(strstr(data, "\n1 1 "));
	free(script);
	free(data);
	fixture_free(fixture);
}

static void causes_stand_beside_what_they_may_explain(void **state)
{
	struct record_shape shape = shape_traced(2);
	struct fixture *fixture = fixture_make(&shape);
	const struct figure *figure;
	char *script, *data;

	(void)state;
	fixture_draw(fixture);
	figure = figure_find(&fixture->figures, "causes-free");
	assert_non_null(figure);
	assert_ptr_equal(figure - 1, figure_find(&fixture->figures, "histogram-free"));
	script = file_read(fixture->directory, figure->name, ".gp");
	assert_non_null(strstr(script, "rows = 10\n"));
	assert_non_null(strstr(script, "row[1] = 'eager: free itself'"));
	assert_non_null(strstr(script, "'timer interrupt'"));
	assert_non_null(strstr(script, "'direct reclaim'"));
	assert_non_null(strstr(script, "row[4] = 'page faults'"));
	assert_non_null(strstr(script, "'major fault'"));
	/* Who sleeps has nothing to do, and who yields lets others do it. */
	assert_null(strstr(script, "blocked"));
	assert_null(strstr(script, "yielded"));
	/* Of eager: 24 preemptions of 262 µs and 3 of 4 times as much for 49,152 operations. */
	data = file_read(fixture->directory, figure->name, ".dat");
	assert_non_null(strstr(data, "\n2 0 192 "));
	free(script);
	free(data);
	fixture_free(fixture);
}

static void probes_are_small_panels(void **state)
{
	struct record_shape shape = shape_traced(2);
	struct fixture *fixture = fixture_make(&shape);
	char *script;

	(void)state;
	fixture_draw(fixture);
	assert_non_null(figure_find(&fixture->figures, "probes"));
	script = file_read(fixture->directory, "unmap-storm-probes", ".gp");
	assert_non_null(strstr(script, "panels = 8\n"));
	assert_non_null(strstr(script, "head[1] = 'faults: latency, write'"));
	assert_non_null(strstr(script, "head[2] = 'ipi: handler, call_function'"));
	assert_non_null(strstr(script, "unit[5] = 'ns'"));
	free(script);
	fixture_free(fixture);
}

static void stacks_of_two_arms_are_one_flame_graph(void **state)
{
	struct record_shape shape = shape_traced(2);
	struct fixture *fixture = fixture_make(&shape);
	const struct figure *figure;
	char *text;

	(void)state;
	fixture_draw(fixture);
	figure = figure_find(&fixture->figures, "flame-ipi");
	assert_non_null(figure);
	assert_true(figure->own);
	assert_non_null(strstr(figure->command,
			       "trimm trace ipi,stalls,faults --stacks --events -- trimm run "));
	text = file_read(fixture->directory, figure->name, ".svg");
	assert_svg(text);
	/* A frame of one arm alone has its colour; one that both have as much is grey. */
	assert_non_null(strstr(text, "<title>purge: eager 0, lazy 6.104 events for 1,000 "
				     "operations (only in lazy); "));
	assert_non_null(strstr(text, "<title>unmap: eager 81.38, lazy 0.04069 events"));
	assert_non_null(strstr(text, "fill=\"#dfe3e8\"/><title>wake&lt;up&gt;: eager 4.069, lazy "
				     "4.069 events for 1,000 operations (+0 %)"));
	assert_null(strstr(text, "<script"));
	free(text);
	text = file_read(fixture->directory, figure->name, ".dat");
	assert_non_null(strstr(text, "main;vfree;purge;flush_tlb_kernel_range;on_each_cpu 0 6.1"));
	free(text);
	assert_null(file_read(fixture->directory, figure->name, ".gp"));
	fixture_free(fixture);
}

static void purges_have_lanes_and_lengths(void **state)
{
	struct record_shape shape = shape_traced(2);
	struct fixture *fixture = fixture_make(&shape);
	char *script, *data;

	(void)state;
	fixture_draw(fixture);
	assert_non_null(figure_find(&fixture->figures, "purges"));
	script = file_read(fixture->directory, "unmap-storm-purges", ".gp");
	/* All were on one CPU of one arm. */
	assert_non_null(strstr(script, "lanes = 1\n"));
	assert_non_null(strstr(script, "lane[1] = 'lazy, CPU 1'"));
	assert_non_null(strstr(script, "sampled = 1\n"));
	assert_non_null(strstr(script, "longest = '152 µs'"));
	/* After 3 ms, 72 of at most 152 us. */
	data = file_read(fixture->directory, "unmap-storm-purges", ".dat");
	assert_non_null(strstr(data, "\n0.003001 0.003073 1 0.4737\n"));
	free(script);
	free(data);
	fixture_free(fixture);
}

static void without_probes_there_are_none_of_their_figures(void **state)
{
	static const char *const kinds[] = {"ipi", "causes", "probes", "purges", "flame"};
	struct record_shape shape = shape_small();
	struct fixture *fixture = fixture_make(&shape);

	(void)state;
	fixture_draw(fixture);
	assert_true(fixture->figures.n > 0);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_null(figure_find(&fixture->figures, kinds[i]));
	fixture_free(fixture);
}

static void emulated_time_is_named_so(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture;

	(void)state;
	shape.emulated = true;
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	assert_true(fixture->figures.n > 0);
	for (size_t i = 0; i < fixture->figures.n; i++) {
		if (!strstr(fixture->figures.list[i].title, "EMULATED TIME"))
			fail_msg("%s", fixture->figures.list[i].title);
	}
	fixture_free(fixture);
}

static void nothing_measured_gives_no_figures(void **state)
{
	struct record_shape shape = shape_small();
	struct fixture *fixture;

	(void)state;
	shape.pages[0] = 0;
	fixture = fixture_make(&shape);
	fixture_draw(fixture);
	assert_int_equal(fixture->figures.n, 0);
	assert_int_equal(plot_terminal(fixture->run, stderr), -ENODATA);
	fixture_free(fixture);
}

static void a_figure_names_the_command_that_repeats_it(void **state)
{
	static const struct {
		const char *run, *one, *sweep; /* of the case nr_pages=64; of all */
	} expected[] = {
		{"trimm run unmap-storm flush=eager,lazy nr_pages=1,64 cpus=2 blocks=10",
		 "trimm run unmap-storm flush=eager,lazy nr_pages=64 cpus=2 blocks=10",
		 "trimm run unmap-storm flush=eager,lazy nr_pages=1,64 cpus=2 blocks=10"},
		{"trimm run --reason bench null x=1 -- other unmap-storm nr_pages=1..64 -- late "
		 "nr_pages=9",
		 "trimm run unmap-storm nr_pages=64", "trimm run unmap-storm nr_pages=1..64"},
		{"trimm run --target module kernel=6.1 unmap-storm -- null x=1 --mode=exact",
		 "trimm run unmap-storm kernel=6.1 --target module --mode exact",
		 "trimm run unmap-storm kernel=6.1 --target module --mode exact"},
		{"trimm run -T module -o unmap-storm mode=timed -- null --mode exact",
		 "trimm run unmap-storm mode=timed --target module --on-host",
		 "trimm run unmap-storm mode=timed --target module --on-host"},
		{"trimm run other nr_pages=1", "", ""},
		{"trimm compare --self-check unmap-storm", "", ""},
	};
	struct record_shape shape = shape_small();
	struct fixture *fixture = fixture_make(&shape);
	const struct plot_sweep *sweep = &fixture->cases.sweeps[0];
	const struct plot_case *last = sweep->points[sweep->n - 1].at;
	char text[512], tight[20];

	(void)state;
	assert_string_equal(last->label, "nr_pages=64");
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		json_object_set_new(fixture->run->head, "command", json_string(expected[i].run));
		plot_command(fixture->run, last, NULL, text, sizeof(text));
		assert_string_equal(text, expected[i].one);
		plot_command(fixture->run, last, sweep, text, sizeof(text));
		assert_string_equal(text, expected[i].sweep);
		plot_command(fixture->run, last, NULL, tight, sizeof(tight));
		assert_string_equal(tight, "");
	}
	fixture_free(fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sweep_gives_every_figure),
		cmocka_unit_test(figures_are_whole_and_light_or_dark),
		cmocka_unit_test(a_figure_names_the_command_that_repeats_it),
		cmocka_unit_test(colours_belong_to_the_arm),
		cmocka_unit_test(scripts_run_by_themselves),
		cmocka_unit_test(sweeps_over_cpus_scale),
		cmocka_unit_test(equal_arms_straddle_one),
		cmocka_unit_test(hostile_names_stay_text),
		cmocka_unit_test(without_gnuplot_scripts_remain),
		cmocka_unit_test(no_directory_is_an_error),
		cmocka_unit_test(terminal_plots_fit),
		cmocka_unit_test(exact_runs_give_counts_and_no_times),
		cmocka_unit_test(what_was_followed_is_drawn_over_its_iterations),
		cmocka_unit_test(a_sweep_of_thresholds_shows_gain_and_costs),
		cmocka_unit_test(a_grid_of_cases_is_a_map),
		cmocka_unit_test(a_tradeoff_counts_interrupts_of_others),
		cmocka_unit_test(flushes_are_told_by_cpus_interrupted),
		cmocka_unit_test(interrupts_are_told_by_pair_of_cpus),
		cmocka_unit_test(causes_stand_beside_what_they_may_explain),
		cmocka_unit_test(probes_are_small_panels),
		cmocka_unit_test(stacks_of_two_arms_are_one_flame_graph),
		cmocka_unit_test(purges_have_lanes_and_lengths),
		cmocka_unit_test(without_probes_there_are_none_of_their_figures),
		cmocka_unit_test(emulated_time_is_named_so),
		cmocka_unit_test(nothing_measured_gives_no_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
