/* SPDX-License-Identifier: GPL-2.0-only */
/* verdicts.h - options and output of every verb that shows a comparison. */
#ifndef CLI_VERDICTS_H
#define CLI_VERDICTS_H

#include "compare.h"

#include <argp.h>

struct verdicts {
	struct compare_options options;
	enum compare_format format;
	bool verbose;
};
#define VERDICTS_DEFAULTS ((struct verdicts){COMPARE_DEFAULTS, FORMAT_TEXT, false})

/* --format, --threshold, --verbose; its input is a struct verdicts. */
extern const struct argp verdicts_argp;

/* Print; returns the exit code of the comparison. */
int verdicts_print(const struct verdicts *verdicts, const struct comparison *comparison);

#endif /* CLI_VERDICTS_H */
