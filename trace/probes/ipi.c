/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi.c - interrupts that CPUs send each other, by tracepoints ipi:* and irq_vectors:*; where ipi:*
 * are not yet (before Linux 6.4), by kprobes on what sends.
 *
 * What calls a function on one CPU and on several, what wakes the scheduler, and a CPU's own work
 * for later (irq_work). Handled calls are what the CAL line of /proc/interrupts counts, handled
 * reschedules its RES, irq_work its IWI. Sent by software and handled differ honestly: an interrupt
 * for a CPU that has the same vector pending is merged with it (ipi_merged), and a polling idle CPU
 * is woken without one, which is none. Under a hypervisor the time to entry has in it the wait for
 * the other CPU to be run at all.
 *
 * Of one process alone (--pid) it is what that process' threads sent, also from interrupts that
 * came while they ran, and the handlers of it; not what others sent to it.
 */
#include "ipi.h"
#include "ipi.skel.h"
#include "probe.h"
#include "symbols.h"
#include "tracepoints.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define KPROBES "/sys/bus/event_source/devices/kprobe/type"

static const char *const kinds[IPI_KINDS] = {"call_function", "call_function_single", "reschedule",
					     "irq_work"};

/* Histograms are on each CPU for all pairs of CPUs: bounded, as the square of CPUs is not. */
#define HISTOGRAMS_BYTES (64UL << 20)

static uint32_t room_for_histograms(uint32_t cpus)
{
	const uint64_t wanted = (uint64_t)TRACE_ARMS * IPI_KINDS * cpus * (cpus + 1);
	const uint64_t most = HISTOGRAMS_BYTES / sizeof(struct trace_histogram) / cpus;

	return (uint32_t)(wanted < most ? wanted : most);
}

static void choose_sending(struct ipi *object, bool points)
{
	bpf_program__set_autoload(object->progs.on_send_cpu, points);
	bpf_program__set_autoload(object->progs.on_send_cpumask, points);
	bpf_program__set_autoload(object->progs.on_call_one, !points);
	bpf_program__set_autoload(object->progs.on_call, !points);
	bpf_program__set_autoload(object->progs.on_reschedule, !points);
	bpf_program__set_autoload(object->progs.on_work, !points);
}

static int open_ipi(struct probe_run *run)
{
	const int cpus = libbpf_num_possible_cpus();
	const bool points = tracepoint_known("ipi_send_cpu");
	struct ipi *object;

	if (cpus < 0)
		return cpus;
	if (!points && access(KPROBES, F_OK)) {
		snprintf(run->why, sizeof(run->why),
			 "this kernel has neither tracepoint ipi:ipi_send_cpu (Linux 6.4 has) nor "
			 "kprobes");
		return -ENOENT;
	}
	object = ipi__open();
	if (!object)
		return -errno;
	probe_opened(run, object, points ? "raw_tp" : "raw_tp,kprobe");
	object->rodata->cpus = (uint32_t)cpus;
	choose_sending(object, points);
	return bpf_map__set_max_entries(object->maps.histograms,
					room_for_histograms((uint32_t)cpus))
		       ?: bpf_map__set_max_entries(object->maps.histogram_keys,
						   room_for_histograms((uint32_t)cpus));
}

static void close_ipi(struct probe_run *run)
{
	ipi__destroy(run->object);
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	const bool both =
		sum ? key->what == IPI_SENT || key->what == IPI_MERGED : key->what == IPI_LATENCY;

	(void)run;
	json_object_set_new(to, "kind", json_string(kinds[key->a % IPI_KINDS]));
	if (key->a >= IPI_KINDS)
		return;
	if (both) {
		json_object_set_new(to, "from", json_integer((json_int_t)(key->b >> 32)));
		json_object_set_new(to, "to", json_integer((json_int_t)(uint32_t)key->b));
	} else {
		json_object_set_new(to, "cpu", json_integer((json_int_t)key->b));
	}
}

static void name_event(const struct probe_run *run, const struct trace_event *event, json_t *args)
{
	char name[256];

	json_object_set_new(args, "kind", json_string(kinds[event->arg[0] % IPI_KINDS]));
	json_object_set_new(args, "to", json_integer((json_int_t)event->arg[1]));
	/* Nor is it known by kprobes. */
	if (event->arg[0] != IPI_WORK || !event->arg[2])
		return;
	symbols_name(run->symbols, event->arg[2], name, sizeof(name));
	json_object_set_new(args, "function", json_string(name));
}

const struct probe probe_ipi = {
	.name = "ipi",
	.about = "interrupts between CPUs: from sending to entry, the handler, by pair of CPUs",
	.open = open_ipi,
	.close = close_ipi,
	.histograms = (const struct probe_metric[]){{"latency", "ns", NULL, NULL},
						    {"handler", "ns", NULL, NULL},
						    {0}},
	.sums = (const struct probe_metric[]){{"ipi_sent", "interrupts", NULL, NULL},
					      {"ipi_merged", "interrupts", NULL, NULL},
					      {"ipi_handled", "interrupts", NULL, NULL},
					      {"ipi_sender_unknown", "interrupts", NULL, NULL},
					      {0}},
	.stacks = (const struct probe_metric[]){{"sent", "events", NULL, NULL}, {0}},
	.events = (const char *const[]){"send", NULL},
	.name_key = name_key,
	.name_event = name_event,
};
