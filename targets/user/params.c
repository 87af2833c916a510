/* SPDX-License-Identifier: GPL-2.0-only */
/* params.c - host=, memory= and window=: kept as the user wrote them, for the record. */
#include "params.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

enum { PARAM_HOST, PARAM_MEMORY, PARAM_WINDOW };

const struct host_param host_params[] = {
	[PARAM_HOST] = {"host", "", "linear", "linear|exact",
			"how the window is mapped: linear measures, exact catches a use after the "
			"flush"},
	[PARAM_MEMORY] = {"memory", "bytes", "1G", "4M..1T",
			  "frames of each core; they cost memory only once touched"},
	[PARAM_WINDOW] = {"window", "bytes", "4G", "4M..1T",
			  "address space of each core, in steps of 2M"},
	{NULL, NULL, NULL, NULL, NULL},
};

#define MEMORY_STEP  4096UL
#define WINDOW_STEP  (2UL << 20)
#define SIZE_LOWEST  (4UL << 20)
#define SIZE_HIGHEST (1UL << 40)

/* Long enough for any size in range. */
static char text[PARAM_WINDOW + 1][24] = {"linear", "1G", "4G"};
static bool host_exact;
static size_t memory = 1UL << 30, window = 4UL << 30;

static int size_parse(const char *value, size_t step, size_t *out)
{
	static const char suffixes[] = "KMGT";
	const char *suffix;
	char *end;
	unsigned long number;

	if (!isdigit((unsigned char)*value))
		return -EINVAL;
	errno = 0;
	number = strtoul(value, &end, 10);
	if (errno)
		return -ERANGE;
	if (*end) {
		suffix = strchr(suffixes, toupper((unsigned char)*end));
		if (!suffix || end[1])
			return -EINVAL;
		if (number > SIZE_HIGHEST >> (10 * (suffix - suffixes + 1)))
			return -ERANGE;
		number <<= 10 * (suffix - suffixes + 1);
	}
	if (number < SIZE_LOWEST || number > SIZE_HIGHEST)
		return -ERANGE;
	if (number % step)
		return -EINVAL;
	*out = number;
	return 0;
}

static int param_find(const char *name)
{
	for (int i = 0; host_params[i].name; i++)
		if (!strcmp(host_params[i].name, name))
			return i;
	return -ENOENT;
}

int host_param_set(const char *name, const char *value)
{
	int which = param_find(name), error = 0;

	if (which < 0)
		return which;
	if (strlen(value) >= sizeof(text[0]))
		return -EINVAL;
	if (which == PARAM_MEMORY)
		error = size_parse(value, MEMORY_STEP, &memory);
	else if (which == PARAM_WINDOW)
		error = size_parse(value, WINDOW_STEP, &window);
	else if (!strcmp(value, "exact") || !strcmp(value, "linear"))
		host_exact = *value == 'e';
	else
		error = -EINVAL;
	if (!error)
		strcpy(text[which], value);
	return error;
}

const char *host_param_get(const char *name)
{
	int which = param_find(name);

	return which < 0 ? NULL : text[which];
}

bool params_host_exact(void)
{
	return host_exact;
}

size_t params_memory(void)
{
	return memory;
}

size_t params_window(void)
{
	return window;
}
