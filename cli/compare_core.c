/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_core.c - see compare_core.h.
 *
 * Cores get the names that a night gives them, as links in a folder that $TRIMM_CORES is, so that
 * what judges nights judges these: A is the reference, and is loaded twice, as its copy.
 */
#include "compare_core.h"
#include "cli.h"
#include "compare_together.h"
#include "directory.h"
#include "measure.h"
#include "night_judge.h"
#include "results.h"
#include "target_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXACT, TIMED, KINDS };

struct cores {
	char *path[2];	 /* of A and B */
	char *directory; /* of the links; NULL: not made */
	struct spec spec;
	struct target target[KINDS];
	struct plan plan[KINDS];
	/* Of each part the run, and one more of as many processes. */
	struct run *run[NIGHT_PARTS][2];
	struct night_files files[NIGHT_PARTS];
	struct night *night;
};

static bool is_cores(const char *word)
{
	return !strncmp(word, "core=", 5);
}

bool compare_core_wanted(const struct list *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (is_cores(words->item[i]))
			return true;
	return false;
}

/* As the target would find it: a name without a slash is of $TRIMM_CORES. */
static int find_core(const char *name, int length, char **path)
{
	const char *directory = getenv("TRIMM_CORES");
	char *file;

	if (memchr(name, '/', (size_t)length))
		file = cli_format("%.*s", length, name);
	else if (directory)
		file = cli_format("%s/%.*s.so", directory, length, name);
	else {
		cli_error("core=%.*s: a name without a slash is of $TRIMM_CORES/%.*s.so; set it, "
			  "or give a path",
			  length, name, length, name);
		return TRIMM_USAGE;
	}
	*path = realpath(file, NULL);
	if (!*path)
		cli_error("core=%.*s: %s: %m; `make core` builds one", length, name, file);
	free(file);
	return *path ? 0 : TRIMM_USAGE;
}

static int read_names(struct cores *cores, const char *value)
{
	const char *comma = strchr(value, ',');
	int code;

	if (cores->path[0]) {
		cli_error("core=%s: \"core\" is set twice", value);
		return TRIMM_USAGE;
	}
	if (!comma || comma == value || !comma[1] || strchr(comma + 1, ',')) {
		cli_error("core=%s: give two, core=A,B: B is judged against A", value);
		return TRIMM_USAGE;
	}
	code = find_core(value, (int)(comma - value), &cores->path[0]);
	return code ? code : find_core(comma + 1, (int)strlen(comma + 1), &cores->path[1]);
}

static int read_words(struct cores *cores, const struct list *words)
{
	int code = 0;

	for (size_t i = 0; i < words->n && !code; i++)
		code = is_cores(words->item[i]) ? read_names(cores, words->item[i] + 5)
						: spec_add(&cores->spec, words->item[i]);
	if (!code && !cores->spec.workloads.n) {
		cli_error("compare: core=A,B needs a workload; `trimm list` lists them");
		return TRIMM_USAGE;
	}
	return code;
}

static int link_core(const struct cores *cores, const char *name, const char *path)
{
	char *link = cli_format("%s/%s.so", cores->directory, name);
	int failed = symlink(path, link);

	if (failed)
		cli_error("%s: %m", link);
	free(link);
	return failed ? TRIMM_FAILED : 0;
}

static int link_cores(struct cores *cores)
{
	const char *temporary = getenv("TMPDIR");
	int code;

	cores->directory =
		cli_format("%s/trimm-cores-XXXXXX", temporary && *temporary ? temporary : "/tmp");
	if (!mkdtemp(cores->directory)) {
		cli_error("%s: %m", cores->directory);
		free(cores->directory);
		cores->directory = NULL;
		return TRIMM_FAILED;
	}
	code = link_core(cores, NIGHT_REFERENCE, cores->path[0]);
	if (!code)
		code = link_core(cores, NIGHT_COPY, cores->path[0]);
	if (!code)
		code = link_core(cores, NIGHT_HEAD, cores->path[1]);
	setenv("TRIMM_CORES", cores->directory, 1);
	return code;
}

/* The user's words with @arms, and @processes unless they say it or it is 0. */
static int make_plan(struct cores *cores, int kind, const char *arms, size_t processes)
{
	struct target_choice choice = target_choice_given();
	int code = kind == EXACT ? target_choice_set(&choice, "mode", "exact") : 0;
	char *word;

	if (!code)
		code = target_open(&cores->target[kind], choice);
	if (!code)
		code = spec_add(&cores->spec, arms);
	if (!code && processes) {
		word = cli_format("processes=%zu", processes);
		code = spec_add(&cores->spec, word);
		free(word);
	}
	if (!code)
		code = plan_add(&cores->plan[kind], &cores->target[kind], &cores->spec);
	if (!code)
		spec_remove(&cores->spec, "core");
	return code;
}

/* How often a case is timed follows from how many there are, which the exact plan tells. */
static int make_plans(struct cores *cores)
{
	const struct param *said = spec_param(&cores->spec, "processes");
	char *processes = said ? cli_format("processes=%s", said->values.item[0]) : NULL;
	bool exact_only = target_choice_exact(target_choice_given());
	int code;

	if (said)
		spec_remove(&cores->spec, "processes");
	code = make_plan(cores, EXACT, "core=" NIGHT_REFERENCE "," NIGHT_HEAD, 0);
	if (!code && processes)
		code = spec_add(&cores->spec, processes);
	if (!code && !exact_only)
		code = make_plan(cores, TIMED,
				 "core=" NIGHT_REFERENCE "," NIGHT_COPY "," NIGHT_HEAD,
				 processes ? 0 : night_processes(cores->plan[EXACT].nr_cases));
	free(processes);
	return code;
}

static int judge(struct cores *cores)
{
	struct run_error error;

	if (!night_judge(cores->night, cores->files, &error))
		return 0;
	cli_error("%s", error.text);
	return TRIMM_FAILED;
}

/* Into a run of its own; then all is judged anew. */
static int measure_into(struct cores *cores, int kind, enum night_part part, char *const *command)
{
	struct measure_options options = {results_directory(), "run", command, false};
	struct night_files *files = &cores->files[part];
	struct run_error error;
	char *path = NULL;
	int code = measure(&cores->plan[kind], &options, &path);

	if (code && code != TRIMM_SKIPPED) {
		cli_error("compare: not measured whole, so not judged; see %s",
			  path ? path : "above");
		code = TRIMM_FAILED;
	} else if (run_load(path, &cores->run[part][files->nr], &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	} else {
		files->run = (const struct run *const *)cores->run[part];
		files->nr++;
		code = 0;
	}
	free(path);
	return code ? code : judge(cores);
}

static bool wants_again(const struct night *night)
{
	for (size_t i = 0; i < night->nr_cases; i++)
		if (night_wants_again(&night->cases[i]))
			return true;
	return false;
}

static bool wants_more(const struct night *night, enum night_part part)
{
	for (size_t i = 0; i < night->nr_cases; i++)
		if (night_wants_more(&night->cases[i], part))
			return true;
	return false;
}

/* An invocation; where it is inconclusive, as many processes more, once. */
static int time_part(struct cores *cores, enum night_part part, char *const *command)
{
	int code = measure_into(cores, TIMED, part, command);

	if (code || !wants_more(cores->night, part))
		return code;
	return measure_into(cores, TIMED, part, command);
}

/* What is slower, or unclear, is measured once more: only what recurs is slower. */
static int measure_all(struct cores *cores, char *const *command)
{
	int code = measure_into(cores, EXACT, NIGHT_EXACT, command);

	/* A core that does not load is not waited for either. */
	if (code || night_exit_code(cores->night) == TRIMM_SKIPPED || !cores->plan[TIMED].nr_cases)
		return code;
	code = time_part(cores, NIGHT_TIME, command);
	if (code || !wants_again(cores->night))
		return code;
	return time_part(cores, NIGHT_AGAIN, command);
}

static int compare_part(const struct cores *cores, enum night_part part,
			const struct verdicts *verdicts, struct comparison **out)
{
	struct compare_options options = verdicts->options;
	struct run_error error;

	*out = NULL;
	options.base = NIGHT_REFERENCE;
	if (!cores->files[part].nr ||
	    !compare_files_by(cores->files[part].run, cores->files[part].nr, "core", &options, out,
			      &error))
		return 0;
	cli_error("%s", error.text);
	return TRIMM_FAILED;
}

static int print(const struct cores *cores, const struct verdicts *verdicts)
{
	/* Data formats are for programs: nothing else goes between their lines. */
	FILE *out = verdicts->format == FORMAT_TEXT ? stdout : stderr;
	struct comparison *exact, *time;
	int code = compare_part(cores, NIGHT_EXACT, verdicts, &exact);

	if (code)
		return code;
	code = compare_part(cores, NIGHT_TIME, verdicts, &time);
	if (!code) {
		fprintf(out, "%s: %s\n%s: %s\n", NIGHT_REFERENCE, cores->path[0], NIGHT_HEAD,
			cores->path[1]);
		for (int i = 0; i < NIGHT_PARTS; i++)
			for (size_t k = 0; k < cores->files[i].nr; k++)
				fprintf(out, "%s%s",
					i || k ? ", " : "runs: ", cores->run[i][k]->run_id);
		fputs("\n\n", out);
		together_print(&(struct together){exact, time, cores->night}, verdicts->format,
			       verdicts->verbose, stdout);
		code = night_exit_code(cores->night);
	}
	comparison_free(exact);
	comparison_free(time);
	return code;
}

static void cores_free(struct cores *cores)
{
	for (int i = 0; i < NIGHT_PARTS; i++)
		for (size_t k = 0; k < cores->files[i].nr; k++)
			run_free(cores->run[i][k]);
	for (int i = 0; i < KINDS; i++) {
		plan_free(&cores->plan[i]);
		target_close(&cores->target[i]);
		free(cores->path[i]);
	}
	if (cores->directory)
		directory_remove(cores->directory);
	free(cores->directory);
	spec_free(&cores->spec);
	night_free(cores->night);
}

int compare_core(const struct list *words, char *const *command, const struct verdicts *verdicts)
{
	struct cores cores = {.night = night_new()};
	int code = read_words(&cores, words);

	if (!cores.night) {
		cli_error("out of memory");
		code = TRIMM_FAILED;
	}
	if (!code)
		code = link_cores(&cores);
	if (!code)
		code = make_plans(&cores);
	if (!code) {
		cores.night->threshold = verdicts->options.threshold;
		code = measure_all(&cores, command);
	}
	if (!code) {
		cores.night->id = cores.run[NIGHT_EXACT][0]->run_id;
		cores.night->started = cores.run[NIGHT_EXACT][0]->started;
		cores.night->status = "ok";
		code = print(&cores, verdicts);
	}
	cores_free(&cores);
	return code;
}
