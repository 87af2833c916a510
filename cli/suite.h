/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * suite.h - a suite: what is measured together, in a file anyone can read and write.
 *
 *	# Comments reach to the end of a line; the first line of the file says what it is for.
 *	all: blocks=5 cpus=2
 *	unmap-storm flush=eager,lazy nr_pages=1..512
 *	* !null target=qemu
 *		mode=exact exact_ops=64
 *	include smoke
 *
 * A line is a group of words as `trimm run` takes them, target= and mode= among them; it goes on in
 * lines that begin with a blank, or behind a last backslash. "all:" says words of all lines below
 * it, up to the next "all:", as far as they do not say otherwise. "include" takes in the lines of
 * another suite, by its name or by its path from here.
 */
#ifndef CLI_SUITE_H
#define CLI_SUITE_H

#include "params.h"

struct suite_line {
	struct list words;
	char *where; /* FILE:LINE */
};

struct suite {
	char *about; /* the first comment, without its #; or NULL */
	struct suite_line *lines;
	size_t nr_lines;
};

/*
 * A suite by its path, which has a / or ends in .suite, or by its name, as suite_names() has it. 0
 * or an exit code after one line, with where in the file; to be freed in any case.
 */
int suite_read(struct suite *suite, const char *name);
void suite_free(struct suite *suite);
/* The group of a line, where words of @over come before its own of the same names. As above. */
int suite_spec(const struct suite_line *line, const struct spec *over, struct spec *spec);

/* Those that come with trimm, sorted; list_free() it. */
struct list suite_names(void);

#endif /* CLI_SUITE_H */
