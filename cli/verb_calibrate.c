/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verb_calibrate.c - trimm calibrate: what translations, flushes and interrupts cost on this
 * machine, measured by the workloads of calibration.def like any run, and kept.
 */
#include "calibration.h"
#include "capture.h"
#include "cli.h"
#include "machine.h"
#include "measure.h"
#include "plot_curve.h"
#include "results.h"
#include "target_choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	bool show, quiet;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	(void)arg;
	switch (key) {
	case 's':
		arguments->show = true;
		return 0;
	case 'q':
		arguments->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "%s: there is nothing to name", arg);
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){{"quiet", 'q', NULL, 0, "No progress", 0},
					     {"show", 's', NULL, 0,
					      "Measure nothing, print what was measured before", 0},
					     {0}},
	.parser = parse,
	.doc = "Measure the unit costs of this machine: TLB hits and page walks, page faults, "
	       "flushes, interrupts, bandwidth.\vThey are kept in "
	       "RESULTS/calibration/MACHINE.json, the ones before them as "
	       "MACHINE.previous.json, and price what exact runs count. Costs that only bare metal "
	       "can tell are measured where KVM is fast, else left out: an emulator's time is "
	       "no cost. Takes 10 to 40 s; leave the machine alone meanwhile.\n\n"
	       "  trimm calibrate\n"
	       "  trimm calibrate --show",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

enum where { WHERE_user, WHERE_kernel };

static const struct {
	enum where where;
	const char *words;
} measures[] = {
#define MEASURE(target, words) {WHERE_##target, words},
#include "calibration.def"
#undef MEASURE
};

/* Words of calibration.def with the number of CPUs put in; false: needs more CPUs than there are.
 */
static bool put_cpus(const char *words, long cpus, char *out, size_t size)
{
	const char *dollar = strchr(words, '$');

	if (!dollar) {
		snprintf(out, size, "%s", words);
		return true;
	}
	snprintf(out, size, "%.*s%ld%s", (int)(dollar - words), words, cpus, dollar + 1);
	return cpus > 1 || !strstr(words, "=2..");
}

static int add_measure(struct plan *plan, const struct target *target, const char *words)
{
	struct spec spec = {.nr_params = 0};
	char text[512], *save = NULL;
	int code = 0;

	if (!put_cpus(words, sysconf(_SC_NPROCESSORS_ONLN), text, sizeof(text)))
		return 0;
	for (char *word = strtok_r(text, " ", &save); word && !code;
	     word = strtok_r(NULL, " ", &save))
		code = spec_add(&spec, word);
	if (!code)
		code = plan_add(plan, target, &spec);
	spec_free(&spec);
	return code;
}

/* Run what is to be measured there. 0 and the run's file in *path, or an exit code. */
static int measure_on(enum where where, bool quiet, char **path)
{
	char *command[] = {"calibrate", NULL};
	struct measure_options options = {results_directory(), "run", command, quiet};
	struct plan plan = {.nr_cases = 0};
	struct target_choice choice = {0};
	struct target target;
	int code;

	*path = NULL;
	code = target_choice_set(&choice, "target", where == WHERE_kernel ? "qemu" : "user");
	if (!code)
		code = target_open(&target, choice);
	if (code)
		return code;
	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]) && !code; i++)
		if (measures[i].where == where)
			code = add_measure(&plan, &target, measures[i].words);
	if (!code)
		code = measure(&plan, &options, path);
	/* Costs that this machine can't tell are missing with their reason. */
	if (code == TRIMM_SKIPPED)
		code = 0;
	plan_free(&plan);
	target_close(&target);
	return code;
}

/* Is KVM fast enough to time with? If not, @why says so in words. */
static bool kernel_has_time(char *why, size_t size)
{
	char *program = target_program("trimm-qemu"), *text = NULL;
	char *argv[] = {program, "probe", NULL};
	int code = capture(argv, true, &text);
	bool fast = !code && text && !strncmp(text, "ok ", 3);

	if (code || !text)
		snprintf(why, size, "bare metal was not tried: %s does not answer", program);
	else
		snprintf(why, size, "bare metal only: %.*s", (int)strcspn(text + 3, "\n"),
			 strlen(text) > 3 ? text + 3 : "");
	free(text);
	free(program);
	return fast;
}

static int load(const char *path, struct run **run)
{
	struct run_error error;

	if (!run_load(path, run, &error))
		return 0;
	cli_error("%s", error.text);
	return TRIMM_FAILED;
}

/* Both runs, as far as there is a second, and what they tell. */
static int measure_all(bool quiet, struct calibration **out)
{
	char *path[2] = {NULL, NULL}, why[256] = "";
	struct run *run[2] = {NULL, NULL};
	bool kernel = kernel_has_time(why, sizeof(why));
	int code = measure_on(WHERE_user, quiet, &path[0]);

	*out = NULL;
	if (!code && kernel)
		code = measure_on(WHERE_kernel, quiet, &path[1]);
	for (unsigned int i = 0; i < 2 && !code; i++)
		if (path[i])
			code = load(path[i], &run[i]);
	if (!code) {
		*out = calibration_derive(run[0], run[1], why, TRIMM_VERSION);
		if (!*out) {
			cli_error("out of memory");
			code = TRIMM_FAILED;
		}
	} else if (path[0]) {
		cli_error("nothing is kept of an unfinished calibration; what was measured is "
			  "in %s",
			  path[0]);
	}
	for (unsigned int i = 0; i < 2; i++) {
		run_free(run[i]);
		free(path[i]);
	}
	return code;
}

static int draw(const struct calibration *calibration)
{
	char *folder = cli_format("%s/calibration", results_directory());
	char *figure = calibration_path(results_directory(), calibration->machine, ".svg");
	int err = plot_curve(calibration, folder);

	if (!err)
		printf("%s\n", figure);
	else if (err == -ENOENT)
		cli_error("gnuplot is not installed: the access curve is not drawn; install it "
			  "(Debian: gnuplot-nox) and repeat with --show");
	else if (err != -ENODATA)
		cli_error("%s: can't draw: %s", figure, strerror(-err));
	free(figure);
	free(folder);
	return err && err != -ENOENT && err != -ENODATA ? TRIMM_FAILED : 0;
}

static int show(const struct calibration *calibration, const struct calibration *previous,
		const char *path)
{
	int code;

	calibration_print(calibration, previous, stdout);
	printf("\n%s\n", path);
	code = draw(calibration);
	return code;
}

static int calibrate(const struct arguments *arguments, const char *path)
{
	struct calibration *calibration = NULL, *previous = NULL;
	struct run_error error;
	int code = calibration_load(path, &previous, &error);

	/* A damaged file is no reason not to measure anew. */
	if (code < 0 && arguments->show) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	if (arguments->show) {
		if (previous)
			code = show(previous, NULL, path);
		else
			cli_error("%s: not there yet; `trimm calibrate` measures it", path);
		calibration_free(previous);
		return code ? TRIMM_FAILED : TRIMM_FINE;
	}
	code = measure_all(arguments->quiet, &calibration);
	if (!code && calibration_save(calibration, path, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	}
	if (!code)
		code = show(calibration, previous, path);
	calibration_free(calibration);
	calibration_free(previous);
	return code;
}

int verb_calibrate(int argc, char **argv)
{
	struct arguments arguments = {false, false};
	json_t *machine;
	char *path;
	int code;

	cli_parse(&argp, argc, argv, &arguments);
	machine = machine_record();
	path = calibration_path(results_directory(),
				json_string_value(json_object_get(machine, "fp")), ".json");
	code = calibrate(&arguments, path);
	free(path);
	json_decref(machine);
	return code;
}
