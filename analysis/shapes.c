/* SPDX-License-Identifier: GPL-2.0-only */
/* shapes.c - see shapes.h. */
#include "shapes.h"

#include <stdio.h>
#include <string.h>

static const struct rule {
	const char *name, *claim, *source, *phase, *counter, *larger, *smaller;
	double factor;
	const char *remark;
} rules[SHAPES] = {
#define SHAPE(name, claim, source, phase, counter, larger, smaller, factor, remark) \
	{#name, claim, source, phase, counter, larger, smaller, factor, remark},
#include "shapes.def"
#undef SHAPE
};

/* Is "name=value", @length bytes of it, what the bench was run with? */
static bool has_param(const struct bench *bench, const char *word, size_t length)
{
	char name[64], value[64], buffer[64];
	const char *equals = memchr(word, '=', length);

	if (!equals)
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)(equals - word), word);
	snprintf(value, sizeof(value), "%.*s", (int)(word + length - equals - 1), equals + 1);
	return !strcmp(bench_param(bench, name, buffer, sizeof(buffer)), value);
}

/* "workload name=value name=value". */
static bool fits(const struct bench *bench, const char *selector)
{
	size_t length = strcspn(selector, " ");

	if (strlen(bench->workload) != length || strncmp(bench->workload, selector, length))
		return false;
	for (selector += length; *selector; selector += length) {
		selector += strspn(selector, " ");
		length = strcspn(selector, " ");
		if (length && !has_param(bench, selector, length))
			return false;
	}
	return true;
}

static const struct counter *count_of(const struct bench *bench, const struct rule *rule)
{
	const struct counter *counter = bench_counter(bench, rule->phase, rule->counter);

	return counter && counter->has_value && counter->ops && !strcmp(bench->status, "ok")
		       ? counter
		       : NULL;
}

/* The first pair measured at the same place, that differs in what the rule says. */
static void find(const struct run *run, const struct rule *rule, struct shape *shape)
{
	for (size_t i = 0; i < run->nr_benches && !shape->larger; i++) {
		const struct bench *larger = &run->benches[i];

		if (!fits(larger, rule->larger) || !count_of(larger, rule))
			continue;
		for (size_t j = 0; j < run->nr_benches && !shape->larger; j++) {
			const struct bench *smaller = &run->benches[j];

			if (!fits(smaller, rule->smaller) || !count_of(smaller, rule) ||
			    strcmp(larger->target, smaller->target))
				continue;
			shape->larger = larger;
			shape->smaller = smaller;
		}
	}
}

static double per_op(const struct bench *bench, const struct rule *rule)
{
	const struct counter *counter = count_of(bench, rule);

	return counter->value / (double)counter->ops;
}

void shapes_judge(const struct run *run, struct shape shapes[SHAPES])
{
	for (int i = 0; i < SHAPES; i++) {
		const struct rule *rule = &rules[i];
		struct shape *shape = &shapes[i];

		*shape = (struct shape){.name = rule->name,
					.claim = rule->claim,
					.source = rule->source,
					.counter = rule->counter,
					.remark = rule->remark,
					.factor = rule->factor};
		find(run, rule, shape);
		if (!shape->larger)
			continue;
		shape->large = per_op(shape->larger, rule);
		shape->small = per_op(shape->smaller, rule);
		/* Nothing on either side shows nothing; at a factor of 1, equal is not more. */
		shape->verdict =
			shape->large > shape->small && shape->large >= rule->factor * shape->small
				? SHAPE_HOLDS
				: SHAPE_DIFFERS;
	}
}

bool shapes_any(const struct shape shapes[SHAPES])
{
	for (int i = 0; i < SHAPES; i++)
		if (shapes[i].verdict != SHAPE_NOT_HERE)
			return true;
	return false;
}

const char *shape_ratio(const struct shape *shape, char *buffer, size_t size)
{
	const double ratio = shape->large / shape->small;

	if (shape->small > 0)
		snprintf(buffer, size, ratio < 100 ? "%.3g ×" : "%.0f ×", ratio);
	else
		snprintf(buffer, size, shape->large > 0 ? "some against none" : "none in both");
	return buffer;
}

void shapes_print(const struct run *run, FILE *out)
{
	struct shape shapes[SHAPES];
	char ratio[64];

	shapes_judge(run, shapes);
	if (!shapes_any(shapes))
		return;
	fputs("Shapes that others have published:\n", out);
	for (int i = 0; i < SHAPES; i++) {
		const struct shape *shape = &shapes[i];

		if (shape->verdict == SHAPE_NOT_HERE)
			continue;
		fprintf(out, "  %-8s %s: %s, %s\n",
			shape->verdict == SHAPE_HOLDS ? "holds" : "differs", shape->claim,
			shape->counter, shape_ratio(shape, ratio, sizeof(ratio)));
		if (shape->verdict == SHAPE_DIFFERS)
			fprintf(out, "           %s\n", shape->remark);
	}
	fputs("\n", out);
}
