/* SPDX-License-Identifier: GPL-2.0-only */
/* compare_kernels.c - see compare_kernels.h. */
#include "compare_kernels.h"
#include "cli.h"
#include "measure.h"
#include "results.h"
#include "target_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Unless words name others: those whose counts are the same each time, so that a kernel against
 * itself is unchanged. Linux's vmalloc varies by a few in a million, its purges being another
 * thread's.
 */
static const char *const workloads[] = {"page-pair", "page-outstanding", "page-bulk",
					"kmalloc-pair"};

/* The two that are compared, the base first. */
struct kernels {
	char *name[2];
	struct target target[2];
	struct plan plan[2];
	char *path[2];
	struct run *run[2];
};

bool compare_kernels_wanted(const struct list *words)
{
	/* A path may hold a "=" too. */
	for (size_t i = 0; i < words->n; i++)
		if (words->item[i][strcspn(words->item[i], "=/")] == '=')
			return true;
	return false;
}

/* "A,B", which may be equal: like against like shows what differs without a reason. */
static int read_names(struct kernels *kernels, const char *value)
{
	const char *comma = strchr(value, ',');

	if (kernels->name[0]) {
		cli_error("kernel=%s: \"kernel\" is set twice", value);
		return TRIMM_USAGE;
	}
	if (!comma || comma == value || !comma[1] || strchr(comma + 1, ',')) {
		cli_error("kernel=%s: give two, kernel=A,B: B is judged against A", value);
		return TRIMM_USAGE;
	}
	kernels->name[0] = cli_format("%.*s", (int)(comma - value), value);
	kernels->name[1] = cli_format("%s", comma + 1);
	return 0;
}

static int read_words(struct kernels *kernels, struct spec *spec, const struct list *words)
{
	int code = 0;

	for (size_t i = 0; i < words->n && !code; i++) {
		const char *word = words->item[i];

		if (strncmp(word, "kernel=", 7))
			code = spec_add(spec, word);
		else
			code = read_names(kernels, word + 7);
	}
	if (code)
		return code;
	if (!kernels->name[0]) {
		cli_error("compare: what is to be measured first needs kernel=A,B; the words of "
			  "a comparison of runs are their names");
		return TRIMM_USAGE;
	}
	if (!spec->workloads.n)
		for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++)
			list_add(&spec->workloads, "%s", workloads[i]);
	if (!spec->arms.n && !spec_param(spec, "impl"))
		code = spec_add(spec, "impl=native");
	if (!code && !spec_param(spec, "cpus"))
		code = spec_add(spec, "cpus=1");
	return code;
}

/* Every word judged by both kernels before anything is measured in one. */
static int make_plans(struct kernels *kernels, const struct spec *spec)
{
	struct target_choice choice = target_choice_given();
	int code = target_choice_set(&choice, "mode", "exact");

	for (int i = 0; i < 2 && !code; i++) {
		choice.kernel = kernels->name[i];
		if (!choice.on_host && !target_choice_kernel(choice)) {
			cli_error("compare: kernel=A,B goes with --target " TARGET_WITH_KERNELS);
			return TRIMM_USAGE;
		}
		code = target_open(&kernels->target[i], choice);
		if (!code)
			code = plan_add(&kernels->plan[i], &kernels->target[i], spec);
	}
	return code;
}

static int measure_both(struct kernels *kernels, char *const *command)
{
	struct measure_options options = {results_directory(), "run", command, false};
	struct run_error error;

	for (int i = 0; i < 2; i++) {
		int code = measure(&kernels->plan[i], &options, &kernels->path[i]);

		if (code && code != TRIMM_SKIPPED) {
			cli_error("compare: kernel %s: not measured whole, so not judged; see %s",
				  kernels->name[i], kernels->path[i] ? kernels->path[i] : "above");
			return TRIMM_FAILED;
		}
		if (run_load(kernels->path[i], &kernels->run[i], &error)) {
			cli_error("%s", error.text);
			return TRIMM_FAILED;
		}
	}
	return 0;
}

static int judge(const struct kernels *kernels, const struct verdicts *verdicts)
{
	/* Data formats are for programs: nothing else goes between their lines. */
	FILE *out = verdicts->format == FORMAT_TEXT ? stdout : stderr;
	struct comparison *comparison;
	struct run_error error;
	int code = compare_runs(kernels->run[0], kernels->run[1], "kernel", &verdicts->options,
				&comparison, &error);

	if (code) {
		cli_error("%s", error.text);
		return code > 0 ? TRIMM_UNCLEAR : TRIMM_FAILED;
	}
	code = verdicts_print(verdicts, comparison);
	for (int i = 0; i < 2; i++)
		fprintf(out, "kernel %s, %s: run %s, %s\n", kernels->name[i],
			target_kernel_release(&kernels->target[i]), kernels->run[i]->run_id,
			kernels->path[i]);
	comparison_free(comparison);
	return code;
}

static void kernels_free(struct kernels *kernels)
{
	for (int i = 0; i < 2; i++) {
		if (kernels->run[i])
			run_free(kernels->run[i]);
		plan_free(&kernels->plan[i]);
		target_close(&kernels->target[i]);
		free(kernels->path[i]);
		free(kernels->name[i]);
	}
}

int compare_kernels(const struct list *words, char *const *command, const struct verdicts *verdicts)
{
	struct kernels kernels = {.name = {NULL}};
	struct spec spec = {.nr_params = 0};
	int code = read_words(&kernels, &spec, words);

	if (!code)
		code = make_plans(&kernels, &spec);
	if (!code)
		code = measure_both(&kernels, command);
	if (!code)
		code = judge(&kernels, verdicts);
	kernels_free(&kernels);
	spec_free(&spec);
	return code;
}
