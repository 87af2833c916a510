/* SPDX-License-Identifier: GPL-2.0-only */
/* describe.c - what this target can run; every list comes from its .def file. */
#include "describe.h"
#include "case.h"
#include "json.h"
#include "subject.h"
#include "words.h"

/* Append @word to "a|b"; lists of names are short, the buffer is not. */
static void add_choice(char *list, size_t size, const char *word)
{
	size_t n = 0;

	while (list[n])
		n++;
	if (n && n < size - 1)
		list[n++] = '|';
	while (*word && n < size - 1)
		list[n++] = *word++;
	list[n] = 0;
}

/* Which subjects have what it drives, and what this target lacks for it, if anything. */
static void can_run(struct json *json, const struct workload *workload)
{
	/* As it is without a word; its parameters may ask for other calls. */
	static struct case_config config;
	char *name = (char *)workload->name, subjects[256] = "";

	words_parse(&config, 1, &name);
	for (const struct subject *const *subject = subjects_all(); *subject; subject++)
		if (!case_concept_missing(&config, *subject))
			add_choice(subjects, sizeof(subjects), (*subject)->name);
	json_put_string(json, "impls", subjects);
	if (case_means_missing(workload))
		json_put_string(json, "lacking", case_means_missing(workload));
	else if (!*subjects || !strcmp(subjects, "null"))
		json_put_string(json, "lacking",
				case_concept_missing(&config, config.arm[0].subject));
}

static void workload(struct json *json, const struct workload *workload)
{
	json_open(json, NULL, '{');
	json_put_string(json, "name", workload->name);
	json_put_string(json, "about", workload->about);
	json_put_string(json, "origin", workload->origin);
	json_put_string(json, "version", workload->version);
	json_put_unsigned(json, "min_cpus", workload->min_cpus);
	json_put_string(json, "family", subject_family_name[workload->family]);
	json_put_string(json, "timing", workload->slices ? "none" : "op");
	can_run(json, workload);
	json_open(json, "params", '[');
	for (const struct workload_param *param = workload->params; param && param->name; param++) {
		json_open(json, NULL, '{');
		json_put_string(json, "name", param->name);
		json_put_string(json, "unit", param->unit);
		json_put_unsigned(json, "default", param->def);
		json_put_unsigned(json, "min", param->min);
		json_put_unsigned(json, "max", param->max);
		json_put_string(json, "about", param->about);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void open_param(struct json *json, const char *name, const char *kind, bool arm,
		       const char *about)
{
	json_open(json, NULL, '{');
	json_put_string(json, "name", name);
	json_put_string(json, "kind", kind);
	json_put_bool(json, "arm", arm);
	json_put_string(json, "about", about);
}

static void number_param(struct json *json, const char *unit, unsigned long def, unsigned long min,
			 unsigned long max)
{
	json_put_string(json, "unit", unit);
	json_put_unsigned(json, "default", def);
	json_put_unsigned(json, "min", min);
	json_put_unsigned(json, "max", max);
	json_close(json, '}');
}

static void choice_param(struct json *json, const char *unit, const char *def, const char *values)
{
	json_put_string(json, "unit", unit);
	json_put_string(json, "default", def);
	json_put_string(json, "values", values);
	json_close(json, '}');
}

static void policies(struct json *json)
{
	for (unsigned int i = 0; i < TRI_POLICY_COUNT;) {
		const struct tri_policy_info *first = &tri_policy_info[i];
		char values[256] = "", about[1024] = "";

		for (;
		     i < TRI_POLICY_COUNT && !strcmp(tri_policy_info[i].question, first->question);
		     i++) {
			add_choice(values, sizeof(values), tri_policy_info[i].answer);
			add_choice(about, sizeof(about), tri_policy_info[i].about);
		}
		open_param(json, first->question, "policy", true, about);
		choice_param(json, "", first->answer, values);
	}
}

/* An era answers all of them; without one, each has its default. */
static void eras(struct json *json)
{
	char values[256] = "", about[1024] = "";

	for (unsigned int i = 0; i < TRI_ERA_COUNT; i++) {
		add_choice(values, sizeof(values), tri_era_info[i].name);
		add_choice(about, sizeof(about), tri_era_info[i].about);
	}
	open_param(json, "era", "policy", true, about);
	choice_param(json, "", "", values);
}

static void harness_params(struct json *json)
{
	char subjects[256] = "", cores[256] = "";

	for (const struct subject *const *subject = subjects_all(); *subject; subject++) {
		add_choice(subjects, sizeof(subjects), (*subject)->name);
		if ((*subject)->core)
			add_choice(cores, sizeof(cores), (*subject)->name);
	}
	open_param(json, "impl", "subject", true, "what the workload drives");
	json_put_string(json, "with_core", cores);
	choice_param(json, "", "mmcore", subjects);
	if (host_loader()) {
		open_param(json, "core", "subject", true, host_loader()->about);
		choice_param(json, "", "", NULL);
	}
	open_param(json, "label", "harness", true,
		   "a name for an arm, e.g. to compare like with like");
	choice_param(json, "", "", NULL);
	open_param(json, "timing", "harness", true,
		   "time each operation, or slices only; auto: as the workload says");
	choice_param(json, "", "auto", "op|none");
	open_param(
		json, "mode", "harness", false,
		"timed: count, then time; exact: count only, instructions and a modelled TLB too");
	choice_param(json, "", "timed", "timed|exact");
	open_param(json, "tlb", "harness", false,
		   "the TLB that mode=exact models: skylake, zen3, a72-like, or its sizes");
	choice_param(json, "", BENCH_TLB_DEFAULT, NULL);
	for (unsigned int i = 0; i < BENCH_PARAM_COUNT; i++) {
		const struct bench_param_info *info = &bench_param_info[i];

		open_param(json, info->name, "harness", info->arm, info->about);
		number_param(json, info->unit, info->def, info->min, info->max);
	}
}

int describe(void)
{
	struct json *json = host_scratch_alloc(sizeof(*json));
	struct host_info host;

	if (!json) {
		host_error("out of memory");
		return 1;
	}
	host_info_read(&host);
	json_begin(json);
	json_put_string(json, "target", host.target);
	if (host.kernel_release)
		json_put_string(json, "kernel_release", host.kernel_release);
	json_put_unsigned(json, "cpus", host.cpus);
	json_open(json, "workloads", '[');
	for (const struct workload *const *all = workloads_all(); *all; all++)
		workload(json, *all);
	json_close(json, ']');
	json_open(json, "params", '[');
	harness_params(json);
	eras(json);
	policies(json);
	for (unsigned int i = 0; i < TRI_TUNABLE_COUNT; i++) {
		const struct tri_tunable_info *info = &tri_tunable_info[i];

		open_param(json, info->name, "tunable", true, info->about);
		number_param(json, info->unit, info->def, info->min, info->max);
	}
	for (const struct host_param *param = host_params; param->name; param++) {
		open_param(json, param->name, "host", false, param->about);
		choice_param(json, param->unit, param->def, param->values);
	}
	json_close(json, ']');
	json_open(json, "shows", '[');
	for (unsigned int i = 0; i < TRI_SHOW_COUNT; i++) {
		json_open(json, NULL, '{');
		json_put_string(json, "name", tri_show_info[i].name);
		json_put_string(json, "about", tri_show_info[i].about);
		json_close(json, '}');
	}
	json_close(json, ']');
	json_end(json);
	host_scratch_free(json, sizeof(*json));
	return 0;
}
