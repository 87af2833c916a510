/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_list.c - trimm list: what can be run, and what was. */
#include "cli.h"
#include "everywhere.h"
#include "results.h"
#include "suite.h"
#include "target.h"
#include "target_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	const char *what, *kernel;
};

static const char *const subjects[] = {"workloads", "params", "suites", "runs", NULL};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	const char *before = arguments->what;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (!strncmp(arg, "kernel=", 7)) {
		arguments->kernel = arg + 7;
		return 0;
	}
	for (const char *const *subject = subjects; *subject; subject++)
		if (!strcmp(*subject, arg))
			arguments->what = *subject;
	if (before || arguments->what == before) {
		cli_error_unknown("list", arg, subjects, "trimm list --help");
		exit(TRIMM_USAGE);
	}
	return 0;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "[workloads|params|suites|runs] [kernel=6.1|6.12|PATH]",
	.doc = "Workloads, parameters and suites there are, or runs that were made.\v"
	       "Of a workload: its source, its parameters, and on which targets it runs. Guests "
	       "that were not prepared yet are not asked.\n\n"
	       "  trimm list\n  trimm list suites\n  trimm list runs\n"
	       "  trimm list params --target qemu\n"
	       "  trimm list workloads --target module kernel=6.12",
	.children = (const struct argp_child[]){{.argp = &results_argp},
						{.argp = &target_choice_argp},
						{0}},
};

/* A number or a text, as a user would write it. */
static char *value_text(const json_t *value)
{
	if (json_is_number(value))
		return cli_format("%.0f", json_number_value(value));
	return cli_format("%s", json_is_string(value) ? json_string_value(value) : "");
}

static void print_limits(const json_t *param)
{
	char *min = value_text(json_object_get(param, "min"));
	char *max = value_text(json_object_get(param, "max"));
	const char *unit = about_text(param, "unit");

	if (*max)
		printf("(%s..%s%s%s) ", min, max, *unit ? " " : "", unit);
	free(min);
	free(max);
}

/* The answers of a policy, "a|b", with what each means, in the same form. */
static void print_answers(const char *values, const char *abouts)
{
	while (*values && *abouts) {
		size_t value = strcspn(values, "|"), about = strcspn(abouts, "|");

		printf("      %-12.*s %.*s\n", (int)value, values, (int)about, abouts);
		values += value + (values[value] == '|');
		abouts += about + (abouts[about] == '|');
	}
}

static void print_param(const json_t *param, const char *indent)
{
	const char *values = about_text(param, "values"), *about = about_text(param, "about");
	const char *arms = json_is_true(json_object_get(param, "arm")) ? " [arms]" : "";
	bool policy = !strcmp(about_text(param, "kind"), "policy");
	char *def = value_text(json_object_get(param, "default"));

	/* A 0 that is worked out says so in its text. */
	if (!strcmp(def, "0") && strstr(about, "auto")) {
		free(def);
		def = cli_format("auto");
	}
	printf("%s%s=%s  ", indent, about_text(param, "name"), def);
	free(def);
	if (*values)
		printf("(%s) ", values);
	else
		print_limits(param);
	printf("%s%s\n", policy ? "" : about, policy && *arms ? arms + 1 : arms);
	if (policy)
		print_answers(values, about);
}

static void list_workloads(const struct target *target)
{
	json_t *everywhere = everywhere_ask();
	const json_t *workload, *param;
	size_t i, j;

	puts("Workloads, where they come from, and what only they take:");
	json_array_foreach (json_object_get(target->about, "workloads"), i, workload) {
		printf("  %-26s %s (%s)\n", about_text(workload, "name"),
		       about_text(workload, "about"), about_text(workload, "origin"));
		json_array_foreach (json_object_get(workload, "params"), j, param) {
			print_param(param, "      ");
		}
		everywhere_print(everywhere, about_text(workload, "name"));
	}
	everywhere_print_missing(everywhere);
	json_decref(everywhere);
}

static void list_params(const struct target *target)
{
	static const char *const kinds[][2] = {
		{"policy", "Policies, an answer each:"},
		{"tunable", "Tunables of the memory manager:"},
		{"subject", "What is driven:"},
		{"harness", "How it is measured:"},
		{"host", "The machine under it:"},
	};
	const json_t *param;
	size_t j;

	puts("Parameters of every run; a list of values of one marked [arms] is compared side by "
	     "side.");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *heading = kinds[i][1];

		json_array_foreach (json_object_get(target->about, "params"), j, param) {
			if (strcmp(about_text(param, "kind"), kinds[i][0]) ||
			    param_is_reserved(about_text(param, "name")))
				continue;
			if (heading)
				puts(heading);
			heading = NULL;
			print_param(param, "  ");
		}
	}
}

/* One that can't be read is told of, and is no reason not to list the others. */
static int list_suites(void)
{
	struct list names = suite_names();
	int code = names.n ? 0 : TRIMM_FAILED;

	if (!names.n)
		cli_error("there are no suites; they come with trimm, in share/trimm/suites");
	for (size_t i = 0; i < names.n; i++) {
		struct suite suite;

		if (suite_read(&suite, names.item[i]))
			code = TRIMM_FAILED;
		else
			printf("%-10s %s\n", names.item[i], suite.about ? suite.about : "");
		suite_free(&suite);
	}
	list_free(&names);
	return code;
}

static bool print_run(void *arg, const struct store_run *run)
{
	(void)arg;
	printf("%-22s %-10s %-10s %4u benches  %s\n", run->run_id, run->status, run->reason,
	       run->benches, run->command);
	return true;
}

static int list_runs(void)
{
	size_t count[IMPORT_COUNT], problems;
	struct run_error error;
	struct store *store;
	int code = results_open(&store, false, count, &problems);

	if (code)
		return code;
	if (store_list(store, NULL, NULL, print_run, NULL, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	}
	store_close(store);
	return code;
}

int verb_list(int argc, char **argv)
{
	struct arguments arguments = {NULL, NULL};
	struct target_choice choice;
	struct target target;
	int code;

	cli_parse(&argp, argc, argv, &arguments);
	choice = target_choice_given();
	choice.kernel = arguments.kernel;
	if (arguments.kernel && !choice.on_host && !target_choice_kernel(choice)) {
		cli_error("kernel=%s: goes with --target " TARGET_WITH_KERNELS, arguments.kernel);
		return TRIMM_USAGE;
	}
	if (arguments.what && !strcmp(arguments.what, "runs"))
		return list_runs();
	if (arguments.what && !strcmp(arguments.what, "suites"))
		return list_suites();
	code = target_open(&target, choice);
	if (code)
		return code;
	if (!arguments.what || !strcmp(arguments.what, "workloads"))
		list_workloads(&target);
	if (!arguments.what)
		puts("");
	if (!arguments.what || !strcmp(arguments.what, "params"))
		list_params(&target);
	target_close(&target);
	return TRIMM_FINE;
}
