/* SPDX-License-Identifier: GPL-2.0-only */
/* nearest.c - edit distance (Wagner and Fischer, 1974), over names short enough for a stack. */
#include "nearest.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define NAME_MAX_LENGTH 64

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Letters differ by case, and '-' from '_', for nothing. */
static int fold(char c)
{
	return c == '_' ? '-' : tolower((unsigned char)c);
}

static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[NAME_MAX_LENGTH + 1];

	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t above = row[j];
			size_t swap = diagonal + (fold(a[i - 1]) != fold(b[j - 1]));

			row[j] = min3(above + 1, row[j - 1] + 1, swap);
			diagonal = above;
		}
	}
	return row[nb];
}

const char *nearest_name(const char *word, const char *const *names)
{
	size_t length = strlen(word), best;
	const char *found = NULL;

	if (!length || length > NAME_MAX_LENGTH)
		return NULL;
	/* More edits than a third of the word: a guess that only confuses. */
	best = length / 3 + 1;
	for (; *names; names++) {
		size_t other = strlen(*names), edits;

		if (other > NAME_MAX_LENGTH)
			continue;
		edits = distance(word, length, *names, other);
		if (edits < best || (edits == best && !found)) {
			best = edits;
			found = *names;
		}
	}
	return found;
}
