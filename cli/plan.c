/* SPDX-License-Identifier: GPL-2.0-only */
/* plan.c - see plan.h. */
#include "plan.h"
#include "checks.h"
#include "cli.h"
#include "everywhere.h"
#include "processes.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* More cases than this would take a day: a slip of the finger. */
#define CASES_MAX 4096

static int check_workload(const struct target *target, const char *name)
{
	const char **names;

	if (target_workload(target, name))
		return 0;
	names = about_names(json_object_get(target->about, "workloads"));
	cli_error_unknown("workload", name, names, "trimm list workloads");
	free(names);
	return TRIMM_USAGE;
}

/* A word that is right elsewhere is no slip. False: it is no target's. */
static bool is_of_another(const char *name)
{
	json_t *all = param_is_reserved(name) ? NULL : everywhere_ask();
	const char *other = everywhere_with_param(all, name);

	if (other)
		cli_error("%s: no parameter of this target, but of --target %s", name, other);
	json_decref(all);
	return other;
}

static int check_name(const struct target *target, const json_t *workload, const char *name)
{
	const char **names;
	json_t *known;
	char *what;

	if (!param_is_reserved(name) &&
	    (workload_param(workload, name) || target_param(target, name)))
		return 0;
	if (is_of_another(name))
		return TRIMM_USAGE;
	known = json_copy(json_object_get(workload, "params"));
	json_array_extend(known, json_object_get(target->about, "params"));
	json_array_append_new(known, json_pack("{s:s}", "name", "processes"));
	names = about_names(known);
	what = cli_format("parameter of %s", about_text(workload, "name"));
	cli_error_unknown(what, name, names, "trimm list");
	free(what);
	free(names);
	json_decref(known);
	return TRIMM_USAGE;
}

/*
 * Where the target lists the values, "a|b|c", a slip can be named; numbers, as in "auto|1..9", it
 * judges itself.
 */
static int check_values(const struct target *target, const struct param *param)
{
	const char *values = about_text(target_param(target, param->name), "values");
	struct list known = {NULL, 0};
	int code = 0;

	if (!strchr(values, '|') || strstr(values, ".."))
		return 0;
	while (*values) {
		size_t length = strcspn(values, "|");

		list_add(&known, "%.*s", (int)length, values);
		values += length + (values[length] == '|');
	}
	for (size_t i = 0; i < param->values.n && !code; i++) {
		const char *value = param->values.item[i];
		char *what = cli_format("value of %s", param->name);

		if (!list_has(&known, value)) {
			cli_error_unknown(what, value, (const char *const *)known.item,
					  "trimm list params");
			code = TRIMM_USAGE;
		}
		free(what);
	}
	list_free(&known);
	return code;
}

static bool makes_arms(const struct target *target, const json_t *workload,
		       const struct param *param)
{
	return param->values.n > 1 && !param->range && !workload_param(workload, param->name) &&
	       json_is_true(json_object_get(target_param(target, param->name), "arm"));
}

/* Every arm so far once with each value of @param. */
static void cross(struct list *arms, const struct param *param)
{
	struct list product = {NULL, 0};

	for (size_t i = 0; i < arms->n; i++) {
		const char *arm = arms->item[i];

		for (size_t j = 0; j < param->values.n; j++)
			list_add(&product, "%s%s%s=%s", arm, *arm ? "," : "", param->name,
				 param->values.item[j]);
	}
	list_free(arms);
	*arms = product;
}

/* Is @name among the subjects "a|b" whose memory is a core's? */
static bool has_core(const struct target *target, const char *name, size_t length)
{
	const char *cores = about_text(target_param(target, "impl"), "with_core");

	for (; *cores; cores += strcspn(cores, "|"), cores += *cores == '|')
		if (strcspn(cores, "|") == length && !strncmp(cores, name, length))
			return true;
	return false;
}

static bool is_of_cores(const struct target *target, const char *word, size_t length)
{
	char *name = cli_format("%.*s", (int)length, word);
	const char *kind = about_text(target_param(target, name), "kind");

	free(name);
	return !strcmp(kind, "policy") || !strcmp(kind, "tunable");
}

/* @arm without the settings that its subject does not have. */
static char *own_settings(const struct target *target, const char *arm)
{
	const char *impl = strncmp(arm, "impl=", 5) ? strstr(arm, ",impl=") : arm;
	char *kept = cli_format("%s", ""), *longer;

	impl = impl ? strchr(impl, '=') + 1 : NULL;
	if (!impl || has_core(target, impl, strcspn(impl, ","))) {
		free(kept);
		return cli_format("%s", arm);
	}
	while (*arm) {
		size_t length = strcspn(arm, ",");

		if (!is_of_cores(target, arm, strcspn(arm, "=,"))) {
			longer = cli_format("%s%s%.*s", kept, *kept ? "," : "", (int)length, arm);
			free(kept);
			kept = longer;
		}
		arm += length + (arm[length] == ',');
	}
	return kept;
}

/*
 * impl=jemalloc,mmcore slab=slub,slab is three arms, not four: a policy makes no second arm
 * of a subject that knows nothing of it.
 */
static void drop_settings_of_others(struct list *arms, const struct target *target)
{
	struct list own = {NULL, 0};

	for (size_t i = 0; i < arms->n; i++) {
		char *arm = own_settings(target, arms->item[i]);

		if (!list_has(&own, arm))
			list_add(&own, "%s", arm);
		free(arm);
	}
	list_free(arms);
	*arms = own;
}

/* What is written for one arm is meant: it is not dropped, as what all arms have in common is. */
static int check_arms(const struct target *target, const struct list *arms)
{
	int code = 0;

	for (size_t i = 0; i < arms->n && !code; i++) {
		char *own = own_settings(target, arms->item[i]);

		if (strcmp(own, arms->item[i])) {
			cli_error("arm:%s: policies and tunables are a memory core's, which this "
				  "impl= has not",
				  arms->item[i]);
			code = TRIMM_USAGE;
		}
		free(own);
	}
	return code;
}

void plan_factor(struct plan *plan, const char *text)
{
	if (!plan->factor)
		plan->factor = cli_format("%.*s", (int)strcspn(text, "="), text);
}

static struct list make_arms(struct plan *plan, const struct target *target, const json_t *workload,
			     const struct spec *spec)
{
	struct list arms = {NULL, 0};

	for (size_t i = 0; i < spec->arms.n; i++)
		list_add(&arms, "%s", spec->arms.item[i]);
	if (arms.n > 1)
		plan_factor(plan, arms.item[0]);
	if (!arms.n)
		list_add(&arms, "%s", "");
	for (size_t i = 0; i < spec->nr_params; i++) {
		if (makes_arms(target, workload, &spec->params[i])) {
			cross(&arms, &spec->params[i]);
			plan_factor(plan, spec->params[i].name);
		}
	}
	drop_settings_of_others(&arms, target);
	return arms;
}

static struct plan_case *new_case(struct plan *plan, const struct target *target,
				  const char *workload)
{
	struct plan_case *new;

	plan->cases = cli_alloc(plan->cases, (plan->nr_cases + 1) * sizeof(*plan->cases));
	new = &plan->cases[plan->nr_cases++];
	*new = (struct plan_case){.target = target, .workload = cli_format("%s", workload)};
	if (cli_where())
		new->where = cli_format("%s", cli_where());
	list_add(&new->words, "%s", workload);
	return new;
}

static void add_label(struct plan_case *at, const char *before, const char *text)
{
	char *label = cli_format("%s%s%s", at->label ? at->label : "", before, text);

	free(at->label);
	at->label = label;
}

/* Case @index of the @n in the product of all parameters that make cases; the last turns fastest.
 */
static void add_case(struct plan *plan, const struct target *target, const json_t *workload,
		     const struct spec *spec, size_t index, size_t n, const struct list *arms)
{
	struct plan_case *new = new_case(plan, target, about_text(workload, "name"));

	add_label(new, "", new->workload);
	for (size_t i = 0; i < spec->nr_params; i++) {
		const struct param *param = &spec->params[i];

		if (makes_arms(target, workload, param) || processes_is(param))
			continue;
		n /= param->values.n;
		list_add(&new->words, "%s=%s", param->name,
			 param->values.item[index / n % param->values.n]);
		add_label(new, " ", new->words.item[new->words.n - 1]);
	}
	if (target->exact)
		list_add(&new->words, "mode=exact");
	if (target->kernel) {
		list_add(&new->words, "kernel=%s", target->kernel);
		add_label(new, " ", new->words.item[new->words.n - 1]);
	}
	for (size_t i = 0; i < arms->n; i++) {
		list_add(&new->arms, "%s", arms->item[i]);
		if (*arms->item[i]) {
			list_add(&new->words, "arm:%s", arms->item[i]);
			add_label(new, i ? " | " : " ", arms->item[i]);
		}
	}
}

static int add_workload(struct plan *plan, const struct target *target, const struct spec *spec,
			const char *name)
{
	int code = check_workload(target, name);
	const json_t *workload = target_workload(target, name);
	struct list arms;
	int processes = 0;
	size_t n = 1;

	for (size_t i = 0; i < spec->nr_params && !code; i++) {
		if (processes_is(&spec->params[i]))
			continue;
		code = check_name(target, workload, spec->params[i].name);
		if (!code)
			code = check_values(target, &spec->params[i]);
		if (!code && !makes_arms(target, workload, &spec->params[i]))
			n *= spec->params[i].values.n;
		if (!code && n > CASES_MAX) {
			cli_error("%s: more than %d cases; split the run", name, CASES_MAX);
			code = TRIMM_USAGE;
		}
	}
	if (!code)
		code = check_arms(target, &spec->arms);
	if (!code)
		code = processes_read(spec, &processes);
	if (code)
		return code;
	arms = make_arms(plan, target, workload, spec);
	for (size_t i = 0; i < n; i++) {
		add_case(plan, target, workload, spec, i, n, &arms);
		plan->cases[plan->nr_cases - 1].processes = processes;
	}
	list_free(&arms);
	return 0;
}

static bool is_pattern(const char *name)
{
	return strpbrk(name, "*?[");
}

/* Taken out by a word "!PATTERN". */
static bool is_excepted(const struct spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->workloads.n; i++)
		if (*spec->workloads.item[i] == '!' &&
		    !fnmatch(spec->workloads.item[i] + 1, name, 0))
			return true;
	return false;
}

/* Each of the target's workloads that @pattern fits, but those excepted. */
static int add_matching(struct plan *plan, const struct target *target, const struct spec *spec,
			const char *pattern)
{
	size_t before = plan->nr_cases, i;
	const json_t *workload;
	int code = 0;

	json_array_foreach (json_object_get(target->about, "workloads"), i, workload) {
		const char *name = about_text(workload, "name");

		if (!code && !fnmatch(pattern, name, 0) && !is_excepted(spec, name))
			code = add_workload(plan, target, spec, name);
	}
	if (!code && plan->nr_cases == before) {
		cli_error("%s: no workload is called like that; `trimm list workloads` names them",
			  pattern);
		code = TRIMM_USAGE;
	}
	return code;
}

int plan_draft(struct plan *plan, const struct target *target, const struct spec *spec)
{
	size_t before = plan->nr_cases;
	int code = 0;

	for (size_t i = 0; i < spec->workloads.n && !code; i++) {
		const char *name = spec->workloads.item[i];

		if (is_pattern(name) && *name != '!')
			code = add_matching(plan, target, spec, name);
		else if (*name != '!')
			code = add_workload(plan, target, spec, name);
	}
	if (!code && plan->nr_cases == before) {
		cli_error("name a workload; `trimm list workloads` lists them");
		code = TRIMM_USAGE;
	}
	return code;
}

/* Of a plan's cases from @first on. */
static int check_from(struct plan *plan, size_t first)
{
	int code = checks_run(plan->cases + first, plan->nr_cases - first);

	if (!code)
		processes_spread(plan);
	return code;
}

int plan_check(struct plan *plan)
{
	return check_from(plan, 0);
}

int plan_add(struct plan *plan, const struct target *target, const struct spec *spec)
{
	size_t before = plan->nr_cases;
	int code = plan_draft(plan, target, spec);

	return code ? code : check_from(plan, before);
}

void plan_case_free(struct plan_case *old)
{
	free(old->workload);
	free(old->label);
	free(old->where);
	list_free(&old->words);
	list_free(&old->arms);
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->nr_cases; i++)
		plan_case_free(&plan->cases[i]);
	free(plan->cases);
	free(plan->factor);
	*plan = (struct plan){.nr_cases = 0};
}
