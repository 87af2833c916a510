/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_report.c - what the report of a run of hundreds of cases costs, out of a store of a million
 * records: seconds, memory, and how large its first page is.
 *
 * bench_report [RECORDS [CASES [FOLDER]]]: 1,000,000 and 500, in a folder that goes at the end. A
 * FOLDER named stays, with a run of each kind that has pages of its own: ...-0001, 0002 and 0003
 * two runs of many cases and one of exact counts, 0004 one of eras.
 */
#include "report.h"
#include "store.h"

#include "run_files.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define DAY	     "20261122T000000"
#define CASES_OF_ONE 20 /* of a workload: 10 sizes, 2 numbers of CPUs */

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void tell(const char *what, double since)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("%-34s %8.3f s %6ld MiB\n", what, seconds() - since, usage.ru_maxrss / 1024);
}

static void must(int err, const struct run_error *error)
{
	if (!err)
		return;
	fprintf(stderr, "bench_report: %s\n", error->text);
	exit(1);
}

static void must_make(const char *path, const struct record_shape *shape)
{
	if (!record_make(path, shape))
		return;
	perror(path);
	exit(1);
}

static void path_of(char path[4096], const char *results, const char *id)
{
	snprintf(path, 4096, "%s/runs/%s.ndjson", results, id);
}

/* The same record, its bench and case so many further on. */
static void put_shifted(FILE *out, const char *line, json_int_t benches, json_int_t cases)
{
	json_t *record = json_loads(line, 0, NULL);
	json_t *bench = json_object_get(record, "bench"), *of = json_object_get(record, "case");

	if (bench)
		json_integer_set(bench, json_integer_value(bench) + benches);
	if (of)
		json_integer_set(of, json_integer_value(of) + cases);
	json_dumpf(record, out, JSON_COMPACT);
	putc('\n', out);
	json_decref(record);
}

/* Append what is between the first and the last line of a run's file; the last one is kept. */
static void append(FILE *out, const char *path, json_int_t benches, json_int_t cases, char **end)
{
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;

	while (in && getline(&line, &room, in) > 0) {
		if (strstr(line, "\"t\":\"end\"")) {
			free(*end);
			*end = strdup(line);
		} else if (!strstr(line, "\"t\":\"run\"")) {
			put_shifted(out, line, benches, cases);
		} else if (!benches) {
			fputs(line, out);
		}
	}
	free(line);
	fclose(in);
}

/* One run of several workloads, each @shape under a name of its own. */
static void make_run(const char *results, struct record_shape shape, const char *id, size_t cases)
{
	static const char *const names[] = {"unmap-storm", "kmalloc-pair", "page-pair", "slab-bulk",
					    "remote-free"};
	char path[4096], part[4200], name[64], *end = NULL;
	FILE *out;

	path_of(path, results, id);
	snprintf(part, sizeof(part), "%s.part", path);
	out = fopen(path, "w");
	for (size_t made = 0, i = 0; out && made < cases; made += CASES_OF_ONE, i++) {
		snprintf(name, sizeof(name), i < 5 ? "%s" : "%s-%zu", names[i % 5], i / 5);
		shape.workload = name;
		shape.run_id = id;
		shape.seed += i;
		must_make(part, &shape);
		append(out, part, (json_int_t)(2 * made), (json_int_t)made, &end);
	}
	if (out) {
		fputs(end ? end : "", out);
		fclose(out);
	}
	free(end);
	remove(part);
}

static void make_kinds(const char *results, size_t cases)
{
	struct record_shape shape = record_shape_default();

	memset(shape.cpus, 0, sizeof(shape.cpus));
	shape.cpus[0] = 1;
	shape.cpus[1] = 2;
	make_run(results, shape, DAY "-0001", cases);
	shape.exact = true;
	shape.more = 40;
	make_run(results, shape, DAY "-0002", CASES_OF_ONE);
	shape.more = 90;
	make_run(results, shape, DAY "-0003", CASES_OF_ONE);
	shape.factor = "era";
	shape.base = "2.6.21";
	shape.next = "6.18";
	make_run(results, shape, DAY "-0004", CASES_OF_ONE);
}

/* A run of 10 cases has about 1,280 records. */
static void make_store(const char *results, size_t records)
{
	struct record_shape shape = record_shape_default();
	char path[4096], id[24];

	for (size_t made = 0, i = 0; made < records; made += 1280, i++) {
		snprintf(id, sizeof(id), "202610%02zuT%02zu%02zu00-%04zx", 1 + i / 1440 % 28,
			 i / 60 % 24, i % 60, i & 0xffff);
		shape.run_id = id;
		shape.seed = i;
		path_of(path, results, id);
		must_make(path, &shape);
	}
}

static void write_pages(struct store *store, const char *results)
{
	struct run_error error;
	struct stat index;
	struct run *run;
	char *path, page[4096];
	double start = seconds();

	must(store_find(store, DAY "-0001", &path, &error), &error);
	must(run_load(path, &run, &error), &error);
	tell("find and load the run", start);
	start = seconds();
	snprintf(page, sizeof(page), "%s/report", results);
	must(report_write(run, NULL, &REPORT_DEFAULTS, page, &error), &error);
	tell("write its pages", start);
	strcat(page, "/index.html");
	if (!stat(page, &index))
		printf("%-34s %8.1f KiB\n", "the first page", (double)index.st_size / 1024);
	run_free(run);
	free(path);
}

int main(int argc, char **argv)
{
	size_t records = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
	size_t cases = argc > 2 ? strtoul(argv[2], NULL, 10) : 500;
	const char *results = argc > 3 ? argv[3] : files_folder();
	struct run_error error;
	struct store *store;
	char runs[4096];
	double start = seconds();

	snprintf(runs, sizeof(runs), "%s/runs", results);
	mkdir(results, 0777);
	mkdir(runs, 0777);
	make_store(results, records);
	make_kinds(results, cases);
	tell("write the files", start);
	start = seconds();
	must(store_open(results, &store, &error), &error);
	tell("import all", start);
	write_pages(store, results);
	store_close(store);
	return 0;
}
