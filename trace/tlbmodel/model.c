/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model.c - sets of entries, and keys that say in one word what an entry translates; see model.h.
 *
 * Most accesses hit a page used lately: `recent` leads from a page number to its first-level entry
 * without a search. It is never cleared for a drop: an entry that holds another key than
 * remembered is searched for anew.
 */
#include "model.h"

#include <stdlib.h>
#include <string.h>

/*
 * A key: bit 63 live, bit 62 global, from bit 14 the page number of a 57-bit address, bits 12-13
 * the page's size, bits 0-11 the PCID (0 if global). Upper entries have keys alike, without size.
 */
#define KEY_LIVE     (1UL << 63)
#define KEY_GLOBAL   (1UL << 62)
#define KEY_PCID     0xfffUL
#define ADDRESS_MASK ((1UL << 57) - 1)

#define RECENT 256 /* power of two; a smaller one is slower for pages at random, no less exact */

struct entry {
	uint64_t key;  /* 0: empty */
	uint64_t used; /* when, by struct tlb's clock */
};

struct cache {
	struct entry *entry; /* a set's ways are neighbours */
	uint32_t entries, ways, set_mask;
};

struct recent {
	uint64_t page; /* number in 4 KiB */
	uint64_t key;
	struct entry *entry; /* of the first level; NULL: unused */
};

struct tlb {
	struct cache cache[TLB_CACHES];
	uint32_t live[2][TLB_SIZES]; /* by level: sizes that are absent aren't looked for */
	uint64_t pcid;
	uint64_t clock;
	struct tlb_counts counts;
	tlb_walk_fn walk;
	void *arg;
	struct recent recent[RECENT];
	struct entry entries[];
};

enum level { FIRST, SECOND };
static const enum tlb_cache level_cache[] = {TLB_DTLB, TLB_STLB};

static uint64_t page_number(uint64_t address, enum tlb_size size)
{
	return (address & ADDRESS_MASK) >> (12 + 9 * size);
}

static uint64_t page_key(uint64_t number, enum tlb_size size)
{
	return KEY_LIVE | number << 14 | (uint64_t)size << 12;
}

static uint64_t key_number(uint64_t key)
{
	return (key & ~(KEY_LIVE | KEY_GLOBAL)) >> 14;
}

static enum tlb_size key_size(uint64_t key)
{
	return key >> 12 & 3;
}

struct tlb *tlb_new(const struct tlb_shape *shape, tlb_walk_fn walk, void *arg)
{
	size_t entries = 0;
	struct tlb *tlb;

	for (unsigned int i = 0; i < TLB_CACHES; i++)
		entries += shape->cache[i].entries;
	tlb = calloc(1, sizeof(*tlb) + entries * sizeof(struct entry));
	if (!tlb)
		return NULL;
	tlb->walk = walk;
	tlb->arg = arg;
	entries = 0;
	for (unsigned int i = 0; i < TLB_CACHES; i++) {
		const struct tlb_geometry *geometry = &shape->cache[i];
		struct cache *cache = &tlb->cache[i];

		cache->entry = &tlb->entries[entries];
		cache->entries = geometry->entries;
		cache->ways = geometry->ways;
		if (geometry->entries)
			cache->set_mask = geometry->entries / geometry->ways - 1;
		entries += geometry->entries;
	}
	return tlb;
}

void tlb_free(struct tlb *tlb)
{
	free(tlb);
}

const struct tlb_counts *tlb_counts(const struct tlb *tlb)
{
	return &tlb->counts;
}

unsigned int tlb_live(const struct tlb *tlb)
{
	unsigned int live = 0;

	for (unsigned int level = FIRST; level <= SECOND; level++)
		for (unsigned int size = 0; size < TLB_SIZES; size++)
			live += tlb->live[level][size];
	return live;
}

static struct cache *cache_for(struct tlb *tlb, enum level level, enum tlb_size size)
{
	struct cache *cache = &tlb->cache[level_cache[level] + size];

	return cache->entries ? cache : &tlb->cache[level_cache[level]];
}

/* The entry for the page or upper entry @number with @key, of this PCID or global; or NULL. */
static struct entry *cache_find(const struct tlb *tlb, const struct cache *cache, uint64_t number,
				uint64_t key)
{
	uint64_t own = key | tlb->pcid, global = key | KEY_GLOBAL;
	struct entry *entry = &cache->entry[(number & cache->set_mask) * cache->ways];

	for (unsigned int i = 0; i < cache->ways; i++, entry++)
		if (entry->key == own || entry->key == global)
			return entry;
	return NULL;
}

/* The entry to replace; the cache has at least one. */
static struct entry *cache_victim(const struct cache *cache, uint64_t number)
{
	struct entry *entry = &cache->entry[(number & cache->set_mask) * cache->ways];
	struct entry *oldest = entry;

	for (unsigned int i = 0; i < cache->ways; i++, entry++) {
		if (!entry->key)
			return entry;
		if (entry->used < oldest->used)
			oldest = entry;
	}
	return oldest;
}

static struct entry *level_find(struct tlb *tlb, enum level level, uint64_t address)
{
	for (enum tlb_size size = TLB_4K; size < TLB_SIZES; size++) {
		uint64_t number = page_number(address, size);
		struct entry *entry;

		if (!tlb->live[level][size])
			continue;
		entry = cache_find(tlb, cache_for(tlb, level, size), number,
				   page_key(number, size));
		if (entry)
			return entry;
	}
	return NULL;
}

/* The new entry, or NULL where the level has no entries at all. */
static struct entry *level_fill(struct tlb *tlb, enum level level, uint64_t address,
				enum tlb_size size, bool global)
{
	uint64_t number = page_number(address, size);
	struct cache *cache = cache_for(tlb, level, size);
	struct entry *entry;

	if (!cache->entries)
		return NULL;
	entry = cache_victim(cache, number);
	if (entry->key)
		tlb->live[level][key_size(entry->key)]--;
	entry->key = page_key(number, size) | (global ? KEY_GLOBAL : tlb->pcid);
	entry->used = ++tlb->clock;
	tlb->live[level][size]++;
	return entry;
}

/* Upper entries are numbered 1 (PML4E) to 3 (PDE), as a walk reads them. */
static struct cache *upper_cache(struct tlb *tlb, unsigned int upper)
{
	return &tlb->cache[TLB_PML4E + 1 - upper];
}

static uint64_t upper_number(uint64_t address, unsigned int upper)
{
	return (address & ADDRESS_MASK) >> (48 - 9 * upper);
}

static bool upper_find(struct tlb *tlb, uint64_t address, unsigned int upper)
{
	uint64_t number = upper_number(address, upper);
	struct entry *entry =
		cache_find(tlb, upper_cache(tlb, upper), number, KEY_LIVE | number << 14);

	if (!entry)
		return false;
	entry->used = ++tlb->clock;
	return true;
}

static void upper_fill(struct tlb *tlb, uint64_t address, unsigned int upper)
{
	struct cache *cache = upper_cache(tlb, upper);
	uint64_t number = upper_number(address, upper);
	struct entry *entry;

	if (!cache->entries)
		return;
	entry = cache_victim(cache, number);
	entry->key = KEY_LIVE | number << 14 | tlb->pcid;
	entry->used = ++tlb->clock;
}

/* A walk begins below the deepest upper entry cached, and caches those that it reads. */
static struct tlb_mapping walk(struct tlb *tlb, uint64_t address)
{
	struct tlb_mapping mapping = tlb->walk(tlb->arg, address);
	unsigned int known = mapping.reads - 1;

	while (known && !upper_find(tlb, address, known))
		known--;
	tlb->counts.walk_steps += mapping.reads - known;
	for (unsigned int upper = known + 1; upper < mapping.reads; upper++)
		upper_fill(tlb, address, upper);
	return mapping;
}

/* What the second level or a walk knows of an address that the first does not; NULL: unmapped. */
static struct entry *miss(struct tlb *tlb, uint64_t address)
{
	struct entry *entry = level_find(tlb, SECOND, address);
	struct tlb_mapping mapping;

	tlb->counts.dtlb_misses++;
	if (entry) {
		entry->used = ++tlb->clock;
		return level_fill(tlb, FIRST, address, key_size(entry->key),
				  entry->key & KEY_GLOBAL);
	}
	tlb->counts.stlb_misses++;
	mapping = walk(tlb, address);
	if (!mapping.present)
		return NULL;
	level_fill(tlb, SECOND, address, mapping.size, mapping.global);
	return level_fill(tlb, FIRST, address, mapping.size, mapping.global);
}

void tlb_access(struct tlb *tlb, uint64_t address)
{
	uint64_t page = address >> 12;
	struct recent *recent = &tlb->recent[page % RECENT];
	struct entry *entry;

	if (recent->page == page && recent->entry && recent->entry->key == recent->key) {
		recent->entry->used = ++tlb->clock;
		return;
	}
	entry = level_find(tlb, FIRST, address);
	if (entry)
		entry->used = ++tlb->clock;
	else
		entry = miss(tlb, address);
	if (entry)
		*recent = (struct recent){page, entry->key, entry};
}

static void drop(struct tlb *tlb, enum level level, struct entry *entry)
{
	tlb->live[level][key_size(entry->key)]--;
	tlb->counts.dropped++;
	entry->key = 0;
}

static void drop_uppers(struct tlb *tlb, uint64_t pcid)
{
	for (unsigned int upper = 1; upper <= 3; upper++) {
		struct cache *cache = upper_cache(tlb, upper);

		for (unsigned int i = 0; i < cache->entries; i++)
			if ((cache->entry[i].key & KEY_PCID) == pcid)
				cache->entry[i].key = 0;
	}
}

void tlb_drop_page(struct tlb *tlb, uint64_t address)
{
	for (enum level level = FIRST; level <= SECOND; level++) {
		struct entry *entry;

		while ((entry = level_find(tlb, level, address)))
			drop(tlb, level, entry);
	}
	drop_uppers(tlb, tlb->pcid);
}

/* Drop each live translation that @goes says yes to. */
static void drop_those(struct tlb *tlb, bool (*goes)(uint64_t key, uint64_t a, uint64_t b),
		       uint64_t a, uint64_t b)
{
	for (enum level level = FIRST; level <= SECOND; level++) {
		for (unsigned int size = 0; size < TLB_SIZES; size++) {
			struct cache *cache = &tlb->cache[level_cache[level] + size];

			for (unsigned int i = 0; i < cache->entries; i++)
				if (cache->entry[i].key && goes(cache->entry[i].key, a, b))
					drop(tlb, level, &cache->entry[i]);
		}
	}
}

/* From 4 KiB page @first to @last. */
static bool in_range(uint64_t key, uint64_t first, uint64_t last)
{
	unsigned int shift = 9 * key_size(key);
	uint64_t number = key_number(key);

	return number >= first >> shift && number <= last >> shift;
}

static bool in_range_of_pcid(uint64_t key, uint64_t pcid_and_first, uint64_t last)
{
	return (key & KEY_GLOBAL || (key & KEY_PCID) == (pcid_and_first & KEY_PCID)) &&
	       in_range(key, pcid_and_first >> 12, last);
}

void tlb_drop_range(struct tlb *tlb, uint64_t start, uint64_t end)
{
	if (start >= end)
		return;
	drop_those(tlb, in_range_of_pcid, page_number(start, TLB_4K) << 12 | tlb->pcid,
		   page_number(end - 1, TLB_4K));
	drop_uppers(tlb, tlb->pcid);
}

static bool of_pcid(uint64_t key, uint64_t pcid, uint64_t unused)
{
	(void)unused;
	return !(key & KEY_GLOBAL) && (key & KEY_PCID) == pcid;
}

void tlb_load_cr3(struct tlb *tlb, uint64_t value)
{
	uint64_t pcid = value & KEY_PCID;

	if (!(value >> 63)) {
		drop_those(tlb, of_pcid, pcid, 0);
		drop_uppers(tlb, pcid);
	}
	if (pcid != tlb->pcid)
		memset(tlb->recent, 0, sizeof(tlb->recent));
	tlb->pcid = pcid;
}

static bool any(uint64_t key, uint64_t unused, uint64_t unused_too)
{
	(void)key;
	(void)unused;
	(void)unused_too;
	return true;
}

void tlb_drop_all(struct tlb *tlb)
{
	drop_those(tlb, any, 0, 0);
	for (unsigned int upper = 1; upper <= 3; upper++) {
		struct cache *cache = upper_cache(tlb, upper);

		if (cache->entries)
			memset(cache->entry, 0, cache->entries * sizeof(*cache->entry));
	}
}

void tlb_empty(struct tlb *tlb)
{
	uint64_t dropped = tlb->counts.dropped;

	tlb_drop_all(tlb);
	tlb->counts.dropped = dropped;
}
