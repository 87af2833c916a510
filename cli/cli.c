/* SPDX-License-Identifier: GPL-2.0-only */
/* cli.c - words to the user, and memory for the command. */
#include "cli.h"
#include "nearest.h"
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *where;

void cli_set_where(const char *text)
{
	where = text;
}

const char *cli_where(void)
{
	return where;
}

void cli_error(const char *fmt, ...)
{
	va_list args;

	progress_clear();
	fprintf(stderr, "trimm: %s%s", where ? where : "", where ? ": " : "");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

void cli_error_unknown(const char *what, const char *word, const char *const *names,
		       const char *list)
{
	const char *name = nearest_name(word, names);

	if (name)
		cli_error("%s: no such %s; did you mean \"%s\"?", word, what, name);
	else
		cli_error("%s: no such %s; `%s` names them", word, what, list);
}

void cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	argp_parse(argp, argc, argv, 0, NULL, input);
}

void *cli_alloc(void *old, size_t size)
{
	void *memory = realloc(old, size);

	if (!memory && size) {
		cli_error("out of memory");
		exit(TRIMM_FAILED);
	}
	return memory;
}

char *cli_format(const char *fmt, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, fmt);
	length = vasprintf(&text, fmt, args);
	va_end(args);
	if (length < 0) {
		cli_error("out of memory");
		exit(TRIMM_FAILED);
	}
	return text;
}

bool cli_percent(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end) / 100;
	if (*end == '%')
		end++;
	return end != text && !*end && *value >= 0 && *value <= 1;
}

char **cli_command(const char *verb, int argc, char **argv)
{
	char **command = cli_alloc(NULL, (argc + 1) * sizeof(*command));

	command[0] = (char *)verb;
	memcpy(command + 1, argv + 1, argc * sizeof(*command));
	return command;
}
