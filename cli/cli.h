/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cli.h - what every verb of the trimm command shares.
 *
 * Results go to stdout, everything else to stderr; an error is one line that says what is
 * wrong, where, and what to do. Verbs return an enum trimm_exit.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

enum trimm_exit {
	TRIMM_FINE = 0,
	TRIMM_FAILED = 1, /* measuring, reading or writing failed */
	TRIMM_USAGE = 2,
	TRIMM_REGRESSED = 3,
	TRIMM_UNCLEAR = 4, /* inconclusive or not comparable */
	TRIMM_SKIPPED = 77 /* everything was, or is not applicable */
};

/* "trimm: " and the message, one line on stderr, below the progress line if there is one. */
void cli_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * What errors are about from now on, FILE:LINE, put before them; NULL: nothing. The text is kept as
 * it is, by whoever gives it.
 */
void cli_set_where(const char *where);
const char *cli_where(void);

/*
 * The same, ending in `did you mean "NAME"?` if one of @names is close to @word, else in
 * what @list, a command, can tell.
 */
void cli_error_unknown(const char *what, const char *word, const char *const *names,
		       const char *list);

/*
 * Parse with the usual manners: exit code 2 for bad options, --help. @argv[0] is the full
 * command, "trimm run", as messages shall show it.
 */
void cli_parse(const struct argp *argp, int argc, char **argv, void *input);

/* "run", then the words of @argv as they are now, ended by NULL: free() it, they are borrowed. */
char **cli_command(const char *verb, int argc, char **argv);

/* Out of memory ends the command: nothing it holds outlives it but whole lines in a file. */
void *cli_alloc(void *old, size_t size);
char *cli_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "2%" or "2" as 0.02; false if it is neither, or negative. */
bool cli_percent(const char *text, double *value);

#define VERB(name, about) int verb_##name(int argc, char **argv);
#include "verbs.def"
#undef VERB

#endif /* CLI_CLI_H */
