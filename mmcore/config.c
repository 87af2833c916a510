/* SPDX-License-Identifier: GPL-2.0-only */
/* config.c - a core's settings by name: tables generated from the two .def files. */
#include "core.h"

const struct tri_policy_info tri_policy_info[TRI_POLICY_COUNT] = {
#define POLICY(question, answer, about) {#question, #answer, about},
#include "policies.def"
#undef POLICY
};

const struct tri_tunable_info tri_tunable_info[TRI_TUNABLE_COUNT] = {
#define TUNABLE(name, unit, def, min, max, about) {#name, unit, about, def, min, max},
#include "tunables.def"
#undef TUNABLE
};

/* A policy question is a member of struct tri_config of the same name. */
static int policy_set(struct tri_config *config, const char *question, const char *answer)
{
	int error = -ENOENT;

#define POLICY(member, value, about)                                    \
	if (!strcmp(question, #member)) {                               \
		error = -EINVAL;                                        \
		if (!strcmp(answer, #value)) {                          \
			config->member = TRI_POLICY_##member##_##value; \
			return 0;                                       \
		}                                                       \
	}
#include "policies.def"
#undef POLICY
	return error;
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

int tri_config_set(struct tri_config *config, const char *name, const char *value)
{
	int error = policy_set(config, name, value);

	return error == -ENOENT ? tunable_set(config, name, value) : error;
}

void tri_config_default(struct tri_config *config)
{
	/* Backwards, so that the first answer of each question stays. */
	for (int i = TRI_POLICY_COUNT - 1; i >= 0; i--)
		policy_set(config, tri_policy_info[i].question, tri_policy_info[i].answer);
	for (int i = 0; i < TRI_TUNABLE_COUNT; i++)
		config->tunable[i] = tri_tunable_info[i].def;
}

const char *tri_config_policy(const struct tri_config *config, const char *question)
{
#define POLICY(member, value, about)                                                       \
	if (!strcmp(question, #member) && config->member == TRI_POLICY_##member##_##value) \
		return #value;
#include "policies.def"
#undef POLICY
	return NULL;
}

unsigned long tri_tunable_get(const struct tri_core *core, enum tri_tunable which)
{
	return core->tunable[which];
}
