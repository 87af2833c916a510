/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.c - the rest of host.h inside Linux: what this machine is, and cores.
 *
 * A core's home is what Linux gave it: runs of frames, a window, memory for its metadata. Cores
 * are made and destroyed on slot 0, while no worker runs.
 */
#include "core_calls.h"
#include "host.h"

#include <linux/mm.h>
#include <linux/utsname.h>

#include "clock.h"
#include "memory.h"
#include "params.h"
#include "window.h"
#include "workers.h"

/* More: bookkeeping; less: memory in pieces can't be used together. */
#define HOME_RUNS 256

struct home {
	struct tri_core *core; /* NULL: a free entry */
	const struct core_calls *calls;
	size_t core_bytes;
	unsigned int nr_runs;
	struct tri_run runs[HOME_RUNS];
	uintptr_t window;
	size_t window_bytes;
};
static struct home homes[WINDOWS];

/*
 * Of a counted slice. Emulated, a tick comes every 4,000,000 instructions (HZ=250, an instruction
 * each ns); most operations are of 100 to 40,000, purges of some millions apart.
 */
#define COUNTED_OPS 32

void host_info_read(struct host_info *out)
{
	*out = (struct host_info){
		.target = "linux-module",
		.timebase = clock_timebase(),
		.tick_hz = clock_hz(),
		.memory = params_memory(),
		.cpus = workers_cpus(),
		.kernel_release = init_utsname()->release,
		.modelled = params_counted(),
		.counts_alone = true,
		.modelled_ops = params_counted() ? COUNTED_OPS : 0,
	};
}

static void memory_short(const char *what, size_t bytes)
{
	host_error("no %s of %lu MiB: Linux has %lu MiB to spare, and some of it in pieces; give "
		   "the machine more, or lower memory=",
		   what, bytes >> 20, (unsigned long)si_mem_available() >> (20 - PAGE_SHIFT));
}

/* The pfn that has @frames of @home's frames below it. */
static unsigned long pfn_behind(const struct home *home, unsigned long frames)
{
	unsigned int i = 0;

	while (i + 1 < home->nr_runs && frames > home->runs[i].count)
		frames -= home->runs[i++].count;
	return home->runs[i].first + frames;
}

/* Zones by size, as everywhere: the same words should mean the same work on all targets. */
static void set_zones(struct tri_config *config, const struct home *home)
{
	unsigned long dma = params_dma() >> TRI_PAGE_SHIFT;
	unsigned long dma32 = params_dma32() >> TRI_PAGE_SHIFT;

	if (dma)
		config->zone_end[0] = pfn_behind(home, dma);
	if (dma32)
		config->zone_end[1] = pfn_behind(home, dma + dma32);
}

static int core_make(struct home *home, const struct core_calls *calls, struct tri_config *config)
{
	/* An impossible configuration needs 0 bytes; tri_core_init() says what is wrong. */
	size_t bytes = calls->size(config) ?: TRI_PAGE_SIZE;
	struct tri_core *core = host_scratch_alloc(bytes);
	int error;

	if (!core) {
		memory_short("metadata of a core", bytes);
		return -ENOMEM;
	}
	error = calls->init(core, config);
	if (error == -ENOMEM)
		host_error("memory=%s is too little for window=%s; raise memory=",
			   host_param_get("memory"), host_param_get("window"));
	if (error)
		goto out_free;
	error = window_open(core, home->window, home->window_bytes);
	if (error) {
		memory_short("list of a window's entries", home->window_bytes >> 27);
		goto out_exit;
	}
	home->core = core;
	home->calls = calls;
	home->core_bytes = bytes;
	return 0;

out_exit:
	calls->exit(core);
out_free:
	host_scratch_free(core, bytes);
	return error;
}

struct tri_core *host_core_create(const struct core_calls *calls, struct tri_config *config)
{
	struct home *home = homes;

	while (home < homes + WINDOWS && home->core)
		home++;
	if (home == homes + WINDOWS) {
		host_error("no more than %d cores at once; compare fewer arms", WINDOWS);
		return NULL;
	}
	home->nr_runs = memory_take_runs(params_memory() >> TRI_PAGE_SHIFT, home->runs, HOME_RUNS);
	if (!home->nr_runs) {
		memory_short("frames", params_memory());
		return NULL;
	}
	home->window_bytes = params_window();
	home->window = window_reserve(home->window_bytes);
	if (!home->window)
		goto out_runs;
	config->window_start = home->window;
	config->window_end = home->window + home->window_bytes;
	config->runs = home->runs;
	config->nr_runs = home->nr_runs;
	set_zones(config, home);
	if (core_make(home, calls, config))
		goto out_window;
	return home->core;

out_window:
	window_release(home->window, home->window_bytes);
out_runs:
	memory_return_runs(home->runs, home->nr_runs);
	return NULL;
}

unsigned long host_core_destroy(struct tri_core *core)
{
	struct home *home = homes;
	unsigned long lost;

	while (home->core != core)
		home++;
	window_close(home->window, home->window_bytes);
	lost = home->calls->exit(core);
	host_scratch_free(core, home->core_bytes);
	window_release(home->window, home->window_bytes);
	memory_return_runs(home->runs, home->nr_runs);
	home->core = NULL;
	return lost;
}
