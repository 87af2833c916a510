/* SPDX-License-Identifier: GPL-2.0-only */
/* results.c - see results.h. */
#include "results.h"
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *chosen;

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)state;
	if (key != 'R')
		return ARGP_ERR_UNKNOWN;
	chosen = arg;
	return 0;
}

const struct argp results_argp = {
	.options =
		(const struct argp_option[]){{.name = "results",
					      .key = 'R',
					      .arg = "DIR",
					      .doc = "Folder of runs and their index, instead of "
						     "$TRIMM_RESULTS or ./results"},
					     {0}},
	.parser = parse,
};

const char *results_directory(void)
{
	const char *environment = getenv("TRIMM_RESULTS");

	return chosen ? chosen : environment && *environment ? environment : "results";
}

struct problems {
	bool silent;
	size_t n;
};

static void problem(void *arg, const struct run_error *error)
{
	struct problems *problems = arg;

	problems->n++;
	if (!problems->silent)
		cli_error("%s", error->text);
}

int results_open(struct store **store, bool silent, size_t count[IMPORT_COUNT], size_t *problems)
{
	const char *directory = results_directory();
	char *runs = cli_format("%s/runs", directory);
	struct problems seen = {.silent = silent};
	struct run_error error;
	bool there = !access(runs, F_OK);

	free(runs);
	*store = NULL;
	memset(count, 0, IMPORT_COUNT * sizeof(*count));
	if (!there) {
		cli_error(
			"%s: no runs there; `trimm run` makes one, --results names another folder",
			directory);
		return TRIMM_FAILED;
	}
	if (store_open(directory, store, &error) ||
	    store_import_all(*store, count, problem, &seen, &error)) {
		cli_error("%s", error.text);
		if (*store)
			store_close(*store);
		*store = NULL;
		return TRIMM_FAILED;
	}
	*problems = seen.n;
	return 0;
}

static int find(const char *name, char **path)
{
	size_t count[IMPORT_COUNT], problems;
	struct run_error error;
	struct store *store;
	int code;

	/* A path needs no index, and must work without one. */
	if (strchr(name, '/') || !access(name, F_OK)) {
		*path = cli_format("%s", name);
		return 0;
	}
	code = results_open(&store, true, count, &problems);
	if (code)
		return code;
	if (store_find(store, name, path, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	}
	store_close(store);
	return code;
}

int results_add(const char *path)
{
	enum import_result result;
	struct run_error error;
	struct store *store;
	int failed = store_open(results_directory(), &store, &error);

	if (!failed) {
		failed = store_import(store, path, &result, &error);
		store_close(store);
	}
	if (failed)
		cli_error("%s", error.text);
	return failed ? TRIMM_FAILED : 0;
}

int results_load(const char *name, struct run **run)
{
	struct run_error error;
	char *path = NULL;
	int code = find(name, &path);

	if (!code && run_load(path, run, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	}
	free(path);
	return code;
}

struct calibration *results_calibration(const struct run *run)
{
	const json_t *machine = json_object_get(run->head, "machine");
	char *path = calibration_path(results_directory(),
				      json_string_value(json_object_get(machine, "fp")), ".json");
	struct calibration *calibration = NULL;
	struct run_error error;

	if (path && calibration_load(path, &calibration, &error) < 0)
		cli_error("%s", error.text);
	free(path);
	return calibration;
}
