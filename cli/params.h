/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * params.h - what a user asks for, as written: workloads and name=value words, in any
 * order. A value is one value, a list (a,b,c) or a range (1..512: doubling, both ends
 * included). Whether names and values exist is the plan's matter.
 */
#ifndef CLI_PARAMS_H
#define CLI_PARAMS_H

#include "list.h"

/* One name=value word, its values written out. */
struct param {
	char *name;
	struct list values; /* at least one */
	bool range;
};

/* Workloads that share their parameters. */
struct spec {
	struct list workloads;
	struct param *params;
	size_t nr_params;
	/* Words "arm:name=value,name=value": exactly these arms. */
	struct list arms;
};

/* A word of its own, it ends a spec and begins the next. "--" is turned into it. */
#define SPEC_SEPARATOR ","

/* Add one word; 0, or TRIMM_USAGE after one line that names it. */
int spec_add(struct spec *spec, const char *word);
const struct param *spec_param(const struct spec *spec, const char *name);
/* Take out the param of that name, which is there. */
void spec_remove(struct spec *spec, const char *name);
void spec_free(struct spec *spec);

#endif /* CLI_PARAMS_H */
