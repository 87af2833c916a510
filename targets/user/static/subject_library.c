/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * subject_library.c - in place of ../subject_library.c where the program is static: the
 * allocators that come as a library are known by name, and cannot be loaded.
 */
#include "subjects.h"

static const char *obstacle(const struct subject *subject)
{
	(void)subject;
	return "a static program loads no libraries; leave --mode exact out";
}

/* They offer what they offer; that it cannot be had is the obstacle's to say. */
static const struct subject_api offered;

#define LIBRARY(symbol, soname, deb, text)                                         \
	const struct subject subject_##symbol = {                                  \
		.name = #symbol,                                                   \
		.about = (text),                                                   \
		.has_memory = true,                                                \
		.api = {[SUBJECT_KMALLOC] = &offered, [SUBJECT_PAGES] = &offered}, \
		.obstacle = obstacle,                                              \
	};
#include "libraries.def"
#undef LIBRARY

void libraries_make_room(int argc, char **argv)
{
	(void)argc;
	(void)argv;
}
