/* SPDX-License-Identifier: GPL-2.0-only */
/* targets.c - see targets.h. */
#include "targets.h"
#include "cli.h"

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

int targets_of(struct targets *targets, struct spec *spec, const struct target **out)
{
	struct target_choice choice = target_choice_given();
	int code = take_word(spec, "target", &choice);

	if (!code)
		code = take_word(spec, "mode", &choice);
	if (code)
		return code;
	for (unsigned int i = 0; i < targets->n; i++) {
		const struct target_choice *known = &targets->open[i].choice;

		if (known->target == choice.target && known->mode == choice.mode) {
			*out = &targets->open[i].target;
			return 0;
		}
	}
	code = target_open(&targets->open[targets->n].target, choice);
	if (code)
		return code;
	targets->open[targets->n].choice = choice;
	*out = &targets->open[targets->n++].target;
	return 0;
}

void targets_close(struct targets *targets)
{
	while (targets->n)
		target_close(&targets->open[--targets->n].target);
}
