/* SPDX-License-Identifier: GPL-2.0-only */
/* test_report.c - the page: what it says and in which order, and that no name becomes markup. */
#include "record_maker.h"
#include "report.h"

#include <ctype.h>
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char top[64]; /* everything of a test is below */

static int make_top(void **state)
{
	(void)state;
	strcpy(top, "/tmp/trimm-test-XXXXXX");
	return mkdtemp(top) ? 0 : -1;
}

static int remove_top(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	return system(command);
}

static struct record_shape shape_small(void)
{
	struct record_shape shape = record_shape_default();

	memset(shape.pages, 0, sizeof(shape.pages));
	shape.pages[0] = 1;
	shape.pages[1] = 64;
	return shape;
}

static void path_in_top(char path[256], const char *name)
{
	snprintf(path, 256, "%s/%s", top, name);
}

static struct run *run_make(const struct record_shape *shape)
{
	struct run_error error;
	char path[256];
	struct run *run;

	path_in_top(path, "records.ndjson");
	assert_int_equal(record_make(path, shape), 0);
	assert_int_equal(run_load(path, &run, &error), 0);
	return run;
}

static char *text_of(const char *path)
{
	char *text = calloc(1, 4 << 20);
	FILE *file = fopen(path, "r");

	assert_non_null(text);
	assert_non_null(file);
	assert_true(fread(text, 1, (4 << 20) - 1, file) < (4 << 20) - 1);
	fclose(file);
	return text;
}

/* Write a report of the run, which goes, into top/report; its index. */
static char *page_of_run(struct run *run)
{
	struct run_error error;
	char path[256];

	path_in_top(path, "report");
	assert_int_equal(report_write(run, NULL, &REPORT_DEFAULTS, path, &error), 0);
	run_free(run);
	path_in_top(path, "report/index.html");
	return text_of(path);
}

static char *page_of(const struct record_shape *shape)
{
	return page_of_run(run_make(shape));
}

/* Of what page_of() wrote, the page of a workload. */
static char *page_of_workload(const char *workload)
{
	char path[256], name[128];

	snprintf(name, sizeof(name), "report/workload-%s.html", workload);
	path_in_top(path, name);
	return text_of(path);
}

/* Where @part begins, which must be after @after. */
static const char *assert_after(const char *after, const char *part)
{
	const char *at;

	assert_non_null(after);
	at = strstr(after, part);
	assert_non_null(at);
	return at;
}

static void the_verdict_comes_first(void **state)
{
	struct record_shape shape = shape_small();
	char *page = page_of(&shape);
	const char *at = page;

	(void)state;
	at = assert_after(at, "lazy against eager: ");
	at = assert_after(at, "trimm: regressed ");
	at = assert_after(at, "Relevant changes");
	at = assert_after(at, "<h3>Counted");
	at = assert_after(at, "shootdowns");
	at = assert_after(at, "<h3>Timed");
	at = assert_after(at, "Less reliable");
	at = assert_after(at, "href=\"workload-unmap-storm.html\"");
	at = assert_after(at, "class=thumb href=\"workload-unmap-storm.html#unmap-storm-");
	at = assert_after(at, "What the harness itself costs");
	at = assert_after(at, "two clock reads");
	at = assert_after(at, "env.kernel");
	at = assert_after(at, "/proc/stat has no steal column");
	at = assert_after(at, "run.ndjson");
	free(page);
	page = page_of_workload("unmap-storm");
	at = assert_after(page, "href=\"index.html\"");
	at = assert_after(at, "How to read:");
	at = assert_after(at, "longest purge");
	at = assert_after(at, "Exact counts");
	at = assert_after(at, "Time, judged");
	at = assert_after(at, "Less reliable");
	free(page);
}

/* What a reference of @page leads to is a section of it, or a file of the report. */
static void assert_leads(const char *page, const char *reference, size_t length)
{
	char target[256], path[600], *section;

	assert_true(length < sizeof(target));
	snprintf(target, sizeof(target), "%.*s", (int)length, reference);
	assert_null(strchr(target, '/'));
	section = strchr(target, '#');
	if (section && section != target)
		*section = '\0';
	if (section == target) {
		snprintf(path, sizeof(path), "id=%s>", target + 1);
		if (!strstr(page, path))
			fail_msg("%s: no such section", target);
		return;
	}
	snprintf(path, sizeof(path), "%s/report/%s", top, target);
	if (access(path, F_OK))
		fail_msg("%s: referenced but missing", target);
}

static size_t assert_all_lead(const char *page)
{
	static const char *const attributes[] = {" src=\"", " href=\"", " data=\""};
	size_t found = 0;

	for (size_t i = 0; i < 3; i++) {
		for (const char *at = strstr(page, attributes[i]); at;
		     at = strstr(at, attributes[i])) {
			at += strlen(attributes[i]);
			assert_leads(page, at, strcspn(at, "\""));
			found++;
		}
	}
	return found;
}

/* Every reference of either page leads to a file or a section; none leaves the folder. */
static void every_reference_exists(void **state)
{
	struct record_shape shape = shape_small();
	char *page = page_of(&shape);

	(void)state;
	assert_true(assert_all_lead(page) > 10);
	free(page);
	page = page_of_workload("unmap-storm");
	assert_true(assert_all_lead(page) > 30);
	free(page);
}

static void nothing_comes_from_outside(void **state)
{
	static const char *const forbidden[] = {"http:",   "https:", "<script",
						"@import", "<link",  "url("};
	struct record_shape shape = shape_small();
	char *page = page_of(&shape);

	(void)state;
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		assert_null(strstr(page, forbidden[i]));
	free(page);
	page = page_of_workload("unmap-storm");
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		assert_null(strstr(page, forbidden[i]));
	free(page);
}

static void hostile_names_stay_text(void **state)
{
	struct record_shape shape = shape_small();
	char *page;

	(void)state;
	shape.workload = "<script>alert(1)</script>&'";
	shape.next = "x'><img src=y onerror=z>";
	page = page_of(&shape);
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "<img src=y"));
	assert_non_null(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;"));
	free(page);
}

/* Each element that needs an end has one, in order. */
static void assert_elements_close(char *page)
{
	static const char *const closing[] = {
		"html",	   "body",  "main", "section", "div",	  "figure",    "article",
		"details", "table", "nav",  "header",  "summary", "tbody",     "a",
		"thead",   "ul",    "h1",   "h2",      "h3",	  "figcaption"};
	char *stack[64];
	size_t depth = 0;

	for (char *at = strchr(page, '<'); at; at = strchr(at + 1, '<')) {
		char *name = at + 1 + (at[1] == '/');
		size_t length = 0;

		while (isalnum((unsigned char)name[length]))
			length++;
		for (size_t i = 0; i < sizeof(closing) / sizeof(closing[0]); i++) {
			if (strlen(closing[i]) != length || strncmp(closing[i], name, length) != 0)
				continue;
			if (at[1] != '/') {
				assert_true(depth < 64);
				stack[depth++] = name;
				continue;
			}
			assert_true(depth > 0);
			assert_memory_equal(stack[--depth], name, length);
		}
	}
	assert_int_equal(depth, 0);
}

static void elements_close_in_order(void **state)
{
	struct record_shape shape = shape_small();
	char *page = page_of(&shape);

	(void)state;
	assert_elements_close(page);
	free(page);
	page = page_of_workload("unmap-storm");
	assert_elements_close(page);
	free(page);
}

static void incomplete_runs_are_not_compared(void **state)
{
	struct record_shape shape = shape_small();
	char *page;

	(void)state;
	shape.end = NULL;
	page = page_of(&shape);
	assert_non_null(strstr(page, "<strong>incomplete: not compared."));
	assert_null(strstr(page, "trimm: regressed"));
	assert_non_null(strstr(page, "class=thumb"));
	free(page);
}

static void empty_runs_have_a_page(void **state)
{
	struct record_shape shape = shape_small();
	char *page;

	(void)state;
	shape.pages[0] = 0;
	page = page_of(&shape);
	assert_non_null(strstr(page, "nothing to compare"));
	assert_non_null(strstr(page, "holds nothing that could be drawn"));
	free(page);
}

static void skipped_arms_are_named(void **state)
{
	struct record_shape shape = shape_small();
	char *page;

	(void)state;
	shape.skip_next = "needs 4 CPUs, has 2";
	page = page_of(&shape);
	assert_after(strstr(page, "id=notes"), "skipped, needs 4 CPUs, has 2");
	free(page);
	shape.skip_status = "not_applicable";
	page = page_of(&shape);
	assert_after(strstr(page, "id=notes"), "not applicable, needs 4 CPUs, has 2");
	free(page);
}

static void probes_that_disturb_or_failed_are_named(void **state)
{
	struct record_shape shape = shape_small();
	struct run *run = run_make(&shape);
	struct trace *trace = &run->benches[0].trace;
	const char *at;
	char *page;

	(void)state;
	trace->probes = calloc(2, sizeof(*trace->probes));
	trace->nr_probes = 2;
	trace->probes[0] = (struct probe){
		.name = "ipi", .status = "ok", .share = {0.061, 0.07, 0.092}, .disturbed = true};
	trace->probes[1] = (struct probe){
		.name = "vmalloc", .status = "unsupported", .why = "no <such> tracepoint"};
	page = page_of_run(run);
	at = assert_after(strstr(page, "id=notes"),
			  "disturbed: probes (ipi and others) add 6 to 9 % to its time");
	assert_after(at, "probe vmalloc: unsupported, no &lt;such&gt; tracepoint");
	free(page);
}

static void without_gnuplot_there_is_a_page(void **state)
{
	struct record_shape shape = shape_small();
	char *path = strdup(getenv("PATH")), *page;

	(void)state;
	assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
	page = page_of(&shape);
	assert_int_equal(setenv("PATH", path, 1), 0);
	assert_non_null(strstr(page, "gnuplot is not installed"));
	assert_non_null(strstr(page, "trimm: regressed "));
	assert_null(strstr(page, "<img"));
	free(page);
	free(path);
}

/* A second report takes the place of the first, whole; nothing else stays behind. */
static void an_old_report_is_replaced(void **state)
{
	struct record_shape shape = shape_small();
	char path[256], *page;
	struct stat about;

	(void)state;
	free(page_of(&shape));
	path_in_top(path, "report/unmap-storm-crossover-nr_pages.gp");
	assert_int_equal(stat(path, &about), 0);
	/* As if somebody had been killed while writing. */
	path_in_top(path, "report.tmp");
	assert_int_equal(mkdir(path, 0777), 0);
	shape.workload = "tree-walk";
	page = page_of(&shape);
	assert_null(strstr(page, "unmap-storm"));
	assert_int_equal(stat(path, &about), -1);
	path_in_top(path, "report/unmap-storm-crossover-nr_pages.gp");
	assert_int_equal(stat(path, &about), -1);
	free(page);
}

/* Whenever it comes, a kill leaves a whole page: the old one or the new one. */
static void a_kill_leaves_a_whole_report(void **state)
{
	struct record_shape shape = shape_small();
	char path[256], *page;
	struct run *run;

	(void)state;
	free(page_of(&shape));
	shape.workload = "tree-walk";
	run = run_make(&shape);
	for (useconds_t delay = 1000; delay < 1000000; delay *= 4) {
		struct run_error error;
		pid_t pid = fork();

		path_in_top(path, "report");
		assert_true(pid >= 0);
		if (!pid)
			_exit(report_write(run, NULL, &REPORT_DEFAULTS, path, &error) != 0);
		usleep(delay);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		path_in_top(path, "report/index.html");
		page = text_of(path);
		assert_non_null(strstr(page, "</html>"));
		assert_true(!strstr(page, "unmap-storm") != !strstr(page, "tree-walk"));
		free(page);
		/* A gnuplot that outlived its parent may still be writing. */
		usleep(100000);
	}
	run_free(run);
}

static void other_directories_are_refused(void **state)
{
	struct record_shape shape = shape_small();
	struct run *run = run_make(&shape);
	struct run_error error;
	char path[256];
	FILE *file;

	(void)state;
	path_in_top(path, "precious.txt");
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(report_write(run, NULL, &REPORT_DEFAULTS, top, &error), -1);
	assert_non_null(strstr(error.text, "is not a report"));
	assert_int_equal(access(path, F_OK), 0);
	run_free(run);
}

static void unwritable_places_are_named(void **state)
{
	struct record_shape shape = shape_small();
	struct run *run = run_make(&shape);
	struct run_error error;
	char path[256];

	(void)state;
	/* Not even root can make a directory below a file. */
	path_in_top(path, "records.ndjson/report");
	assert_int_equal(report_write(run, NULL, &REPORT_DEFAULTS, path, &error), -1);
	assert_non_null(strstr(error.text, "records.ndjson"));
	assert_null(strchr(error.text, '\n'));
	assert_int_equal(report_write(run, NULL, &REPORT_DEFAULTS, "/proc/report", &error), -1);
	assert_non_null(strstr(error.text, "/proc/report"));
	run_free(run);
}

#define page_test(function) cmocka_unit_test_setup_teardown(function, make_top, remove_top)

static void each_probe_has_an_account(void **state)
{
	struct record_shape shape = shape_small();
	const char *at;
	char *page;

	(void)state;
	shape.probes = true;
	free(page_of(&shape));
	page = page_of_workload("unmap-storm");
	at = assert_after(page, "what they saw, missed and cost");
	at = assert_after(at, "<th scope=row>ipi</th>");
	at = assert_after(at, "<td>raw_tp</td>");
	at = assert_after(at, "<td class=\"number warn\">7</td>");
	at = assert_after(at, "141 ns [135, 149]");
	at = assert_after(at, "6 % [5, 7] <span class=\"tag vbad\">WARNING: disturbed");
	at = assert_after(at, "<th scope=row>stalls</th>");
	at = assert_after(at, "not known: no blocks &lt;without&gt; probes");
	assert_null(strstr(page, "emulator&#39;s"));
	/* A flame graph answers the pointer; who has no sight of it, its name. */
	assert_non_null(strstr(page, "<object type=\"image/svg+xml\" data=\"unmap-storm-"));
	free(page);
	shape.emulated = true;
	free(page_of(&shape));
	page = page_of_workload("unmap-storm");
	at = assert_after(page, "in EMULATED TIME: what they saw");
	assert_after(at, "All times here are an emulator");
	free(page);
	shape.probes = false;
	free(page_of(&shape));
	page = page_of_workload("unmap-storm");
	assert_null(strstr(page, "what they saw, missed and cost"));
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		page_test(the_verdict_comes_first),
		page_test(every_reference_exists),
		page_test(nothing_comes_from_outside),
		page_test(hostile_names_stay_text),
		page_test(elements_close_in_order),
		page_test(incomplete_runs_are_not_compared),
		page_test(empty_runs_have_a_page),
		page_test(skipped_arms_are_named),
		page_test(probes_that_disturb_or_failed_are_named),
		page_test(without_gnuplot_there_is_a_page),
		page_test(an_old_report_is_replaced),
		page_test(a_kill_leaves_a_whole_report),
		page_test(other_directories_are_refused),
		page_test(unwritable_places_are_named),
		page_test(each_probe_has_an_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
