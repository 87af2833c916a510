/* SPDX-License-Identifier: GPL-2.0-only */
/* probe.c - the probes there are; see probe.h. */
#include "probe.h"

#include <string.h>

const struct probe *const probes[] = {
#define PROBE(name) &probe_##name,
#include "probes.def"
#undef PROBE
	NULL,
};

const struct probe *probe_find(const char *name)
{
	for (int i = 0; probes[i]; i++)
		if (!strcmp(probes[i]->name, name))
			return probes[i];
	return NULL;
}

const char *probe_word(const struct probe_options *options, const char *name, const char *word)
{
	const size_t name_length = strlen(name), word_length = strlen(word);

	for (char **at = options->words; at && *at; at++)
		if (!strncmp(*at, name, name_length) && (*at)[name_length] == '.' &&
		    !strncmp(*at + name_length + 1, word, word_length) &&
		    (*at)[name_length + 1 + word_length] == '=')
			return *at + name_length + word_length + 2;
	return NULL;
}
