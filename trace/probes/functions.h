/* SPDX-License-Identifier: GPL-2.0-only */
/* functions.h - is there a function of that name, and if not, which did they mean? */
#ifndef TRACE_PROBES_FUNCTIONS_H
#define TRACE_PROBES_FUNCTIONS_H

#include "symbols.h"

/*
 * Look for @name among the kernel's functions, its modules' too; or, with a @path, among that ELF
 * file's. 0; -ENOENT, or another negative errno if the file can't be read, with a line in @why:
 * what is wrong, and names like it.
 */
int function_find(struct symbols *symbols, const char *path, const char *name, char *why,
		  size_t size);

#endif /* TRACE_PROBES_FUNCTIONS_H */
