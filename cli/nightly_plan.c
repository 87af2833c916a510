/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nightly_plan.c - from a suite to the cases of a night.
 *
 * In a night the arms of a case are cores of commits and nothing else. So whatever else a line of a
 * suite lists, policies and arms written out among them, makes cases here: each with one value of
 * each. What no core of a worktree can be in (another subject, a kernel) is left out, and counted.
 *
 * Time is measured in several processes, all cases in one before any in the next: a drift of the
 * machine falls on all alike.
 */
#include "cli.h"
#include "nightly.h"

#include <stdlib.h>
#include <string.h>

/* About, on an idle machine: a process of its own under emulation; blocks of three arms. */
#define EXACT_SECONDS 1.5
#define TIME_SECONDS  0.35

/* Words of one case to be, its workload first; it may be a pattern. */
struct single {
	struct list words;
	bool timed;
};

/* All that a suite comes to. */
struct singles {
	struct single *item;
	size_t n;
};

static void singles_free(struct singles *singles)
{
	for (size_t i = 0; i < singles->n; i++)
		list_free(&singles->item[i].words);
	free(singles->item);
}

/* A later word of the same name counts: an arm's own is meant. */
static void set_word(struct list *words, const char *word)
{
	size_t length = strcspn(word, "=") + 1;

	for (size_t i = 0; i < words->n; i++) {
		if (!strncmp(words->item[i], word, length)) {
			free(words->item[i]);
			words->item[i] = cli_format("%s", word);
			return;
		}
	}
	list_add(words, "%s", word);
}

static void set_words_of_arm(struct list *words, const char *arm)
{
	while (*arm) {
		size_t length = strcspn(arm, ",");
		char *word = cli_format("%.*s", (int)length, arm);

		set_word(words, word);
		free(word);
		arm += length + (arm[length] == ',');
	}
}

static bool has_our_core(const struct list *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (!strncmp(words->item[i], "impl=", 5) && strcmp(words->item[i], "impl=mmcore"))
			return false;
	return true;
}

static bool is_there(const struct singles *singles, const struct list *words)
{
	for (size_t i = 0; i < singles->n; i++) {
		const struct list *other = &singles->item[i].words;
		bool same = other->n == words->n;

		for (size_t j = 0; j < words->n && same; j++)
			same = !strcmp(other->item[j], words->item[j]);
		if (same)
			return true;
	}
	return false;
}

/* Combination @index of all values, and arms, of @spec; the last turns fastest. */
static void add_single(struct nightly *nightly, struct singles *singles, const struct spec *spec,
		       size_t index, bool timed)
{
	struct list words = {NULL, 0};
	size_t arm = spec->arms.n ? index % spec->arms.n : 0;

	for (size_t i = 0; i < spec->workloads.n; i++)
		list_add(&words, "%s", spec->workloads.item[i]);
	index /= spec->arms.n ? spec->arms.n : 1;
	for (size_t i = spec->nr_params; i-- > 0;) {
		const struct param *param = &spec->params[i];

		list_add(&words, "%s=%s", param->name, param->values.item[index % param->values.n]);
		index /= param->values.n;
	}
	if (spec->arms.n)
		set_words_of_arm(&words, spec->arms.item[arm]);
	if (!has_our_core(&words) || is_there(singles, &words)) {
		nightly->other += !has_our_core(&words);
		list_free(&words);
		return;
	}
	singles->item = cli_alloc(singles->item, (singles->n + 1) * sizeof(*singles->item));
	singles->item[singles->n++] = (struct single){words, timed};
}

/* The one value of a word that a night takes out of a line, or "". */
static const char *taken(const struct spec *spec, const char *name)
{
	const struct param *param = spec_param(spec, name);

	return param ? param->values.item[0] : "";
}

static void take_out(struct spec *spec, const char *name)
{
	if (spec_param(spec, name))
		spec_remove(spec, name);
}

static int add_line(struct nightly *nightly, struct singles *singles, const struct suite_line *line)
{
	const struct spec over = {.nr_params = 0};
	struct spec spec;
	size_t n;
	int code = suite_spec(line, &over, &spec);
	bool timed;

	cli_set_where(line->where);
	if (!code && (spec_param(&spec, "core") || spec_param(&spec, "processes"))) {
		cli_error("core= and processes= are a night's own; leave them out");
		code = TRIMM_USAGE;
	}
	if (!code) {
		n = spec.arms.n ? spec.arms.n : 1;
		for (size_t i = 0; i < spec.nr_params; i++)
			n *= spec.params[i].values.n;
		timed = strcmp(taken(&spec, "mode"), "exact");
		if (*taken(&spec, "target") && strcmp(taken(&spec, "target"), "user")) {
			nightly->other += n;
			n = 0;
		}
		take_out(&spec, "target");
		take_out(&spec, "mode");
		for (size_t i = 0; i < n; i++)
			add_single(nightly, singles, &spec, i, timed);
	}
	cli_set_where(NULL);
	spec_free(&spec);
	return code;
}

/* Its cases in @plan, with the arms that @cores names and @mode, or NULL. */
static int draft(struct nightly *nightly, const struct single *single, const char *cores,
		 const char *mode, struct plan *plan)
{
	struct spec spec = {.nr_params = 0};
	int code = spec_add(&spec, cores);

	for (size_t i = 0; i < single->words.n && !code; i++)
		code = spec_add(&spec, single->words.item[i]);
	if (!code && mode)
		code = spec_add(&spec, mode);
	if (!code)
		code = targets_plan(&nightly->targets, &spec, plan);
	spec_free(&spec);
	return code;
}

static int plan_exact(struct nightly *nightly, const struct singles *singles)
{
	int code = 0;

	for (size_t i = 0; i < singles->n && !code; i++)
		code = draft(nightly, &singles->item[i], "core=" NIGHT_REFERENCE "," NIGHT_HEAD,
			     "mode=exact", &nightly->plan[STEP_COUNT]);
	return code;
}

/* How many processes a verdict needs is known once it is known how many cases there are. */
static int plan_time(struct nightly *nightly, const struct singles *singles)
{
	struct plan *plan = &nightly->plan[STEP_TIME];
	int code = 0;

	for (size_t i = 0; i < singles->n && !code; i++)
		if (singles->item[i].timed)
			code = draft(nightly, &singles->item[i],
				     "core=" NIGHT_REFERENCE "," NIGHT_COPY "," NIGHT_HEAD, NULL,
				     plan);
	nightly->processes = nightly->options->processes;
	if (!nightly->processes)
		nightly->processes = night_processes(plan->nr_cases);
	for (size_t i = 0; i < plan->nr_cases; i++)
		plan->cases[i].processes = (int)nightly->processes;
	return code;
}

int nightly_make_plans(struct nightly *nightly)
{
	struct singles singles = {NULL, 0};
	int code = suite_read(&nightly->suite, nightly->options->suite);

	for (size_t i = 0; i < nightly->suite.nr_lines && !code; i++)
		code = add_line(nightly, &singles, &nightly->suite.lines[i]);
	if (!code && !singles.n) {
		cli_error("%s: nothing in it that two cores could be compared by",
			  nightly->options->suite);
		code = TRIMM_USAGE;
	}
	if (!code && nightly->other)
		nightly_say(
			nightly,
			"%s: %u cases are left out: not of a process, or not of mmcore, and so of "
			"no core that a commit has",
			nightly->options->suite, nightly->other);
	if (!code)
		code = plan_exact(nightly, &singles);
	if (!code)
		code = plan_time(nightly, &singles);
	singles_free(&singles);
	return code;
}

/* @from in a process so many after its own. */
static void add_in_process(struct plan *plan, const struct plan_case *from, int after)
{
	int process = from->process + after;
	const char *said = strstr(from->label, " process=");
	struct plan_case *new;

	plan->cases = cli_alloc(plan->cases, (plan->nr_cases + 1) * sizeof(*plan->cases));
	new = &plan->cases[plan->nr_cases++];
	*new = *from;
	new->process = process;
	new->processes = from->processes + after;
	new->workload = cli_format("%s", from->workload);
	new->label = cli_format("%.*s process=%d",
				(int)(said ? said - from->label : (long)strlen(from->label)),
				from->label, process);
	new->where = from->where ? cli_format("%s", from->where) : NULL;
	new->words = new->arms = (struct list){NULL, 0};
	for (size_t i = 0; i < from->words.n; i++)
		if (strncmp(from->words.item[i], "process=", 8))
			list_add(&new->words, "%s", from->words.item[i]);
	list_add(&new->words, "process=%d", process);
	for (size_t i = 0; i < from->arms.n; i++)
		list_add(&new->arms, "%s", from->arms.item[i]);
}

static bool wants(const struct night_case *item, enum nightly_step step)
{
	switch (step) {
	case STEP_TIME_MORE:
		return night_wants_more(item, NIGHT_TIME);
	case STEP_AGAIN:
		return night_wants_again(item);
	case STEP_AGAIN_MORE:
		return night_wants_more(item, NIGHT_AGAIN);
	default:
		return false;
	}
}

static bool series_wants(const struct night *timed, const char *series, enum nightly_step step)
{
	for (size_t i = 0; i < timed->nr_cases; i++)
		if (!strcmp(timed->cases[i].series, series))
			return wants(&timed->cases[i], step);
	return false;
}

/*
 * The cases of the first timed run that want it, in processes that none was in before. A case is
 * told by its series, which its run knows by the case's number: behind those that are not the
 * plan's, of the harness alone.
 */
static void take_wanted(struct nightly *nightly, const struct run *first, const struct night *timed,
			enum nightly_step step)
{
	const struct plan *plan = &nightly->plan[STEP_TIME];
	int last = -1, before;

	for (size_t i = 0; i < first->nr_benches; i++)
		if (first->benches[i].case_id > last)
			last = first->benches[i].case_id;
	before = last + 1 - (int)plan->nr_cases;
	last = -1;
	for (size_t i = 0; i < first->nr_benches; i++) {
		const struct bench *bench = &first->benches[i];
		const struct plan_case *from;

		if (bench->case_id < before || bench->case_id == last)
			continue;
		last = bench->case_id;
		from = &plan->cases[last - before];
		if (series_wants(timed, bench->series, step))
			add_in_process(&nightly->plan[step], from,
				       (int)(step - STEP_TIME) * from->processes);
	}
}

int nightly_plan_step(struct nightly *nightly, enum nightly_step step)
{
	struct night *timed = night_new();
	struct nightly_runs runs;
	struct run_error error;
	int code = nightly_load(nightly, STEP_TIME, step, &runs);

	if (!timed) {
		cli_error("out of memory");
		code = TRIMM_FAILED;
	}
	if (!code && runs.run[STEP_TIME]) {
		timed->threshold = nightly->night->threshold;
		if (night_judge(timed, runs.files, &error)) {
			cli_error("%s", error.text);
			code = TRIMM_FAILED;
		} else {
			take_wanted(nightly, runs.run[STEP_TIME], timed, step);
		}
	}
	night_free(timed);
	nightly_free_runs(&runs);
	return code;
}

double nightly_estimate(const struct plan *plan)
{
	double seconds = 0;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct plan_case *at = &plan->cases[i];

		seconds += at->target->exact ? EXACT_SECONDS : TIME_SECONDS * at->processes;
	}
	return seconds;
}
