/* SPDX-License-Identifier: GPL-2.0-only */
/* everywhere.h - on which targets a workload or parameter is, by what each target says of itself.
 */
#ifndef CLI_EVERYWHERE_H
#define CLI_EVERYWHERE_H

#include <jansson.h>

/*
 * What each target describes, by its name as --target and kernel= have it. A guest that has not
 * been prepared is not there, and a target that can't be asked neither: no line is said of it.
 * json_decref() it.
 */
json_t *everywhere_ask(void);
/* The first of them that has a parameter of that name, whatever the workload; NULL: none. */
const char *everywhere_with_param(const json_t *targets, const char *name);
/* Lines about the workload of that name: where it runs, and why not elsewhere. */
void everywhere_print(const json_t *targets, const char *name);
/* Of those that were not asked, one line on each. */
void everywhere_print_missing(const json_t *targets);

#endif /* CLI_EVERYWHERE_H */
