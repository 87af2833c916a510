/* SPDX-License-Identifier: GPL-2.0-only */
/* words.c - reading a case's words; every refusal names the word. */
#include "words.h"
#include "subject.h"

const struct bench_param_info bench_param_info[BENCH_PARAM_COUNT] = {
#define PARAM(name, unit, def, min, max, arm, about) {#name, unit, about, def, min, max, arm},
#include "params.def"
#undef PARAM
};

#define WORKLOAD(symbol) extern const struct workload workload_##symbol;
#include "workloads.def"
#undef WORKLOAD

const struct workload *const *workloads_all(void)
{
	static const struct workload *const all[] = {
#define WORKLOAD(symbol) &workload_##symbol,
#include "workloads.def"
#undef WORKLOAD
		NULL};

	return all;
}

/* A value may be a path. */
#define VALUE_MAX 384

struct word {
	char name[BENCH_LABEL_MAX], value[VALUE_MAX];
};

/* Copy up to @stop or the end; the rest of the text, or NULL if it does not fit. */
static const char *take_most(char *to, unsigned int size, const char *from, char stop)
{
	unsigned int n = 0;

	for (; *from && *from != stop; from++) {
		if (n == size - 1) {
			to[n] = 0;
			return NULL;
		}
		to[n++] = *from;
	}
	to[n] = 0;
	return from;
}

static const char *take(char *to, const char *from, char stop)
{
	return take_most(to, BENCH_LABEL_MAX, from, stop);
}

/* "name=value" up to a comma or the end; the rest of the text, or NULL. */
static const char *take_word(struct word *word, const char *text)
{
	text = take(word->name, text, '=');
	if (!text || *text != '=' || !word->name[0])
		return NULL;
	text = take_most(word->value, VALUE_MAX, text + 1, ',');
	return text && word->value[0] ? text : NULL;
}

/* A value that is to be kept as it is. */
static int take_short(char *to, const struct word *word)
{
	if (take(to, word->value, 0))
		return 0;
	host_error("%s=%s: longer than %d characters", word->name, word->value,
		   BENCH_LABEL_MAX - 1);
	return -EINVAL;
}

static int parse_number(const char *text, unsigned long *value)
{
	unsigned long sum = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(sum, 10UL, &sum) ||
		    __builtin_add_overflow(sum, (unsigned long)(*text - '0'), &sum))
			return -ERANGE;
	}
	*value = sum;
	return 0;
}

static int set_number(unsigned long *to, const struct word *word, unsigned long min,
		      unsigned long max, const char *unit)
{
	int error = parse_number(word->value, to);

	if (!error && *to >= min && *to <= max)
		return 0;
	if (error == -EINVAL)
		host_error("%s=%s: not a number; give %lu to %lu %s", word->name, word->value, min,
			   max, unit);
	else
		host_error("%s=%s: out of range; give %lu to %lu %s", word->name, word->value, min,
			   max, unit);
	return -EINVAL;
}

static int set_subject(struct arm_config *arm, const char *value)
{
	for (const struct subject *const *subject = subjects_all(); *subject; subject++) {
		if (!strcmp((*subject)->name, value)) {
			arm->subject = *subject;
			return 0;
		}
	}
	host_error("impl=%s: no such subject; `trimm list params` names them", value);
	return -EINVAL;
}

/*
 * An era answers every policy question: it is the ground that all other words, wherever they
 * stand, are set upon. So eras are taken first, and where an arm has one, what the plain words
 * said is said again.
 */
static bool is_era(const struct word *word)
{
	return !strcmp(word->name, "era");
}

/* A setting that may differ between arms. -ENOENT: not one of those. */
static int set_arm_word(struct arm_config *arm, const struct word *word)
{
	const struct bench_param_info *inject = &bench_param_info[BENCH_PARAM_inject];
	int error;

	if (!strcmp(word->name, "impl"))
		return set_subject(arm, word->value);
	if (!strcmp(word->name, "label"))
		return take_short(arm->label, word);
	if (!strcmp(word->name, "timing")) {
		arm->timed = !strcmp(word->value, "op");
		if (arm->timed || !strcmp(word->value, "none"))
			return 0;
		host_error("timing=%s: give op (each operation) or none (slices only)",
			   word->value);
		return -EINVAL;
	}
	if (!strcmp(word->name, inject->name))
		return set_number(&arm->inject, word, inject->min, inject->max, inject->unit);
	if (!strcmp(word->name, "core") && host_loader())
		return take_short(arm->build, word);
	error = tri_config_set(&arm->core, word->name, word->value);
	if (!error && !is_era(word))
		tri_config_set(&arm->said, word->name, word->value);
	if (error == -EINVAL)
		host_error("%s=%s: no such value; `trimm list params` names them", word->name,
			   word->value);
	if (error == -ERANGE)
		host_error("%s=%s: out of range; `trimm list params` gives it", word->name,
			   word->value);
	if (!error && is_era(word))
		take(arm->era, word->value, 0);
	return error == -ENOENT || !error ? error : -EINVAL;
}

/* What the plugin models: text for it to read, and fit for QEMU's command line, where commas part.
 */
static int set_tlb(struct case_config *config, const struct word *word)
{
	for (const char *c = word->value; *c; c++) {
		bool letter = (*c | 0x20) >= 'a' && (*c | 0x20) <= 'z';

		if (letter || (*c >= '0' && *c <= '9'))
			continue;
		if (*c == '.' || *c == '_' || *c == ':' || *c == '+' || *c == '/' || *c == '-' ||
		    *c == '=' || *c == ';')
			continue;
		host_error(
			"tlb=%s: only letters, digits and . _ : + / - = ; or the name of a model",
			word->value);
		return -EINVAL;
	}
	return take_short(config->tlb, word);
}

/* How to measure at all. -ENOENT: not one of those. */
static int set_mode_word(struct case_config *config, const struct word *word)
{
	if (!strcmp(word->name, "tlb"))
		return set_tlb(config, word);
	if (strcmp(word->name, "mode"))
		return -ENOENT;
	config->exact_only = !strcmp(word->value, "exact");
	if (config->exact_only || !strcmp(word->value, "timed"))
		return 0;
	host_error("mode=%s: give timed or exact (counted only, under QEMU)", word->value);
	return -EINVAL;
}

static const char *host_values(const char *name)
{
	const struct host_param *param = host_params;

	while (strcmp(param->name, name))
		param++;
	return param->values;
}

static int set_case_word(struct case_config *config, const struct word *word)
{
	const struct workload_param *param = config->workload->params;
	int error = set_mode_word(config, word);

	if (error != -ENOENT)
		return error;
	for (unsigned int i = 0; param && param[i].name; i++) {
		if (!strcmp(param[i].name, word->name))
			return set_number(&config->workload_param[i], word, param[i].min,
					  param[i].max, param[i].unit);
	}
	for (unsigned int i = 0; i < BENCH_PARAM_COUNT; i++) {
		const struct bench_param_info *info = &bench_param_info[i];

		if (info->arm || strcmp(info->name, word->name))
			continue;
		config->numbered |= i == BENCH_PARAM_process;
		return set_number(&config->param[i], word, info->min, info->max, info->unit);
	}
	error = host_param_set(word->name, word->value);
	if (!error)
		return 0;
	if (error == -EFAULT)
		return -EINVAL;
	if (error == -ENOENT)
		host_error("%s=%s: %s has no parameter \"%s\"; `trimm list params` names them",
			   word->name, word->value, config->workload->name, word->name);
	else
		host_error("%s=%s: not a value it takes; give %s", word->name, word->value,
			   host_values(word->name));
	return -EINVAL;
}

static bool is_arm(const char *word)
{
	return word[0] == 'a' && word[1] == 'r' && word[2] == 'm' && word[3] == ':';
}

/* The plain words that an arm may have, too. */
static void set_plain_words(struct arm_config *arm, int nr_words, char *const *words)
{
	struct word word;

	for (int i = 1; i < nr_words; i++) {
		if (!is_arm(words[i]) && take_word(&word, words[i]) && !is_era(&word))
			set_arm_word(arm, &word);
	}
}

/* The eras of an arm's text, or all else. */
static int set_arm_text(struct arm_config *arm, const char *text, bool eras)
{
	struct word word;

	while (*text) {
		const char *rest = take_word(&word, text);
		int error = 0;

		if (!rest || (*rest && !rest[1])) {
			host_error("arm:%s: write arm:name=value,name=value", arm->text);
			return -EINVAL;
		}
		if (is_era(&word) == eras)
			error = set_arm_word(arm, &word);
		if (error == -ENOENT)
			host_error("%s=%s: arms of one case can't differ in \"%s\"", word.name,
				   word.value, word.name);
		if (error)
			return -EINVAL;
		text = *rest ? rest + 1 : rest;
	}
	return 0;
}

static int parse_arm(struct case_config *config, const char *text, int nr_words, char *const *words)
{
	struct arm_config *arm;

	if (config->nr_arms == BENCH_ARMS_MAX) {
		host_error("arm:%s: more than %d arms in one case; split the list", text,
			   BENCH_ARMS_MAX);
		return -EINVAL;
	}
	arm = &config->arm[config->nr_arms++];
	if (!take(arm->text, text, 0)) {
		host_error("arm:%s: longer than %d characters", text, BENCH_LABEL_MAX - 1);
		return -EINVAL;
	}
	if (set_arm_text(arm, text, true))
		return -EINVAL;
	set_plain_words(arm, nr_words, words);
	return set_arm_text(arm, text, false);
}

static const struct workload *find_workload(const char *name)
{
	for (const struct workload *const *all = workloads_all(); *all; all++)
		if (!strcmp((*all)->name, name))
			return *all;
	return NULL;
}

static void set_defaults(struct case_config *config, struct arm_config *arm)
{
	const struct workload_param *param = config->workload->params;
	struct host_info host;

	for (unsigned int i = 0; i < BENCH_PARAM_COUNT; i++)
		config->param[i] = bench_param_info[i].def;
	host_info_read(&host);
	config->param[BENCH_PARAM_cpus] = host.cpus;
	for (unsigned int i = 0; param && param[i].name; i++)
		config->workload_param[i] = param[i].def;
	config->exact_only = config->numbered = false;
	take(config->tlb, BENCH_TLB_DEFAULT, 0);
	arm->timed = !config->workload->slices;
	tri_config_default(&arm->core);
	for (unsigned int i = 0; i < TRI_QUESTION_COUNT; i++)
		arm->said.policy[i] = WORDS_UNSAID_POLICY;
	for (unsigned int i = 0; i < TRI_TUNABLE_COUNT; i++)
		arm->said.tunable[i] = WORDS_UNSAID_TUNABLE;
}

/* A core of another build is a subject of its own, of one arm. */
static int open_build(const struct case_config *config, struct arm_config *arm)
{
	if (!arm->build[0])
		return 0;
	if (arm->subject != &subject_mmcore) {
		host_error(
			"core=%s: a build of mmcore, which impl=%s is not; leave one of them out",
			arm->build, arm->subject->name);
		return -EINVAL;
	}
	arm->subject = host_loader()->open(config, arm);
	return arm->subject ? 0 : -EINVAL;
}

/* The eras among the plain words, or all else. */
static int parse_plain(struct case_config *config, struct arm_config *common, int nr_words,
		       char *const *words, bool eras)
{
	struct word word;
	int error;

	for (int i = 1; i < nr_words; i++) {
		const char *rest;

		if (is_arm(words[i]))
			continue;
		rest = take_word(&word, words[i]);
		if (!rest || *rest) {
			host_error("%s: write name=value, one value", words[i]);
			return -EINVAL;
		}
		if (is_era(&word) != eras)
			continue;
		error = set_arm_word(common, &word);
		if (error == -ENOENT)
			error = set_case_word(config, &word);
		if (error)
			return error;
	}
	return 0;
}

int words_parse(struct case_config *config, int nr_words, char *const *words)
{
	static const struct arm_config nothing;
	static struct arm_config common; /* 2 KiB, of which kernels' stacks have few */
	int error;

	common = nothing;

	config->nr_arms = 0;
	config->workload = nr_words ? find_workload(words[0]) : NULL;
	if (!config->workload) {
		host_error("%s: no such workload; `trimm list` names them",
			   nr_words ? words[0] : "(nothing)");
		return -EINVAL;
	}
	set_defaults(config, &common);
	set_subject(&common, config->workload == find_workload("null") ? "null" : "mmcore");

	error = parse_plain(config, &common, nr_words, words, true);
	if (!error)
		error = parse_plain(config, &common, nr_words, words, false);
	if (error)
		return error;
	for (int i = 0; i < BENCH_ARMS_MAX; i++)
		config->arm[i] = common;
	for (int i = 1; i < nr_words; i++) {
		error = is_arm(words[i]) ? parse_arm(config, words[i] + 4, nr_words, words) : 0;
		if (error)
			return error;
	}
	if (!config->nr_arms)
		config->nr_arms = 1;
	if (host_loader())
		host_loader()->begin(config);
	for (unsigned int i = 0; i < config->nr_arms; i++)
		if (open_build(config, &config->arm[i]))
			return -EINVAL;
	return config->workload->check ? config->workload->check(config) : 0;
}
