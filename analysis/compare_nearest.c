/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_nearest.c - why two runs have nothing in common: what the two benches that are most
 * alike differ in.
 */
#include "compare_build.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Append "name (this, that)" to @text, cut at its end. */
static void add(char *text, size_t size, const char *name, const json_t *base, const json_t *next)
{
	char *a = base ? json_dumps(base, JSON_ENCODE_ANY) : NULL;
	char *b = next ? json_dumps(next, JSON_ENCODE_ANY) : NULL;
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s (%s, %s)", *text ? ", " : "", name,
		 a ? a : "not set", b ? b : "not set");
	free(a);
	free(b);
}

/* In how many parameters, the target among them; their names go to @text. */
static size_t difference(const struct bench *base, const struct bench *next, char *text,
			 size_t size)
{
	size_t n = 0;
	const char *name;
	json_t *value;

	*text = '\0';
	if (strcmp(base->target, next->target)) {
		n++;
		add(text, size, "target", json_object_get(base->json, "target"),
		    json_object_get(next->json, "target"));
	}
	json_object_foreach (base->params, name, value) {
		const json_t *other = json_object_get(next->params, name);

		if (!json_equal(value, other)) {
			n++;
			add(text, size, name, value, other);
		}
	}
	json_object_foreach (next->params, name, value) {
		if (!json_object_get(base->params, name)) {
			n++;
			add(text, size, name, NULL, value);
		}
	}
	return n;
}

void compare_nearest(const struct run *base, const struct run *next, char *text, size_t size)
{
	size_t least = SIZE_MAX;
	char found[256];

	snprintf(text, size, "they have no workload in common");
	for (size_t i = 0; i < base->nr_benches; i++) {
		for (size_t j = 0; j < next->nr_benches; j++) {
			const struct bench *a = &base->benches[i], *b = &next->benches[j];
			size_t n;

			if (compare_is_harness(a) || strcmp(a->workload, b->workload))
				continue;
			n = difference(a, b, found, sizeof(found));
			if (n >= least)
				continue;
			least = n;
			snprintf(text, size, "the nearest, of %s, differ in %s", a->workload,
				 found);
		}
	}
}
