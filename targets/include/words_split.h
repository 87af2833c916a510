/* SPDX-License-Identifier: GPL-2.0-only */
/* words_split.h - a line into the words of a case, where no shell has done it. */
#ifndef TARGETS_WORDS_SPLIT_H
#define TARGETS_WORDS_SPLIT_H

#include <stdbool.h>

#define WORDS_MAX 256

/*
 * Words end at newlines, or, for people who type, at blanks if there is no newline. @line is cut
 * into them, in place. How many, or -1: more than WORDS_MAX.
 */
static inline int words_split(char *line, char *word[WORDS_MAX])
{
	char separator = ' ';
	int n = 0;

	for (const char *c = line; *c; c++)
		if (*c == '\n')
			separator = '\n';
	for (bool within = false; *line; line++) {
		if (*line == separator) {
			*line = 0;
			within = false;
			continue;
		}
		if (!within && n == WORDS_MAX)
			return -1;
		if (!within)
			word[n++] = line;
		within = true;
	}
	return n;
}

#endif /* TARGETS_WORDS_SPLIT_H */
