/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stalls.c - intervals in which a thread that could run did not, and the cause: of one process,
 *that of --pid, else the case's, else the command's; of a case of the module, of the kernel's
 *threads that the module has made for it.
 *
 *	preempted	off the CPU though it could run, and who came instead: who came first, more
 *			may have run before it was back
 *	yielded		the same, by its own wish: sched_yield(2)
 *	blocked		it slept, until it was woken: no stall, but not running
 *	waiting		from being woken to running; who ran before it
 *	vector		in an interrupt's handler while it was on the CPU: timer, call, reschedule
 *	irq, softirq	the same, of a device; of what interrupts leave for later
 *
 * An interrupt within a softirq is told as its own, not the softirq's. What entering and leaving an
 * interrupt costs outside of its handler, and vectors without a tracepoint, are not seen. What a
 * hypervisor takes is in whatever it was taken from, if in anything: kernels that don't list their
 * data's symbols (CONFIG_KALLSYMS_ALL) give programs no way to the steal clock.
 */
#include "stalls.h"
#include "probe.h"
#include "stalls.skel.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const causes[STALLS_CAUSES] = {"preempted", "blocked", "waiting", "vector",
						  "irq",       "softirq", "yielded"};
static const char *const vectors[STALLS_VECTORS] = {"local_timer", "reschedule", "call_function",
						    "call_function_single", "irq_work"};
/* enum of include/linux/interrupt.h, the same since 4.1. */
static const char *const softirqs[] = {"hi",	   "timer",   "net_tx", "net_rx",  "block",
				       "irq_poll", "tasklet", "sched",	"hrtimer", "rcu"};

static int read_words(struct probe_run *run, struct stalls *object)
{
	const char *text = probe_word(run->options, "stalls", "longer");
	char *end;

	if (!text)
		return 0;
	errno = 0;
	object->rodata->event_ns = strtoull(text, &end, 10);
	if (!errno && end != text && !*end && *text != '-')
		return 0;
	snprintf(run->why, sizeof(run->why),
		 "--set=stalls.longer=%s: ns are needed; stalls as long are single events", text);
	return -EINVAL;
}

static int open_stalls(struct probe_run *run)
{
	struct stalls *object;

	if (!run->options->of_one && !run->options->of_module) {
		snprintf(run->why, sizeof(run->why),
			 "stalls watches one process: give a command or --pid");
		return -EINVAL;
	}
	object = stalls__open();
	if (!object)
		return -errno;
	object->rodata->with_events = run->options->events;
	object->rodata->of_module = run->options->of_module;
	run->object = object;
	run->skeleton = object->skeleton;
	run->how = "tp_btf";
	return read_words(run, object);
}

static void close_stalls(struct probe_run *run)
{
	stalls__destroy(run->object);
}

static void name_cause(uint32_t cause, uint64_t a, uint64_t b, json_t *to)
{
	const uint64_t bytes[2] = {a, b};
	char name[sizeof(bytes) + 1] = "";

	json_object_set_new(to, "cause", json_string(causes[cause % STALLS_CAUSES]));
	switch (cause) {
	case STALLS_VECTOR:
		json_object_set_new(to, "by", json_string(vectors[a % STALLS_VECTORS]));
		break;
	case STALLS_SOFTIRQ:
		if (a < sizeof(softirqs) / sizeof(*softirqs))
			json_object_set_new(to, "by", json_string(softirqs[a]));
		break;
	case STALLS_BLOCKED:
		break;
	default:
		memcpy(name, bytes, sizeof(bytes));
		/* A thread may call itself anything; records are UTF-8. */
		for (char *at = name; *at; at++)
			if (*at & 0x80)
				*at = '?';
		json_object_set_new(to, "by", json_string(name));
	}
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	(void)run;
	(void)sum;
	name_cause(key->what, key->a, key->b, to);
}

static void name_event(const struct probe_run *run, const struct trace_event *event, json_t *args)
{
	(void)run;
	name_cause(event->what, event->arg[0], event->arg[1], args);
}

/* clang-format off */
#define STALL {"stall", "ns", NULL, NULL}
/* clang-format on */

const struct probe probe_stalls = {
	.name = "stalls",
	.about = "when a process' threads did not run, and why: who came instead, interrupts",
	.open = open_stalls,
	.close = close_stalls,
	.histograms =
		(const struct probe_metric[]){STALL, STALL, STALL, STALL, STALL, STALL, STALL, {0}},
	.events = (const char *const[]){"stall", "stall", "stall", "stall", "stall", "stall",
					"stall", NULL},
	.name_key = name_key,
	.name_event = name_event,
};
