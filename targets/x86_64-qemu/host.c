/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.c - the rest of host.h on the bare machine: what it is, cores, scratch memory.
 *
 * A core's home is what the machine gave it: runs of frames, a window, memory for its
 * metadata. Cores are made and destroyed on slot 0, while no worker runs.
 */
#include "core_calls.h"
#include "host.h"

#include "channel.h"
#include "cpu.h"
#include "machine.h"
#include "memory.h"
#include "params.h"
#include "point_rings.h"
#include "window.h"

/* More: bookkeeping; less: frames that earlier cores left in pieces can't be used together. */
#define HOME_RUNS 64

struct home {
	struct tri_core *core; /* NULL: a free entry */
	const struct core_calls *calls;
	size_t core_bytes;
	unsigned int nr_runs;
	struct tri_run runs[HOME_RUNS];
	uintptr_t window_start, window_end;
};
static struct home homes[WINDOWS];

static const char *timebase(const struct channel *channel)
{
	if (channel && channel->real_time)
		return "tsc-hw";
	return channel && channel->icount ? "icount" : "tsc-tcg";
}

void host_info_read(struct host_info *out)
{
	const struct channel *channel = machine_channel();

	*out = (struct host_info){
		.target = "x86_64-qemu",
		.timebase = timebase(channel),
		.tick_hz = machine_tick_hz(),
		.memory = params_memory(),
		.cpus = cpu_count(),
		.in_step = channel && channel->icount,
		.modelled = channel && channel->modelled,
		.models_tlb = channel && channel->modelled,
	};
}

/* The launcher has put it into RAM, behind the log. */
int host_trace_open(uint64_t *bytes)
{
	const struct channel *channel = machine_channel();

	*bytes = channel ? channel->trace_bytes : 0;
	if (*bytes)
		return 0;
	if (!*host_param_get("trace"))
		return -ENOENT;
	host_error("trace=%s: a kernel started by hand can't be given one",
		   host_param_get("trace"));
	return -EINVAL;
}

bool host_trace_read(uint64_t offset, void *to, size_t bytes)
{
	const char *trace = memory_ptr(CHANNEL_LOG + machine_channel()->log_bytes);

	memcpy(to, trace + offset, bytes);
	return true;
}

void *host_scratch_alloc(size_t bytes)
{
	return memory_alloc(bytes);
}

void host_scratch_free(void *scratch, size_t bytes)
{
	if (scratch)
		memory_free(scratch, bytes);
}

static void memory_short(const char *what, size_t bytes)
{
	host_error("no %s of %lu MiB: %lu of the machine's %lu MiB are free; raise ram= or lower "
		   "memory=",
		   what, bytes >> 20, memory_available() >> 20, memory_total() >> 20);
}

/* The pfn that has @frames of @home's frames below it. */
static unsigned long pfn_behind(const struct home *home, unsigned long frames)
{
	unsigned int i = 0;

	while (i + 1 < home->nr_runs && frames > home->runs[i].count)
		frames -= home->runs[i++].count;
	return home->runs[i].first + frames;
}

/*
 * Zones by size, as everywhere, not by what devices could reach: none is here, and the same
 * words should mean the same work on all targets.
 */
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
	struct tri_core *core = memory_alloc(bytes);
	int error;

	if (!core) {
		memory_short("metadata of a core", bytes);
		return -ENOMEM;
	}
	error = calls->init(core, config);
	if (error == -ENOMEM)
		host_error("memory=%s is too little for window=%s; raise memory=",
			   host_param_get("memory"), host_param_get("window"));
	if (error) {
		memory_free(core, bytes);
		return error;
	}
	window_open(core, home->window_start, home->window_end);
	home->core = core;
	home->calls = calls;
	home->core_bytes = bytes;
	return 0;
}

struct tri_core *host_core_create(const struct core_calls *calls, struct tri_config *config)
{
	struct home *home = homes;

	if (points_open())
		return NULL;
	while (home < homes + WINDOWS && home->core)
		home++;
	if (home == homes + WINDOWS) {
		host_error("no more than %d cores at once; compare fewer arms", (int)WINDOWS);
		return NULL;
	}
	home->nr_runs = memory_take_runs(params_memory() >> TRI_PAGE_SHIFT, home->runs, HOME_RUNS);
	if (!home->nr_runs) {
		memory_short("frames", params_memory());
		return NULL;
	}
	home->window_start = window_start((unsigned int)(home - homes));
	home->window_end = home->window_start + params_window();
	config->window_start = home->window_start;
	config->window_end = home->window_end;
	config->runs = home->runs;
	config->nr_runs = home->nr_runs;
	set_zones(config, home);
	if (!core_make(home, calls, config))
		return home->core;
	memory_return_runs(home->runs, home->nr_runs);
	return NULL;
}

unsigned long host_core_destroy(struct tri_core *core)
{
	struct home *home = homes;
	unsigned long lost;

	while (home->core != core)
		home++;
	window_close(home->window_start, home->window_end);
	lost = home->calls->exit(core);
	memory_free(core, home->core_bytes);
	memory_return_runs(home->runs, home->nr_runs);
	home->core = NULL;
	return lost;
}
