/* SPDX-License-Identifier: GPL-2.0-only */
/* arguments.c - see arguments.h. */
#include "arguments.h"
#include "launch.h"

#include <stdlib.h>
#include <string.h>

void arguments_add(struct arguments *arguments, char *text)
{
	if (arguments->n == ARGUMENTS_MAX) {
		launch_error("more than %d words; split the case", ARGUMENTS_MAX);
		exit(LAUNCH_USAGE);
	}
	arguments->item[arguments->n++] = text;
	arguments->item[arguments->n] = NULL;
}

void arguments_free(struct arguments *arguments)
{
	while (arguments->n)
		free(arguments->item[--arguments->n]);
}

char *arguments_escape(const char *text)
{
	char *escaped = launch_format("%s%s", text, text), *to = escaped;

	for (; *text; text++) {
		*to++ = *text;
		if (*text == ',')
			*to++ = ',';
	}
	*to = '\0';
	return escaped;
}
