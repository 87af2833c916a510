/* SPDX-License-Identifier: GPL-2.0-only */
/* model_text.c - reading and writing the text of a model; see model_text.h. */
#include "model_text.h"

#include <stdio.h>
#include <string.h>

static const struct preset {
	const char *name, *text;
} presets[] = {
#define PRESET(name, text) {name, text},
#include "presets.def"
#undef PRESET
};
#define PRESETS (sizeof(presets) / sizeof(presets[0]))

static const struct {
	const char *key, *words;
} caches[] = {
#define CACHE(name, key, words) {key, words},
#include "caches.def"
#undef CACHE
};

const char *model_presets(void)
{
	return ""
#define PRESET(name, text) " " name
#include "presets.def"
#undef PRESET
	       + 1;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && !memcmp(text, word, length);
}

/* A number from @at to before @end; false: it is none, or above the maximum. */
static bool read_number(const char **at, const char *end, uint32_t *number)
{
	const char *start = *at;

	*number = 0;
	while (*at < end && **at >= '0' && **at <= '9') {
		*number = *number * 10 + (uint32_t)(*(*at)++ - '0');
		if (*number > MODEL_ENTRIES_MAX)
			return false;
	}
	return *at > start;
}

/* NULL, or what is wrong with ENTRIES[xWAYS]. */
static const char *read_geometry(const char *at, const char *end, struct tlb_geometry *geometry)
{
	uint32_t sets;

	if (!read_number(&at, end, &geometry->entries))
		return "the entries must be a number, at most 65536";
	geometry->ways = geometry->entries;
	if (at < end && *at == 'x') {
		at++;
		if (!read_number(&at, end, &geometry->ways))
			return "the ways must be a number";
	}
	if (at < end)
		return "it must be ENTRIES or ENTRIESxWAYS";
	if (!geometry->entries) {
		geometry->ways = 0;
		return NULL;
	}
	if (!geometry->ways || geometry->entries % geometry->ways)
		return "the ways must divide the entries";
	sets = geometry->entries / geometry->ways;
	if (sets & (sets - 1))
		return "entries / ways, the sets, must be a power of two";
	return NULL;
}

static int wrong(char *why, size_t room, const char *part, const char *end, const char *what)
{
	snprintf(why, room, "model: \"%.*s\": %s", (int)(end - part), part, what);
	return -1;
}

static int read_cache(const char *part, const char *end, struct tlb_shape *shape, char *why,
		      size_t room)
{
	const char *equals = memchr(part, '=', (size_t)(end - part));
	const char *fault;

	for (unsigned int i = 0; equals && i < TLB_CACHES; i++) {
		if (!is_word(part, (size_t)(equals - part), caches[i].key))
			continue;
		fault = read_geometry(equals + 1, end, &shape->cache[i]);
		return fault ? wrong(why, room, part, end, fault) : 0;
	}
	return wrong(why, room, part, end, "it must be CACHE=ENTRIES[xWAYS] with a cache of"
#define CACHE(name, key, words) " " key
#include "caches.def"
#undef CACHE
	);
}

int model_parse(const char *text, struct tlb_shape *shape, char *why, size_t room)
{
	const char *part = text, *end;
	bool first = true;

	memset(shape, 0, sizeof(*shape));
	for (;; part = end + 1, first = false) {
		const struct preset *preset = NULL;

		end = part + strcspn(part, "/:");
		for (unsigned int i = 0; first && i < PRESETS; i++)
			if (is_word(part, (size_t)(end - part), presets[i].name))
				preset = &presets[i];
		if (preset) {
			if (model_parse(preset->text, shape, why, room))
				return -1;
		} else if (first && !memchr(part, '=', (size_t)(end - part))) {
			snprintf(why, room,
				 "model: \"%.*s\" is no model; it must begin with one of: %s",
				 (int)(end - part), part, model_presets());
			return -1;
		} else if (read_cache(part, end, shape, why, room)) {
			return -1;
		}
		if (!*end)
			break;
	}
	if (!shape->cache[TLB_DTLB].entries) {
		snprintf(why, room, "model: \"%s\": dtlb must have at least one entry", text);
		return -1;
	}
	return 0;
}

void model_words(const struct tlb_shape *shape, char *words, size_t room)
{
	size_t used = 0;

	for (unsigned int i = 0; i < TLB_CACHES && used < room; i++) {
		const struct tlb_geometry *geometry = &shape->cache[i];

		if (geometry->entries)
			used += (size_t)snprintf(words + used, room - used, "%s %ux%u, ",
						 caches[i].words, geometry->entries,
						 geometry->ways);
	}
	if (used < room)
		snprintf(words + used, room - used, "true LRU");
}
