/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_slub.c - slab=slub: every slab is a CPU's, on one list, or full; its list of free
 * objects and its counters agree.
 */
#include "check.h"
#include "slab_debug.h"
#include "slab_slub.h"

/*
 * The free objects from @object on, which must lie in @slab; each comes once or the walk
 * would not end, so it is cut off.
 */
static unsigned long check_list(struct check *check, struct kmem_cache *cache,
				const struct frame *slab, uint64_t object)
{
	uint64_t first = (uint64_t)plat_pfn_to_ptr(slab->pfn) + slab_debug_left(cache);
	unsigned long n = 0, objects = slub_objects(slab->word[1]);

	for (; object; object = (uint64_t)slub_next(slub_of(cache), (void *)object), n++) {
		if (n == objects || object < first || (object - first) % cache->size ||
		    (object - first) / cache->size >= objects) {
			CHECK_FAULT(check, "cache %s: free object %lu of the slab at %lx is %lx",
				    cache->name, n, (unsigned long)first, (unsigned long)object);
			break;
		}
	}
	return n;
}

static void check_slab_frame(struct check *check, struct kmem_cache *cache, struct frame *slab,
			     bool frozen, const char *who)
{
	uint64_t counters = slab->word[1];
	unsigned int order = frame_kind(slab) >> 8;
	unsigned long free = check_list(check, cache, slab, slab->word[0]);

	check_claim(check, slab, FRAME_SLAB, order, who);
	if (slab->cache != cache->number)
		CHECK_FAULT(check, "cache %s: the slab at pfn %lx is of cache %u", cache->name,
			    (unsigned long)slab->pfn, slab->cache);
	if (order != cache->order && order != slub_of(cache)->min_order)
		CHECK_FAULT(check, "cache %s: a slab of order %u", cache->name, order);
	if (slub_objects(counters) != (TRI_PAGE_SIZE << order) / cache->size ||
	    slub_inuse(counters) + free != slub_objects(counters))
		CHECK_FAULT(check, "cache %s: a slab of %lu objects has %lu in use and %lu free",
			    cache->name, slub_objects(counters), slub_inuse(counters), free);
	for (unsigned long i = 0; slab_debugged(cache) && i < slub_objects(counters); i++) {
		char *first = (char *)plat_pfn_to_ptr(slab->pfn) + slab_debug_left(cache);

		if (slab_debug_verify(cache, first + i * cache->size))
			CHECK_FAULT(check, "cache %s: object %lu of the slab at pfn %lx is damaged",
				    cache->name, i, (unsigned long)slab->pfn);
	}
	if (!(counters & SLUB_FROZEN) == frozen)
		CHECK_FAULT(check, "cache %s: pfn %lx is %sfrozen, on %s", cache->name,
			    (unsigned long)slab->pfn, frozen ? "not " : "", who);
}

/* Returns its slabs. */
static unsigned long check_cpu(struct check *check, struct kmem_cache *cache,
			       const struct slub_cpu *cpu)
{
	struct frame *base = check->core->frames.frame, *slab = cpu->partial;
	unsigned long n = 0;

	if (cpu->link && cpu->link - 1U != slub_of(cache)->offset / sizeof(uint64_t))
		CHECK_FAULT(check, "cache %s: a CPU takes word %u for the link", cache->name,
			    cpu->link - 1U);
	if (cpu->slab) {
		check_slab_frame(check, cache, cpu->slab, true, "a CPU");
		if (check_list(check, cache, cpu->slab, cpu->freelist) >
		    slub_inuse(cpu->slab->word[1]))
			CHECK_FAULT(check, "cache %s: a CPU has more than its slab", cache->name);
		if (cpu->first != plat_pfn_to_ptr(cpu->slab->pfn) ||
		    cpu->bytes != TRI_PAGE_SIZE << (frame_kind(cpu->slab) >> 8))
			CHECK_FAULT(check, "cache %s: a CPU takes its slab for %u bytes at %p",
				    cache->name, cpu->bytes, (void *)cpu->first);
	} else if (cpu->bytes) {
		CHECK_FAULT(check, "cache %s: a CPU has %u bytes of no slab", cache->name,
			    cpu->bytes);
	} else if (cpu->freelist) {
		CHECK_FAULT(check, "cache %s: a CPU has objects of no slab", cache->name);
	}
	for (; slab && n <= cpu->partial_slabs; n++) {
		check_slab_frame(check, cache, slab, false, "a CPU's partial list");
		if (slab->prev != SLUB_UNLISTED || !slab->word[0])
			CHECK_FAULT(check, "cache %s: pfn %lx is listed twice or full", cache->name,
				    (unsigned long)slab->pfn);
		slab = slab->next == SLUB_UNLISTED ? NULL : base + slab->next;
	}
	if (n != cpu->partial_slabs)
		CHECK_FAULT(check, "cache %s: a CPU's partial list of %u slabs has %lu",
			    cache->name, cpu->partial_slabs, n);
	return n + !!cpu->slab;
}

static unsigned long check_node(struct check *check, struct kmem_cache *cache)
{
	const struct frame_list *list = &slub_of(cache)->partial;
	struct frame_table *table = &check->core->frames;
	uint32_t index = list->head;

	for (unsigned long n = 0; n < list->count; n++) {
		struct frame *slab = &table->frame[index];

		if (index >= table->sections * SECTION_FRAMES) {
			CHECK_FAULT(check, "cache %s: partial list leads to no frame", cache->name);
			return n;
		}
		check_slab_frame(check, cache, slab, false, "the partial list");
		if (slab->prev == SLUB_UNLISTED || !slab->word[0])
			CHECK_FAULT(check, "cache %s: pfn %lx is listed as partial", cache->name,
				    (unsigned long)slab->pfn);
		index = slab->next;
	}
	return list->count;
}

static void check_barn(struct check *check, struct kmem_cache *cache)
{
	const struct barn *barn = &slub_of(cache)->barn;
	unsigned int full = 0, empty = 0;

	for (const struct slab_array *sheaf = barn->full; sheaf; sheaf = sheaf->next, full++) {
		check_slab_array(check, cache, sheaf);
		if (sheaf->count != sheaf->limit || full > barn->full_count)
			break;
	}
	for (const struct slab_array *sheaf = barn->empty; sheaf; sheaf = sheaf->next, empty++) {
		if (sheaf->count || empty > barn->empty_count)
			break;
		check_slab_array(check, cache, sheaf);
	}
	if (full != barn->full_count || empty != barn->empty_count)
		CHECK_FAULT(check, "cache %s: the barn of %u full and %u empty sheaves has %u, %u",
			    cache->name, barn->full_count, barn->empty_count, full, empty);
}

struct found {
	unsigned long slabs, frames, objects;
};

/* What nobody held until now is full; and each frame says whose it is. */
static void check_full(struct check *check, struct found *found)
{
	struct tri_core *core = check->core;
	struct frame_table *table = &core->frames;

	for (unsigned long i = SECTION_FRAMES; i < table->sections * SECTION_FRAMES; i++) {
		struct frame *slab = &table->frame[i];
		struct kmem_cache *cache = core->slab.cache[slab->cache];
		unsigned int order = frame_kind(slab) >> 8;

		if ((frame_kind(slab) & 0xff) != FRAME_SLAB)
			continue;
		if (!cache) {
			CHECK_FAULT(check, "pfn %lx is a slab of cache %u, which is none",
				    (unsigned long)slab->pfn, slab->cache);
			continue;
		}
		if (!(frame_kind_full(slab) & FRAME_SEEN)) {
			check_slab_frame(check, cache, slab, false, "no list");
			if (slab->word[0])
				CHECK_FAULT(check, "cache %s: pfn %lx has free objects, on no list",
					    cache->name, (unsigned long)slab->pfn);
			found[slab->cache].slabs++;
		}
		found[slab->cache].frames += 1UL << order;
		found[slab->cache].objects += slub_objects(slab->word[1]);
		for (unsigned long n = 1; n < 1UL << order; n++) {
			if (slab[n].cache != slab->cache)
				CHECK_FAULT(check, "cache %s: pfn %lx inside its slab says %u",
					    cache->name, (unsigned long)slab[n].pfn, slab[n].cache);
		}
	}
}

static void check_counts(struct check *check, struct kmem_cache *cache, const struct found *found)
{
	const struct slub *slub = slub_of(cache);

	if (slub->slabs != found->slabs || slub->frames != found->frames ||
	    slub->objects != found->objects)
		CHECK_FAULT(check,
			    "cache %s: %lu slabs, %lu frames, %lu objects counted; %lu, %lu, %lu "
			    "found",
			    cache->name, slub->slabs, slub->frames, slub->objects, found->slabs,
			    found->frames, found->objects);
}

void check_slab_slub(struct check *check)
{
	struct tri_core *core = check->core;
	static struct found found[SLAB_NUMBERS]; /* 6 KiB, of which kernels' stacks have few */

	memset(found, 0, sizeof(found));
	for (unsigned int number = 1; number <= TRI_MAX_CACHES; number++) {
		struct kmem_cache *cache = core->slab.cache[number];

		if (!cache)
			continue;
		for (unsigned int i = 0; i < core->cpus; i++)
			found[number].slabs +=
				check_cpu(check, cache, &core->cpu[i].slab[number].slub);
		found[number].slabs += check_node(check, cache);
		check_barn(check, cache);
	}
	check_full(check, found);
	for (unsigned int number = 1; number <= TRI_MAX_CACHES; number++) {
		struct kmem_cache *cache = core->slab.cache[number];

		if (cache)
			check_counts(check, cache, &found[number]);
	}
}
