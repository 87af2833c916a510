/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * digests.c - the ops_digest of every workload for some seeds and all arms asked for, in one go:
 * the same on every target and for every subject, or they do different work. Nothing is run, so a
 * boot tells what would take as many cases as there are workloads and seeds.
 */
#include "digests.h"
#include "case.h"

#define WORDS_MOST 32

static bool is_seed(const char *word)
{
	static const char seed[] = "seed=";

	for (unsigned int i = 0; seed[i]; i++)
		if (word[i] != seed[i])
			return false;
	return true;
}

static void emit(struct bench_case *bench)
{
	const struct case_config *config = bench->config;
	struct json *json = bench->json;

	json_begin(json);
	json_put_string(json, "t", "digests");
	json_put_string(json, "workload", config->workload->name);
	json_put_unsigned(json, "seed", config->param[BENCH_PARAM_seed]);
	json_open(json, "digests", '{');
	for (unsigned int i = 0; i < bench->nr_arms; i++)
		json_hex(json, bench->arms[i].bench.arm->text, arm_digest(bench, &bench->arms[i]));
	json_close(json, '}');
	json_end(json);
}

/* All seeds of a workload: words[0] is its name, words[1] to be the seed, the rest each case's. */
static int of_workload(struct case_config *config, int nr_words, char **words, int nr_seeds,
		       char *const *seeds)
{
	struct bench_case *bench;
	int code = 0;

	words[1] = seeds[0];
	if (words_parse(config, nr_words, words))
		return 2;
	bench = case_prepare(config);
	if (!bench)
		return 1;
	/* Arms stay where they are in @config; of it, nothing but the seed changes. */
	for (int i = 0; i < nr_seeds && !code; i++) {
		words[1] = seeds[i];
		code = words_parse(config, nr_words, words) ? 2 : 0;
		if (!code)
			emit(bench);
	}
	case_free(bench);
	return code;
}

int digests(int nr_words, char *const *words)
{
	static struct case_config config;
	static char *of_each[WORDS_MOST], *seeds[WORDS_MOST];
	int nr_each = 2, nr_seeds = 0, code = 0;

	for (int i = 0; i < nr_words; i++) {
		if (nr_each == WORDS_MOST || nr_seeds == WORDS_MOST) {
			host_error("digests: more than %d words", WORDS_MOST - 2);
			return 2;
		}
		if (is_seed(words[i]))
			seeds[nr_seeds++] = words[i];
		else
			of_each[nr_each++] = words[i];
	}
	if (!nr_seeds) {
		host_error("digests: of which seeds? Give seed=");
		return 2;
	}
	for (const struct workload *const *all = workloads_all(); *all && !code; all++) {
		of_each[0] = (char *)(*all)->name;
		code = of_workload(&config, nr_each, of_each, nr_seeds, seeds);
	}
	return code;
}
