/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_about.c - see trace_about.h. */
#include "trace_about.h"
#include "capture.h"
#include "cli.h"
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int trace_about(const char *path, json_t **about)
{
	char *program = target_program("trimm-user"), *text;
	char *argv[] = {program, "trace", (char *)path, NULL};
	int code = capture(argv, false, &text);

	*about = code ? NULL : json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);
	if (code < 0)
		cli_error("%s: %s", program, strerror(-code));
	else if (!code && !*about)
		cli_error("%s trace: no usable answer; is it of another version? `make` builds "
			  "both",
			  program);
	free(text);
	free(program);
	if (*about)
		return 0;
	return code > 0 ? code : TRIMM_FAILED;
}
