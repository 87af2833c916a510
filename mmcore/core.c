/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core.c - lay out, start, look at and end one memory manager.
 *
 * The metadata block holds struct tri_core with its CPUs, then the frame structs, the
 * section table, the pointers to level-2 tables, the per-CPU lists of pfns, the pageblocks'
 * types, the bitmaps, the slots of blocks, the kmalloc caches and, at check level 2, the shadow
 * of the frames' bytes. Whatever else the core needs, it takes from its frames.
 */
#include "core.h"

#define LEVEL1_SPAN (2UL << 20)
#define MAX_PFN	    0xffffffffUL /* what struct frame has room for */

/* The word that describes what is wrong, or NULL. */
static const char *runs_fault(const struct tri_config *config)
{
	unsigned long end = 0;

	if (config->nr_runs < 1 || config->nr_runs > TRI_MAX_RUNS)
		return "the number of runs must be 1 to 1024";
	for (unsigned int i = 0; i < config->nr_runs; i++) {
		const struct tri_run *run = &config->runs[i];

		if (run->first % SECTION_FRAMES)
			return "a run does not start at a multiple of the largest block";
		if (run->count < 1)
			return "a run is empty";
		if (i && run->first < end)
			return "runs overlap or are not sorted";
		if (run->count > MAX_PFN || run->first > MAX_PFN - run->count)
			return "a frame lies above 16 TiB";
		end = run->first + run->count;
	}
	return NULL;
}

static const char *zones_fault(const struct tri_config *config)
{
	const unsigned long *end = config->zone_end;

	if (end[ZONE_DMA] % SECTION_FRAMES || end[ZONE_DMA32] % SECTION_FRAMES)
		return "a zone does not end at a multiple of the largest block";
	if (end[ZONE_DMA32] && end[ZONE_DMA32] < end[ZONE_DMA])
		return "zone DMA32 ends below zone DMA";
	return NULL;
}

static const char *config_fault(const struct tri_config *config)
{
	if (config->cpus < 1 || config->cpus > TRI_MAX_CPUS)
		return "the number of CPUs must be 1 to 64";
	if (!config->window_start || config->window_start % LEVEL1_SPAN ||
	    config->window_end % LEVEL1_SPAN)
		return "the window must start above 0 and be aligned to 2 MiB";
	if (config->window_end < config->window_start ||
	    config->window_end - config->window_start < 2 * LEVEL1_SPAN)
		return "the window must have at least 4 MiB";
	if ((config->window_end - config->window_start) >> TRI_PAGE_SHIFT > AREA_MAX_PAGES)
		return "the window must be smaller than 16 TiB";
	for (int i = 0; i < TRI_QUESTION_COUNT; i++) {
		if (config->policy[i] >= TRI_POLICY_COUNT ||
		    strcmp(tri_policy_info[config->policy[i]].question, tri_question_info[i].name))
			return "a policy is no answer to its question";
	}
	for (int i = 0; i < TRI_TUNABLE_COUNT; i++) {
		if (config->tunable[i] < tri_tunable_info[i].min ||
		    config->tunable[i] > tri_tunable_info[i].max)
			return "a tunable is out of range";
	}
	return zones_fault(config) ?: runs_fault(config);
}

/* Where arrays go that init functions place. */
struct later {
	uint32_t *pcp;
	uintptr_t bitmaps;
};

/* Point the arrays of @core behind it, say where the others go, and return where they end. */
static size_t lay_out(struct tri_core *core, const struct tri_config *config, uintptr_t at,
		      struct later *later)
{
	frame_table_measure(&core->frames, config);
	core->pagetable.nr_level2 = pagetable_nr_level2(config);
	core->cpus = config->cpus;
	memcpy(core->policy, config->policy, sizeof(core->policy));
	memcpy(core->tunable, config->tunable, sizeof(core->tunable));
	ram_measure(&core->ram, config);

	at += sizeof(*core) + config->cpus * sizeof(struct tri_cpu);
	core->areas.nodes = areas_nodes_count(config);
	core->areas.node = (struct area_node *)at;
	at += core->areas.nodes * sizeof(struct area_node);
	core->frames.frame = (struct frame *)at;
	at += core->frames.sections * SECTION_FRAMES * sizeof(struct frame);
	core->pagetable.level2 = (uint64_t **)at;
	at += core->pagetable.nr_level2 * sizeof(uint64_t *);
	core->frames.section = (uintptr_t *)at;
	at += core->frames.slots * sizeof(uintptr_t);
	later->pcp = (uint32_t *)at;
	at += pcp_bytes(config);
	core->zones.pageblock = (uint8_t *)at;
	at += zones_bytes(core);
	later->bitmaps = at = (at + 127) & ~127UL;
	at += pages_bitmap_bytes(config);
	at = (at + SLAB_BOOT_ALIGN - 1) & ~(SLAB_BOOT_ALIGN - 1);
	core->slab.boot = (char *)at;
	at += slab_boot_bytes(core);
	at = (at + 7) & ~7UL;
	core->ram.slot = (struct ram_slot *)at;
	at += core->ram.nr_slots * sizeof(struct ram_slot);
	core->shadow = (uint8_t *)at;
	at += shadow_bytes(core);
	return at;
}

size_t tri_core_size(const struct tri_config *config)
{
	/* On no stack: a kernel's has 16 KiB, and this is more. */
	static struct tri_core measured;
	struct later later;

	if (config_fault(config))
		return 0;
	return (lay_out(&measured, config, 0, &later) + TRI_PAGE_SIZE - 1) & ~(TRI_PAGE_SIZE - 1);
}

/*
 * fls(cpus) x lazy_max_mib, as Linux's lazy_max_pages() in mm/vmalloc.c: room grows with the CPUs
 * that fill it, but slowly, since the pause of a purge grows with it.
 */
static unsigned long lazy_max_default(const struct tri_core *core)
{
	unsigned long fls = 8 * sizeof(core->cpus) - __builtin_clz(core->cpus);

	return fls * (core->tunable[TRI_TUNABLE_lazy_max_mib] << 20 >> TRI_PAGE_SHIFT);
}

int tri_core_init(struct tri_core *core, const struct tri_config *config)
{
	const char *fault = config_fault(config);
	struct later later;

	if (fault) {
		plat_log("tri_core_init: %s", fault);
		return -EINVAL;
	}
	lay_out(core, config, (uintptr_t)core, &later);
	core->window_start = config->window_start;
	core->window_end = config->window_end;
	if (!core->tunable[TRI_TUNABLE_lazy_max_pages])
		core->tunable[TRI_TUNABLE_lazy_max_pages] = lazy_max_default(core);

	cpus_init(core);
	frame_table_init(&core->frames, config);
	pages_bitmap_lay_out(core, config, later.bitmaps);
	zones_init(core, config);
	pcp_init(core, config, later.pcp);
	reclaim_init(core);
	if (pagetable_init(core) || areas_init(core)) {
		plat_log("tri_core_init: %lu frames are too few for the window's tables",
			 core->frames.count);
		return -ENOMEM;
	}
	flush_init(core);
	slab_init(core);
	ram_init(core);
	/* Last: what the core itself needs to start may be all there is. */
	watermarks_init(core);
	return 0;
}

unsigned long tri_core_exit(struct tri_core *core)
{
	unsigned long used;

	ram_exit(core);
	flush_purge(core);
	slab_exit(core);
	pagetable_exit(core);
	pool_exit(core, &core->area_pool);
	pcp_drain_all(core);
	flush_exit(core);
	reclaim_exit(core);
	cpus_exit(core);
	used = core->frames.count - zones_free(core);
	if (used)
		plat_log("tri_core_exit: %lu frames still in use, %lu areas live", used,
			 areas_live(core));
	return used;
}

void tri_status_read(struct tri_core *core, struct tri_status *out)
{
	*out = (struct tri_status){.frames = core->frames.count};
	out->frames_free = zones_free(core) + pcp_frames(core);
	out->areas_live = areas_live(core);
	out->areas_waiting = __atomic_load_n(&core->flush.areas, __ATOMIC_RELAXED);
	out->pages_waiting = __atomic_load_n(&core->flush.pages, __ATOMIC_RELAXED);
	out->tables = __atomic_load_n(&core->pagetable.tables, __ATOMIC_RELAXED);
	out->pool_frames = frame_list_count(&core->area_pool.frames);
}
