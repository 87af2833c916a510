/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * funclat.c - how long functions take: of the kernel and its modules by fentry and fexit, or where
 * those can't be had (no BTF, as of 6.1's modules) by kprobe and kretprobe; of programs, core's in
 * trimm-user among them, by uprobe and uretprobe.
 *
 *	funclat.function=NAME[,NAME...]	which; PATH:NAME is a program's
 *	funclat.how=fentry|kprobe	not the other, of the kernel's
 *
 * A call is counted once it has ended, for the arm that was at work as it began. "events" less
 * those that are accounted for otherwise are calls that went on as the probes came out. Of a call
 * whose end the kernel did not show (more than ten at once, of a kretprobe) that is found out when
 * the next call has its place on the stack: then it is missed.
 */
#include "funclat.h"
#include "functions.h"
#include "probe.h"
#include "funclat.skel.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KPROBES	   "/sys/bus/event_source/devices/kprobe/type"
#define UPROBES	   "/sys/bus/event_source/devices/uprobe/type"
#define NAMES_ROOM 4096

struct function {
	char *text;	  /* as it was asked for */
	const char *path; /* of a program's file; NULL: it is the kernel's */
	const char *name;
	struct bpf_link *enter, *leave; /* but fentry's, which are the skeleton's */
};

struct state {
	struct funclat *skeleton;
	struct function function[FUNCLAT_FUNCTIONS];
	unsigned int count, of_kernel;
	bool fentry;
	char how[32];
};

static int refuse(struct probe_run *run, const char *why)
{
	snprintf(run->why, sizeof(run->why), "%s", why);
	return -EINVAL;
}

/* --- Which --- */

static int add(struct probe_run *run, struct state *state, const char *text)
{
	struct function *function = &state->function[state->count];
	char *colon;

	if (state->count == FUNCLAT_FUNCTIONS) {
		snprintf(run->why, sizeof(run->why), "funclat.function: at most %d functions",
			 FUNCLAT_FUNCTIONS);
		return -EINVAL;
	}
	function->text = strdup(text);
	if (!function->text)
		return -ENOMEM;
	state->count++;
	function->name = function->text;
	colon = strchr(function->text, '/') ? strrchr(function->text, ':') : NULL;
	if (colon) {
		/* The text is what people know it by; name and path are parts of a copy. */
		function->path = strndup(text, (size_t)(colon - function->text));
		function->name = colon + 1;
	} else if (strchr(text, '/')) {
		return refuse(run, "funclat.function: a program's function is PATH:NAME");
	}
	state->of_kernel += !function->path;
	return function_find(run->symbols, function->path, function->name, run->why,
			     sizeof(run->why));
}

static int read_names(struct probe_run *run, struct state *state)
{
	const char *names = probe_word(run->options, "funclat", "function");
	char *copy = names ? strdup(names) : NULL, *save = NULL;
	int error = 0;

	if (names && !copy)
		return -ENOMEM;
	for (char *name = copy ? strtok_r(copy, ",", &save) : NULL; name && !error;
	     name = strtok_r(NULL, ",", &save))
		error = add(run, state, name);
	free(copy);
	if (!error && !state->count)
		return refuse(run, "probe funclat: --set=funclat.function=NAME[,NAME...] says "
				   "which; PATH:NAME is a program's");
	return error;
}

/* --- By what --- */

static struct bpf_program *program(const struct funclat *skeleton, const char *verb, unsigned int n)
{
	char name[32];

	snprintf(name, sizeof(name), "%s_%u", verb, n);
	return bpf_object__find_program_by_name(skeleton->obj, name);
}

/* Of programs that have one function each, as many are loaded as are needed. */
static int choose_programs(const struct state *state, const struct funclat *skeleton, bool fentry)
{
	int error = 0;

	for (unsigned int i = 0; i < FUNCLAT_FUNCTIONS && !error; i++) {
		const struct function *function = &state->function[i];
		const bool in = fentry && i < state->count && !function->path;
		struct bpf_program *enter = program(skeleton, "enter", i);
		struct bpf_program *leave = program(skeleton, "leave", i);

		bpf_program__set_autoload(enter, in);
		bpf_program__set_autoload(leave, in);
		if (in)
			error = bpf_program__set_attach_target(enter, 0, function->name)
					?: bpf_program__set_attach_target(leave, 0, function->name);
	}
	return error;
}

/* Can all of them be had by fentry? The kernel tells only who tries. */
static int try_fentry(const struct state *state)
{
	struct funclat *trial = funclat__open();
	int error;

	if (!trial)
		return -errno;
	bpf_map__set_max_entries(trial->maps.histograms, 1);
	error = choose_programs(state, trial, true) ?: funclat__load(trial) ?: funclat__attach(trial);
	funclat__destroy(trial);
	return error;
}

static int choose_how(struct probe_run *run, struct state *state)
{
	const char *how = probe_word(run->options, "funclat", "how") ?: "";
	const bool only_fentry = !strcmp(how, "fentry"), only_kprobe = !strcmp(how, "kprobe");
	int error = -EOPNOTSUPP;

	if (*how && !only_fentry && !only_kprobe)
		return refuse(run, "funclat.how: fentry or kprobe");
	if (state->of_kernel < state->count && access(UPROBES, F_OK)) {
		snprintf(run->why, sizeof(run->why),
			 "this kernel has no uprobes (CONFIG_UPROBE_EVENTS): no function of a "
			 "program can be timed");
		return -EOPNOTSUPP;
	}
	if (state->of_kernel && !only_kprobe) {
		error = try_fentry(state);
		state->fentry = !error;
	}
	if (state->of_kernel && error && (only_fentry || access(KPROBES, F_OK))) {
		snprintf(run->why, sizeof(run->why), "%s%s%s%s: of programs (PATH:NAME) they can",
			 only_fentry ? "" : "this kernel has no kprobes (CONFIG_KPROBES)",
			 only_fentry || only_kprobe ? "" : ", and ",
			 only_kprobe ? "" : "fentry can't be had: ",
			 only_kprobe ? "" : strerror(-error));
		return -EOPNOTSUPP;
	}
	snprintf(state->how, sizeof(state->how), "%s%s%s",
		 !state->of_kernel ? ""
		 : state->fentry   ? "fentry"
				   : "kprobe",
		 state->of_kernel && state->of_kernel < state->count ? "," : "",
		 state->of_kernel < state->count ? "uprobe" : "");
	return 0;
}

static void close_state(struct state *state)
{
	for (unsigned int i = 0; i < state->count; i++) {
		free(state->function[i].text);
		free((char *)state->function[i].path);
	}
	funclat__destroy(state->skeleton);
	free(state);
}

static int open_skeleton(struct probe_run *run, struct state *state)
{
	state->skeleton = funclat__open();
	if (!state->skeleton)
		return -errno;
	state->skeleton->rodata->with_stacks = run->options->stacks;
	state->skeleton->rodata->with_events = run->options->events;
	run->object = state;
	run->skeleton = state->skeleton->skeleton;
	run->how = state->how;
	return choose_programs(state, state->skeleton, state->fentry);
}

static int open_funclat(struct probe_run *run)
{
	struct state *state = calloc(1, sizeof(*state));
	int error;

	if (!state)
		return -ENOMEM;
	error = read_names(run, state) ?: choose_how(run, state) ?: open_skeleton(run, state);
	if (error) {
		close_state(state);
		run->object = NULL;
	}
	return error;
}

static void close_funclat(struct probe_run *run)
{
	close_state(run->object);
}

/* --- In and out --- */

static struct bpf_link *attach_one(const struct state *state, const struct function *function,
				   bool leave)
{
	const struct funclat *skeleton = state->skeleton;
	const uint64_t number = (uint64_t)(function - state->function);
	LIBBPF_OPTS(bpf_uprobe_opts, of_user, .retprobe = leave, .bpf_cookie = number,
		    .func_name = function->name);
	LIBBPF_OPTS(bpf_kprobe_opts, of_kernel, .retprobe = leave, .bpf_cookie = number);

	if (function->path)
		return bpf_program__attach_uprobe_opts(leave ? skeleton->progs.leave_user
							     : skeleton->progs.enter_user,
						       -1, function->path, 0, &of_user);
	return bpf_program__attach_kprobe_opts(leave ? skeleton->progs.leave_kernel
						     : skeleton->progs.enter_kernel,
					       function->name, &of_kernel);
}

/* What went on as the probes came out has no end that we would see. */
static void forget_calls(const struct state *state)
{
	const int map = bpf_map__fd(state->skeleton->maps.calls);
	struct funclat_call call;

	while (!bpf_map_get_next_key(map, NULL, &call) && !bpf_map_delete_elem(map, &call))
		;
}

static int attach_funclat(struct probe_run *run)
{
	struct state *state = run->object;

	forget_calls(state);
	for (unsigned int i = 0; i < state->count; i++) {
		struct function *function = &state->function[i];

		if (!function->path && state->fentry)
			continue;
		/* The end first: no call is to be seen half. */
		function->leave = attach_one(state, function, true);
		if (function->leave)
			function->enter = attach_one(state, function, false);
		if (function->enter)
			continue;
		snprintf(run->why, sizeof(run->why), "%s: %s", function->text,
			 function->path || errno == EPERM || errno == EACCES
				 ? strerror(errno)
				 : "the kernel lets no probe into it (notrace, or in "
				   "kprobes/blacklist of debugfs)");
		return -errno;
	}
	return 0;
}

static void detach_funclat(struct probe_run *run)
{
	struct state *state = run->object;

	for (unsigned int i = 0; i < state->count; i++) {
		bpf_link__destroy(state->function[i].enter);
		bpf_link__destroy(state->function[i].leave);
		state->function[i].enter = state->function[i].leave = NULL;
	}
}

/* --- What was seen --- */

static void name_function(const struct probe_run *run, uint64_t number, json_t *to)
{
	const struct state *state = run->object;

	if (number < state->count)
		json_object_set_new(to, "function", json_string(state->function[number].text));
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	(void)sum;
	name_function(run, key->a, to);
}

static void name_event(const struct probe_run *run, const struct trace_event *event, json_t *args)
{
	name_function(run, event->arg[0], args);
}

const struct probe probe_funclat = {
	.name = "funclat",
	.about = "how long functions take, of the kernel, modules or programs",
	.open = open_funclat,
	.close = close_funclat,
	.attach = attach_funclat,
	.detach = detach_funclat,
	.histograms = (const struct probe_metric[]){{"latency", "ns", NULL, NULL}, {0}},
	.stacks = (const struct probe_metric[]){{"calls", "calls", NULL, NULL}, {0}},
	.events = (const char *const[]){"call", NULL},
	.name_key = name_key,
	.name_event = name_event,
};
