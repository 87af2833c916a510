/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.c - the rest of host.h in user space: what this machine is, cores, scratch memory.
 *
 * A core's home is what the host gave it: frames of the arena, a window, memory for its
 * metadata. Cores are made and destroyed on slot 0, while no worker runs.
 */
#include "core_calls.h"
#include "host.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "clock.h"
#include "fault.h"
#include "limits.h"
#include "model.h"
#include "params.h"
#include "questions.h"
#include "window.h"
#include "workers.h"

/* As many as there can be windows. */
#define HOMES_MAX 64

struct home {
	struct tri_core *core; /* NULL: a free entry */
	const struct core_calls *calls;
	size_t core_bytes;
	struct tri_run run;
	struct window *window;
};
static struct home homes[HOMES_MAX];

/*
 * Under an emulator with a plugin time is the host's, and of the plugin: nothing is timed, and a
 * rate measured anew would make the records of equal runs differ.
 */
#define UNTIMED_HZ 1000000000

void host_info_read(struct host_info *out)
{
	*out = (struct host_info){
		.target = "user",
		.timebase = model_watches() ? "none" : clock_timebase(),
		.tick_hz = model_watches() ? UNTIMED_HZ : clock_hz(),
		.memory = params_memory(),
		.cpus = workers_cpus(),
		.modelled = model_watches(),
		.models_tlb = model_watches(),
	};
}

/* Populated, so that its first use is not timed as page faults. */
static void *scratch_at(void *place, size_t bytes)
{
	void *scratch = mmap(place, bytes, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return scratch == MAP_FAILED ? NULL : scratch;
}

const char *host_question(void)
{
	return questions_asked();
}

void host_answer(const char *piece, size_t length)
{
	questions_answer(piece, length);
}

void *host_scratch_alloc(size_t bytes)
{
	return scratch_at(model_scratch_place(bytes), bytes);
}

void host_scratch_free(void *scratch, size_t bytes)
{
	if (scratch)
		munmap(scratch, bytes);
}

static struct home *home_of(const struct tri_core *core)
{
	for (unsigned int i = 0; i < HOMES_MAX; i++)
		if (homes[i].core == core)
			return &homes[i];
	return NULL;
}

/* Frames are touched one by one: better to refuse now than to be killed in the middle. */
static int check_memory(size_t bytes)
{
	size_t machine = (size_t)sysconf(_SC_PHYS_PAGES) * TRI_PAGE_SIZE;

	if (bytes <= machine)
		return 0;
	host_error("memory=%s is more than this machine's %lu MiB; lower memory=",
		   host_param_get("memory"), (unsigned long)machine >> 20);
	return -ENOMEM;
}

static int core_make(struct home *home, const struct core_calls *calls, struct tri_config *config)
{
	/* An impossible configuration needs 0 bytes; tri_core_init() says what is wrong. */
	size_t bytes = calls->size(config) ?: TRI_PAGE_SIZE;
	struct tri_core *core = scratch_at(model_place(bytes, MODEL_COLOUR_CORE), bytes);
	int error;

	if (!core) {
		limits_explain("metadata of a core", bytes, errno, "memory=");
		return -ENOMEM;
	}
	error = calls->init(core, config);
	if (error) {
		if (error == -ENOMEM)
			host_error("memory=%s is too little for window=%s; raise memory=",
				   host_param_get("memory"), host_param_get("window"));
		host_scratch_free(core, bytes);
		return error;
	}
	home->core = core;
	home->calls = calls;
	home->core_bytes = bytes;
	return 0;
}

/* A core's frames may begin anywhere in the arena: its zones begin with them. */
static void set_zones(struct tri_config *config, const struct tri_run *run)
{
	unsigned long dma_end = run->first + (params_dma() >> TRI_PAGE_SHIFT);

	if (params_dma())
		config->zone_end[0] = dma_end;
	if (params_dma32())
		config->zone_end[1] = dma_end + (params_dma32() >> TRI_PAGE_SHIFT);
}

static bool any_core(void)
{
	for (unsigned int i = 0; i < HOMES_MAX; i++)
		if (homes[i].core)
			return true;
	return false;
}

struct tri_core *host_core_create(const struct core_calls *calls, struct tri_config *config)
{
	struct home *home = home_of(NULL);

	if (!home) {
		host_error("no more than %d cores at once; compare fewer arms", HOMES_MAX);
		return NULL;
	}
	if (!any_core())
		model_places_reset();
	fault_catch();
	fault_use_stack();
	if (check_memory(params_memory()) ||
	    arena_take(params_memory() >> TRI_PAGE_SHIFT, &home->run))
		return NULL;
	home->window = window_create(params_window(), params_host_exact());
	if (!home->window)
		goto out_return;
	config->window_start = home->window->start;
	config->window_end = home->window->end;
	config->runs = &home->run;
	config->nr_runs = 1;
	set_zones(config, &home->run);
	if (core_make(home, calls, config))
		goto out_window;
	return home->core;

out_window:
	window_destroy(home->window);
out_return:
	arena_return(&home->run);
	return NULL;
}

unsigned long host_core_destroy(struct tri_core *core)
{
	struct home *home = home_of(core);
	unsigned long lost = home->calls->exit(core);

	host_scratch_free(core, home->core_bytes);
	window_destroy(home->window);
	arena_return(&home->run);
	*home = (struct home){0};
	return lost;
}
