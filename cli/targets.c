/* SPDX-License-Identifier: GPL-2.0-only */
/* targets.c - see targets.h. */
#include "targets.h"
#include "cli.h"

#include <stdlib.h>

/* One by one, for plans point to them. */
struct opened_target {
	struct opened_target *next;
	struct target_choice choice;
	struct target target;
};

static int take_word(struct spec *spec, const char *name, struct target_choice *choice)
{
	const struct param *param = spec_param(spec, name);
	int code;

	if (!param)
		return 0;
	if (param->values.n > 1) {
		cli_error("%s=: one for a group; `--` begins the next group", name);
		return TRIMM_USAGE;
	}
	code = target_choice_set(choice, name, param->values.item[0]);
	spec_remove(spec, name);
	return code;
}

static int open_one(struct targets *targets, struct target_choice choice, const struct target **out)
{
	struct opened_target *opened;
	int code;

	for (opened = targets->first; opened; opened = opened->next) {
		if (target_choice_equal(opened->choice, choice)) {
			*out = &opened->target;
			return 0;
		}
	}
	opened = cli_alloc(NULL, sizeof(*opened));
	code = target_open(&opened->target, choice);
	if (code) {
		free(opened);
		return code;
	}
	opened->choice = choice;
	/* What was asked for ends with its spec; what is in use does not. */
	opened->choice.kernel = opened->target.kernel;
	opened->next = targets->first;
	targets->first = opened;
	*out = &opened->target;
	return 0;
}

/* The kernels that the spec names, of a target that takes some; kernels.n may be 0. */
static int read_choice(struct spec *spec, struct target_choice *choice, struct list *kernels)
{
	const struct param *param;
	int code;

	*choice = target_choice_given();
	code = take_word(spec, "target", choice);
	if (!code)
		code = take_word(spec, "mode", choice);
	param = spec_param(spec, "kernel");
	if (code || !param || !(choice->on_host || target_choice_kernel(*choice)))
		return code;
	for (size_t i = 0; i < param->values.n; i++)
		list_add(kernels, "%s", param->values.item[i]);
	spec_remove(spec, "kernel");
	return 0;
}

static int plan_on(struct targets *targets, struct target_choice choice, const struct spec *spec,
		   struct plan *plan)
{
	const struct target *target;
	int code = open_one(targets, choice, &target);

	return code ? code : plan_draft(plan, target, spec);
}

/* Each kernel is a guest of its own, with what it offers of its own. */
int targets_plan(struct targets *targets, struct spec *spec, struct plan *plan)
{
	struct list kernels = {NULL, 0};
	struct target_choice choice;
	int code = read_choice(spec, &choice, &kernels);

	if (!code && !kernels.n)
		code = plan_on(targets, choice, spec, plan);
	for (size_t i = 0; i < kernels.n && !code; i++) {
		choice.kernel = kernels.item[i];
		code = plan_on(targets, choice, spec, plan);
	}
	if (kernels.n > 1)
		plan_factor(plan, "kernel");
	list_free(&kernels);
	return code;
}

int targets_of(struct targets *targets, struct spec *spec, const struct target **out)
{
	struct list kernels = {NULL, 0};
	struct target_choice choice;
	int code = read_choice(spec, &choice, &kernels);

	if (!code && kernels.n > 1) {
		cli_error("kernel=: one at a time");
		code = TRIMM_USAGE;
	}
	choice.kernel = kernels.n ? kernels.item[0] : NULL;
	if (!code)
		code = open_one(targets, choice, out);
	list_free(&kernels);
	return code;
}

void targets_close(struct targets *targets)
{
	while (targets->first) {
		struct opened_target *opened = targets->first;

		targets->first = opened->next;
		target_close(&opened->target);
		free(opened);
	}
}
