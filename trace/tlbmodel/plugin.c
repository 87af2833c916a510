/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plugin.c - where QEMU starts us. The whole: instrument.c sees instructions and accesses,
 * watch.c knows whether they count, model.c what they miss, row_file.c hands on the sums.
 */
#include "guest.h"
#include "instrument.h"
#include "model_text.h"
#include "options.h"
#include "row_file.h"
#include "say.h"
#include "trace.h"
#include "watch.h"

#include <string.h>

static const char no_model[] = "no TLB: nothing tells what Linux flushes";

int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static void on_exit_of_qemu(qemu_plugin_id_t id, void *unused)
{
	(void)id;
	(void)unused;
	trace_flush();
}

static enum guest_kind kind_of(bool system, const struct options *options)
{
	if (!system)
		return GUEST_USER;
	return options->guest ? GUEST_LINUX : GUEST_SYSTEM;
}

/* What only a model knows, or a target's own flushes tell. */
static uint64_t absent(enum guest_kind kind)
{
	static const unsigned int modelled[] = {
		ROW_flush_ranges,
		ROW_dtlb_misses,
		ROW_stlb_misses,
		ROW_walk_steps,
		ROW_tlb_dropped,
		ROW_COUNTERS + ROW_COST_MISSES,
		ROW_COUNTERS + ROW_COST_STEPS,
	};
	uint64_t bits = 0;

	for (unsigned int i = 0; i < sizeof(modelled) / sizeof(modelled[0]); i++)
		bits |= 1UL << modelled[i];
	return kind == GUEST_LINUX ? bits : 0;
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	bool system = info->system_emulation;
	unsigned int cpus = system ? (unsigned int)info->system.max_vcpus : 1;
	struct rows *rows;
	char words[sizeof(rows->model)];
	struct options options;
	enum guest_kind kind;

	if (strcmp(info->target_name, "x86_64")) {
		say("the guest is %s: only x86_64 can be watched", info->target_name);
		return -1;
	}
	if (cpus > MAILBOXES) {
		say("%u CPUs: at most %u can be watched", cpus, MAILBOXES);
		return -1;
	}
	if (options_parse(&options, system, argc, argv))
		return -1;
	kind = kind_of(system, &options);
	if (kind == GUEST_LINUX && cpus > 1) {
		say("guest=linux: one CPU is counted, not %u", cpus);
		return -1;
	}
	model_words(&options.shape, words, sizeof(words));
	if ((kind != GUEST_LINUX && guest_open(&options, system)) ||
	    row_file_open(options.rows, kind == GUEST_LINUX ? no_model : words, absent(kind)) ||
	    trace_open(options.trace) || watch_open(&options.shape, cpus))
		return -1;
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	instrument_start(id, kind, cpus);
	return 0;
}
