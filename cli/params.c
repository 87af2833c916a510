/* SPDX-License-Identifier: GPL-2.0-only */
/* params.c - reading name=value words; see params.h. */
#include "params.h"
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* More values of one word than this is a slip of the finger, and hours of measuring. */
#define VALUES_MAX 64

struct number {
	unsigned long value;
	const char *unit; /* what follows the digits: "", "K", "M", ... */
};

static bool parse_number(const char *text, size_t length, struct number *number)
{
	char digits[32], *end;

	if (!length || length >= sizeof(digits) || text[0] < '0' || text[0] > '9')
		return false;
	memcpy(digits, text, length);
	digits[length] = 0;
	number->value = strtoul(digits, &end, 10);
	number->unit = text + (end - digits);
	return length - (end - digits) <= 1 && (!*end || strchr("KMG", *end));
}

/* Doubles from the first to the last, which is included even where doubling misses it. */
static int add_range(struct param *param, const char *word, const char *from, const char *dots)
{
	struct number first, last;
	const char *to = dots + 2;

	if (!parse_number(from, dots - from, &first) || !parse_number(to, strlen(to), &last)) {
		cli_error("%s: not a range; write FIRST..LAST, as in %s=1..512", word, param->name);
		return TRIMM_USAGE;
	}
	if ((first.unit == dots ? 0 : *first.unit) != *last.unit) {
		cli_error("%s: give both ends of the range in the same unit", word);
		return TRIMM_USAGE;
	}
	if (!first.value || first.value > last.value) {
		cli_error("%s: a range doubles from its first end, so 1 <= FIRST <= LAST", word);
		return TRIMM_USAGE;
	}
	for (unsigned long value = first.value; value < last.value; value *= 2) {
		list_add(&param->values, "%lu%s", value, last.unit);
		if (value > last.value / 2)
			break;
	}
	list_add(&param->values, "%lu%s", last.value, last.unit);
	param->range = true;
	return 0;
}

static int add_values(struct param *param, const char *word, const char *text)
{
	while (true) {
		size_t length = strcspn(text, ",");
		char *value = cli_format("%.*s", (int)length, text);
		bool again = list_has(&param->values, value);

		list_add(&param->values, "%s", value);
		free(value);
		if (!length) {
			cli_error("%s: empty value; write name=value or name=value,value", word);
			return TRIMM_USAGE;
		}
		if (again) {
			cli_error("%s: \"%.*s\" is there twice", word, (int)length, text);
			return TRIMM_USAGE;
		}
		if (param->values.n > VALUES_MAX) {
			cli_error("%s: more than %d values; split the run", word, VALUES_MAX);
			return TRIMM_USAGE;
		}
		if (!text[length])
			return 0;
		text += length + 1;
	}
}

static int add_param(struct spec *spec, const char *word, const char *equals)
{
	char *name = cli_format("%.*s", (int)(equals - word), word);
	/* No path is a range: kernel=../linux. */
	const char *dots = strchr(equals, '/') ? NULL : strstr(equals, "..");
	struct param *param;

	if (!*name || spec_param(spec, name)) {
		if (!*name)
			cli_error("%s: the name is missing; write name=value", word);
		else
			cli_error("%s: \"%s\" is set twice; give one word a list of values", word,
				  name);
		free(name);
		return TRIMM_USAGE;
	}
	spec->params = cli_alloc(spec->params, (spec->nr_params + 1) * sizeof(*spec->params));
	param = &spec->params[spec->nr_params++];
	*param = (struct param){.name = name};
	return dots ? add_range(param, word, equals + 1, dots)
		    : add_values(param, word, equals + 1);
}

static int add_arm(struct spec *spec, const char *word, const char *text)
{
	if (!*text || list_has(&spec->arms, text)) {
		if (!*text)
			cli_error("%s: an arm of nothing; write arm:name=value,name=value", word);
		else
			cli_error("%s: is there twice; tell the arms apart by label=NAME", word);
		return TRIMM_USAGE;
	}
	list_add(&spec->arms, "%s", text);
	return 0;
}

int spec_add(struct spec *spec, const char *word)
{
	const char *equals = strchr(word, '=');

	if (!strncmp(word, "arm:", 4))
		return add_arm(spec, word, word + 4);
	if (equals)
		return add_param(spec, word, equals);
	list_add(&spec->workloads, "%s", word);
	return 0;
}

const struct param *spec_param(const struct spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->nr_params; i++)
		if (!strcmp(spec->params[i].name, name))
			return &spec->params[i];
	return NULL;
}

static void param_free(struct param *param)
{
	free(param->name);
	list_free(&param->values);
}

void spec_remove(struct spec *spec, const char *name)
{
	size_t i = spec_param(spec, name) - spec->params;

	param_free(&spec->params[i]);
	spec->nr_params--;
	memmove(&spec->params[i], &spec->params[i + 1],
		(spec->nr_params - i) * sizeof(*spec->params));
}

void spec_free(struct spec *spec)
{
	for (size_t i = 0; i < spec->nr_params; i++)
		param_free(&spec->params[i]);
	free(spec->params);
	list_free(&spec->workloads);
	list_free(&spec->arms);
	*spec = (struct spec){.nr_params = 0};
}
