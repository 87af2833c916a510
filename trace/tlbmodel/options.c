/* SPDX-License-Identifier: GPL-2.0-only */
/* options.c - reading the plugin's arguments; see options.h. */
#include "options.h"

#include "model_text.h"
#include "say.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { USER = 1, SYSTEM = 2, LINUX = 4, MODELLED = USER | SYSTEM };
enum kind { TEXT, NUMBER };

static const struct option {
	const char *name;
	int where;
	bool needed;
	enum kind kind;
	size_t offset;
} table[] = {
	{"rows", MODELLED | LINUX, true, TEXT, offsetof(struct options, rows)},
	{"guest", LINUX, true, TEXT, offsetof(struct options, guest)},
	{"model", MODELLED, false, TEXT, offsetof(struct options, model)},
	{"trace", MODELLED, false, TEXT, offsetof(struct options, trace)},
	{"ram", SYSTEM, true, TEXT, offsetof(struct options, ram)},
	{"low", SYSTEM, true, NUMBER, offsetof(struct options, low)},
	{"channel", SYSTEM, true, NUMBER, offsetof(struct options, channel)},
	{"mailbox", USER, false, TEXT, offsetof(struct options, mailbox)},
};
#define OPTIONS (sizeof(table) / sizeof(table[0]))

static int set(struct options *options, const struct option *option, const char *value)
{
	void *field = (char *)options + option->offset;
	char *end;

	if (option->kind == TEXT) {
		*(const char **)field = value;
		return 0;
	}
	errno = 0;
	*(uint64_t *)field = strtoull(value, &end, 0);
	if (errno || end == value || *end || *value == '-') {
		say("%s=%s: must be a number of bytes", option->name, value);
		return -1;
	}
	return 0;
}

static int guest(bool system, int argc, char **argv)
{
	for (int i = 0; system && i < argc; i++)
		if (!strcmp(argv[i], "guest=linux"))
			return LINUX;
	return system ? SYSTEM : USER;
}

static const char *names(int here)
{
	switch (here) {
	case LINUX:
		return "with guest=linux only rows=";
	case SYSTEM:
		return "use rows=, model=, trace=, ram=, low=, channel=, or rows=, guest=linux";
	}
	return "use rows=, model=, trace=, mailbox=";
}

int options_parse(struct options *options, bool system, int argc, char **argv)
{
	int here = guest(system, argc, argv);
	bool seen[OPTIONS] = {false};
	char why[512];

	memset(options, 0, sizeof(*options));
	options->model = MODEL_PRESET;
	for (int i = 0; i < argc; i++) {
		const char *equals = strchr(argv[i], '=');
		size_t j = 0, length = equals ? (size_t)(equals - argv[i]) : 0;

		while (j < OPTIONS &&
		       (!(table[j].where & here) || strlen(table[j].name) != length ||
			memcmp(table[j].name, argv[i], length)))
			j++;
		if (j == OPTIONS) {
			say("%s: unknown argument; %s", argv[i], names(here));
			return -1;
		}
		if (set(options, &table[j], equals + 1))
			return -1;
		seen[j] = true;
	}
	for (size_t j = 0; j < OPTIONS; j++) {
		if (table[j].needed && table[j].where & here && !seen[j]) {
			say("%s= is missing: it must be given", table[j].name);
			return -1;
		}
	}
	if (model_parse(options->model, &options->shape, why, sizeof(why))) {
		say("%s", why);
		return -1;
	}
	return 0;
}
