/* SPDX-License-Identifier: GPL-2.0-only */
/* night_find.c - see night_find.h. Ids begin with the time, so that names sort as nights came. */
#include "night_find.h"
#include "cli.h"
#include "results.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX ".json"

static bool is_night(const char *name)
{
	size_t length = strlen(name);

	return *name != '.' && length > strlen(SUFFIX) &&
	       !strcmp(name + length - strlen(SUFFIX), SUFFIX);
}

/* The last by name of those that begin with @start (""; all); how many there are. */
static size_t find_last(DIR *nights, const char *start, char **found)
{
	const struct dirent *entry;
	size_t n = 0;

	*found = NULL;
	while ((entry = readdir(nights))) {
		if (!is_night(entry->d_name) || strncmp(entry->d_name, start, strlen(start)) != 0)
			continue;
		n++;
		if (*found && strcmp(*found, entry->d_name) > 0)
			continue;
		free(*found);
		*found = cli_format("%s", entry->d_name);
	}
	return n;
}

int night_find(const char *name, char **path)
{
	bool latest = !strcmp(name, "latest");
	char *directory, *found = NULL;
	DIR *nights;
	size_t n = 0;

	*path = NULL;
	if (strchr(name, '/') || is_night(name)) {
		*path = cli_format("%s", name);
		return TRIMM_FINE;
	}
	directory = cli_format("%s/nights", results_directory());
	nights = opendir(directory);
	if (nights) {
		n = find_last(nights, latest ? "" : name, &found);
		closedir(nights);
	}
	if (!n && latest)
		cli_error("%s: no nights there; `trimm nightly` makes one", directory);
	else if (!n || !*name)
		cli_error("%s: no such night in %s", name, directory);
	else if (n > 1 && !latest)
		cli_error("%s: more than one night of %s begins so", name, directory);
	else
		*path = cli_format("%s/%s", directory, found);
	free(found);
	free(directory);
	return *path ? TRIMM_FINE : TRIMM_FAILED;
}
