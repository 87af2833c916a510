/* SPDX-License-Identifier: GPL-2.0-only */
/* plugin.c - see plugin.h. */
#include "plugin.h"
#include "launch.h"

#include <stdlib.h>

void plugin_add(struct arguments *arguments, const char *source, int rows_fd, const char *model)
{
	char *path = launch_beside("tlbmodel.so"), *escaped = arguments_escape(path);
	char *which = model ? arguments_escape(model) : launch_format("%s", "");

	arguments_add(arguments, launch_format("-plugin"));
	arguments_add(arguments, launch_format("%s,%s,rows=/proc/self/fd/%d%s%s", escaped, source,
					       rows_fd, model ? ",model=" : "", which));
	free(which);
	free(escaped);
	free(path);
}

int plugin_rows(struct rows **rows)
{
	return launch_share("rows", sizeof(**rows), (void **)rows);
}
