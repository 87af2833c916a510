/* SPDX-License-Identifier: GPL-2.0-only */
/* stream.c - what streams share: the machine, what comes between operations, the end. */
#include "tests/stream/stream.h"

#include <stdio.h>
#include <string.h>

#include "tests/stream/machine.h"

const struct stream_info stream_info[STREAM_COUNT] = {
#define STREAM(name, questions, about) {#name, questions, about, stream_##name},
#include "tests/stream/streams.def"
};

/* Allocations fail where the core was built to let them. */
#if TRI_CHECK_LEVEL >= 1
#define set_fault tri_fault_set
#else
static void set_fault(struct tri_core *core, unsigned int site, const struct tri_fault *fault)
{
	(void)core, (void)site, (void)fault;
}
#endif
static bool failing;

/* Whoever diverges tells of these. */
static struct tri_config config;
static const struct source *running;
static enum stream running_which;

void stream_diverged(const char *file, int line, const char *condition)
{
	fprintf(stderr, "stream %s, operation %lu: %s:%d: expected %s\n",
		stream_info[running_which].name, running ? running->taken : 0, file, line,
		condition);
	machine_print(&config);
	abort();
}

bool stream_asks(enum stream which, enum tri_question question)
{
	const char *list = stream_info[which].questions;
	char word[64];

	snprintf(word, sizeof(word), " %s ", tri_question_info[question].name);
	return !strcmp(list, "*") || strstr(list, word);
}

static void check(struct tri_core *core)
{
	/* Aloud: a fault's line is worth more than the count of faults. */
	model.quiet = false;
	expect(tri_check(core) == 0);
	model.quiet = true;
	expect(model.faults == 0);
	expect(plat_pin_depth == 0);
}

const struct tri_config *stream_machine(void)
{
	return &config;
}

bool stream_failing(void)
{
	return failing;
}

void stream_fail_nothing(struct tri_core *core)
{
	const struct tri_fault none = {0};

	for (unsigned int site = 0; site < TRI_FAULT_SITES; site++)
		set_fault(core, site, &none);
	model.fail_store = 0;
	failing = false;
}

/* Some of the next few calls at one site, or one of the stores of page-table entries. */
static void fail_something(struct source *source, struct tri_core *core)
{
	unsigned int site = source_below(source, TRI_FAULT_SITES + 1);
	struct tri_fault fault = {
		.after = source_below(source, 8),
		.interval = 1 + source_below(source, 2),
		.times = 1 + source_below(source, 3),
	};

	failing = true;
	if (site < TRI_FAULT_SITES)
		set_fault(core, site, &fault);
	else
		model.fail_store = 1 + fault.after;
}

void stream_between(struct source *source, struct tri_core *core)
{
	/* A walk of everything costs as much as hundreds of operations. */
	const unsigned long between_checks = source->end ? 32 : 1024;

	if (source->taken % between_checks == 0)
		check(core);
	switch (source_below(source, 64)) {
	case 1 ... 8:
		plat_slot = source_below(source, core->cpus);
		break;
	case 9:
		fail_something(source, core);
		break;
	case 10 ... 11:
		stream_fail_nothing(core);
		break;
	}
}

void stream_run(enum stream which, struct source *source, enum tri_policy_value fixed)
{
	struct tri_core *core;

	running = source;
	running_which = which;
	machine_choose(source, fixed, &config);
	core = model_start(&config);
	model.quiet = true;
	failing = false;
	stream_info[which].run(source, core);
	stream_fail_nothing(core);
	check(core);
	model.quiet = false;
	model_stop(core);
	running = NULL;
}
