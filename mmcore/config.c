/* SPDX-License-Identifier: GPL-2.0-only */
/* config.c - a core's settings by name: tables generated from the .def files. */
#include "core.h"

const struct tri_question_info tri_question_info[TRI_QUESTION_COUNT] = {
#define QUESTION(name, about) {#name, about},
#include "policies.def"
};

const struct tri_policy_info tri_policy_info[TRI_POLICY_COUNT] = {
#define POLICY(question, answer, text, about) {#question, text, about},
#include "policies.def"
};

const struct tri_era_info tri_era_info[TRI_ERA_COUNT] = {
#define ERA(name, answers, about) {name, answers, about},
#include "eras.def"
#undef ERA
};

const struct tri_tunable_info tri_tunable_info[TRI_TUNABLE_COUNT] = {
#define TUNABLE(name, unit, def, min, max, about) {#name, unit, about, def, min, max},
#include "tunables.def"
#undef TUNABLE
};

/* Its place in the list, or TRI_QUESTION_COUNT. */
static unsigned int find_question(const char *name)
{
	unsigned int i = 0;

	while (i < TRI_QUESTION_COUNT && strcmp(name, tri_question_info[i].name))
		i++;
	return i;
}

static int policy_set(struct tri_config *config, const char *question, const char *answer)
{
	unsigned int q = find_question(question);

	if (q == TRI_QUESTION_COUNT)
		return -ENOENT;
	for (unsigned int i = 0; i < TRI_POLICY_COUNT; i++) {
		const struct tri_policy_info *info = &tri_policy_info[i];

		if (!strcmp(question, info->question) && !strcmp(answer, info->answer)) {
			config->policy[q] = i;
			return 0;
		}
	}
	return -EINVAL;
}

/* Decimal digits alone; 0, -EINVAL or -ERANGE. */
static int parse_number(const char *text, unsigned long *number)
{
	*number = 0;
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(*number, 10UL, number) ||
		    __builtin_add_overflow(*number, (unsigned long)(*text - '0'), number))
			return -ERANGE;
	}
	return 0;
}

static int tunable_set(struct tri_config *config, const char *name, const char *value)
{
	unsigned long number;
	int error;

	for (int i = 0; i < TRI_TUNABLE_COUNT; i++) {
		const struct tri_tunable_info *info = &tri_tunable_info[i];

		if (strcmp(name, info->name))
			continue;
		error = parse_number(value, &number);
		if (error)
			return error;
		if (number < info->min || number > info->max)
			return -ERANGE;
		config->tunable[i] = number;
		return 0;
	}
	return -ENOENT;
}

#define WORD_MAX 32

/* Copy up to @stop or the end; the text from there on. */
static const char *take_word(char *to, const char *from, char stop)
{
	size_t n = 0;

	for (; *from && *from != stop && n < WORD_MAX - 1; from++)
		to[n++] = *from;
	to[n] = 0;
	return from;
}

static int answers_set(struct tri_config *config, const char *answers)
{
	char question[WORD_MAX], answer[WORD_MAX];
	struct tri_config changed = *config;

	while (*answers) {
		answers = take_word(question, answers, '=');
		answers = take_word(answer, answers + 1, ' ');
		if (policy_set(&changed, question, answer))
			return -EINVAL;
		answers += *answers == ' ';
	}
	*config = changed;
	return 0;
}

static int era_set(struct tri_config *config, const char *name)
{
	for (int i = 0; i < TRI_ERA_COUNT; i++) {
		if (!strcmp(name, tri_era_info[i].name))
			return answers_set(config, tri_era_info[i].answers);
	}
	return -EINVAL;
}

int tri_config_set(struct tri_config *config, const char *name, const char *value)
{
	int error;

	if (!strcmp(name, "era"))
		return era_set(config, value);
	error = policy_set(config, name, value);
	return error == -ENOENT ? tunable_set(config, name, value) : error;
}

void tri_config_default(struct tri_config *config)
{
	/* Backwards, so that the first answer of each question stays. */
	for (int i = TRI_POLICY_COUNT - 1; i >= 0; i--)
		policy_set(config, tri_policy_info[i].question, tri_policy_info[i].answer);
	for (int i = 0; i < TRI_TUNABLE_COUNT; i++)
		config->tunable[i] = tri_tunable_info[i].def;
	memset(config->zone_end, 0, sizeof(config->zone_end));
}

const char *tri_config_policy(const struct tri_config *config, const char *question)
{
	unsigned int q = find_question(question);

	return q < TRI_QUESTION_COUNT ? tri_policy_info[config->policy[q]].answer : NULL;
}

unsigned long tri_tunable_get(const struct tri_core *core, enum tri_tunable which)
{
	return core->tunable[which];
}
