/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model.c - sets of entries, and keys that say in one word what an entry translates; see model.h.
 *
 * Whatever the ways, an entry is found by a hash table and its set's oldest by a list in order of
 * use, empty entries last: a fully associative cache costs no more than another.
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
#define NONE   UINT32_MAX

/* Others of its cache by their index, or NONE. */
struct entry {
	uint64_t key;	       /* 0: empty */
	uint32_t newer, older; /* of its set */
	uint32_t chained;      /* next of its hash chain */
	uint32_t set;
};

struct cache {
	struct entry *entry;
	struct set {
		uint32_t newest, oldest;
	} * set;
	uint32_t *chain; /* by hash */
	uint32_t entries, set_mask, hash_shift;
};

struct recent {
	uint64_t page; /* number in 4 KiB */
	uint64_t key;
	struct cache *cache; /* of the first level; NULL: unused */
	struct entry *entry;
};

struct tlb {
	struct cache cache[TLB_CACHES];
	uint32_t live[2][TLB_SIZES]; /* by level: sizes that are absent aren't looked for */
	uint64_t pcid;
	struct tlb_counts counts;
	tlb_walk_fn walk;
	void *arg;
	struct recent recent[RECENT];
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

/* Empty, all sets' lists in the order of the entries; false: no memory. */
static bool cache_new(struct cache *cache, const struct tlb_geometry *geometry)
{
	uint32_t ways = geometry->ways, bits = 1;

	cache->entries = geometry->entries;
	if (!cache->entries)
		return true;
	cache->set_mask = cache->entries / ways - 1;
	while (1UL << bits < 2UL * cache->entries)
		bits++;
	cache->hash_shift = 64 - bits;
	cache->entry = calloc(cache->entries, sizeof(*cache->entry));
	cache->set = calloc(cache->set_mask + 1UL, sizeof(*cache->set));
	cache->chain = malloc(sizeof(*cache->chain) << bits);
	if (!cache->entry || !cache->set || !cache->chain)
		return false;
	memset(cache->chain, 0xff, sizeof(*cache->chain) << bits);
	for (uint32_t i = 0; i < cache->entries; i++) {
		struct entry *entry = &cache->entry[i];

		entry->set = i / ways;
		entry->newer = i % ways ? i - 1 : NONE;
		entry->older = i % ways + 1 < ways ? i + 1 : NONE;
		entry->chained = NONE;
	}
	for (uint32_t set = 0; set <= cache->set_mask; set++)
		cache->set[set] = (struct set){set * ways, (set + 1) * ways - 1};
	return true;
}

struct tlb *tlb_new(const struct tlb_shape *shape, tlb_walk_fn walk, void *arg)
{
	struct tlb *tlb = calloc(1, sizeof(*tlb));
	bool complete = true;

	if (!tlb)
		return NULL;
	tlb->walk = walk;
	tlb->arg = arg;
	for (unsigned int i = 0; i < TLB_CACHES; i++)
		complete &= cache_new(&tlb->cache[i], &shape->cache[i]);
	if (complete)
		return tlb;
	tlb_free(tlb);
	return NULL;
}

void tlb_free(struct tlb *tlb)
{
	if (!tlb)
		return;
	for (unsigned int i = 0; i < TLB_CACHES; i++) {
		free(tlb->cache[i].entry);
		free(tlb->cache[i].set);
		free(tlb->cache[i].chain);
	}
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

/* The chain for a key: one for all PCIDs, and for global or not. */
static uint32_t *chain_of(const struct cache *cache, uint64_t key)
{
	/* 2^64 / the golden ratio: neighbours spread, and strides do (Knuth, vol. 3, 6.4). */
	return &cache->chain[(key >> 12 & ~(KEY_GLOBAL >> 12)) * 0x9e3779b97f4a7c15UL >>
			     cache->hash_shift];
}

/* The entry with @key, of this PCID or global; or NULL. */
static struct entry *cache_find(const struct tlb *tlb, const struct cache *cache, uint64_t key)
{
	uint64_t own = key | tlb->pcid, global = key | KEY_GLOBAL;

	if (!cache->entries)
		return NULL;
	for (uint32_t i = *chain_of(cache, key); i != NONE; i = cache->entry[i].chained)
		if (cache->entry[i].key == own || cache->entry[i].key == global)
			return &cache->entry[i];
	return NULL;
}

static void list_remove(struct cache *cache, struct entry *entry)
{
	struct set *set = &cache->set[entry->set];

	if (entry->newer == NONE)
		set->newest = entry->older;
	else
		cache->entry[entry->newer].older = entry->older;
	if (entry->older == NONE)
		set->oldest = entry->newer;
	else
		cache->entry[entry->older].newer = entry->newer;
}

/* The entry is the newest of its set. */
static void touch(struct cache *cache, struct entry *entry)
{
	struct set *set = &cache->set[entry->set];
	uint32_t index = (uint32_t)(entry - cache->entry);

	if (entry->newer == NONE)
		return;
	list_remove(cache, entry);
	entry->newer = NONE;
	entry->older = set->newest;
	cache->entry[set->newest].newer = index;
	set->newest = index;
}

static void chain_remove(struct cache *cache, struct entry *entry)
{
	uint32_t index = (uint32_t)(entry - cache->entry), *at = chain_of(cache, entry->key);

	while (*at != index)
		at = &cache->entry[*at].chained;
	*at = entry->chained;
}

/* Empty, and the first of its set to be used again. */
static void discard(struct cache *cache, struct entry *entry)
{
	struct set *set = &cache->set[entry->set];
	uint32_t index = (uint32_t)(entry - cache->entry);

	chain_remove(cache, entry);
	entry->key = 0;
	if (entry->older == NONE)
		return;
	list_remove(cache, entry);
	entry->older = NONE;
	entry->newer = set->oldest;
	cache->entry[set->oldest].older = index;
	set->oldest = index;
}

/* The oldest entry of the set of @number, or one that is empty; the cache has entries. */
static struct entry *cache_victim(const struct cache *cache, uint64_t number)
{
	return &cache->entry[cache->set[number & cache->set_mask].oldest];
}

/* The victim holds @key from now on, and is the newest. */
static void replace(struct cache *cache, struct entry *victim, uint64_t key)
{
	uint32_t *chain = chain_of(cache, key);

	if (victim->key)
		chain_remove(cache, victim);
	victim->key = key;
	victim->chained = *chain;
	*chain = (uint32_t)(victim - cache->entry);
	touch(cache, victim);
}

/* The entry, and in which cache; or NULL. */
static struct entry *level_find(struct tlb *tlb, enum level level, uint64_t address,
				struct cache **cache)
{
	for (enum tlb_size size = TLB_4K; size < TLB_SIZES; size++) {
		struct entry *entry;

		if (!tlb->live[level][size])
			continue;
		*cache = cache_for(tlb, level, size);
		entry = cache_find(tlb, *cache, page_key(page_number(address, size), size));
		if (entry)
			return entry;
	}
	return NULL;
}

/* The new entry, or NULL where the level has no entries at all. */
static struct entry *level_fill(struct tlb *tlb, enum level level, uint64_t address,
				enum tlb_size size, bool global, struct cache **filled)
{
	uint64_t number = page_number(address, size);
	struct cache *cache = *filled = cache_for(tlb, level, size);
	struct entry *entry;

	if (!cache->entries)
		return NULL;
	entry = cache_victim(cache, number);
	if (entry->key)
		tlb->live[level][key_size(entry->key)]--;
	replace(cache, entry, page_key(number, size) | (global ? KEY_GLOBAL : tlb->pcid));
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
	struct cache *cache = upper_cache(tlb, upper);
	struct entry *entry = cache_find(tlb, cache, KEY_LIVE | upper_number(address, upper) << 14);

	if (!entry)
		return false;
	touch(cache, entry);
	return true;
}

static void upper_fill(struct tlb *tlb, uint64_t address, unsigned int upper)
{
	struct cache *cache = upper_cache(tlb, upper);
	uint64_t number = upper_number(address, upper);

	if (cache->entries)
		replace(cache, cache_victim(cache, number), KEY_LIVE | number << 14 | tlb->pcid);
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
static struct entry *miss(struct tlb *tlb, uint64_t address, struct cache **first)
{
	struct cache *second;
	struct entry *entry = level_find(tlb, SECOND, address, &second);
	struct tlb_mapping mapping;

	tlb->counts.dtlb_misses++;
	if (entry) {
		touch(second, entry);
		return level_fill(tlb, FIRST, address, key_size(entry->key),
				  entry->key & KEY_GLOBAL, first);
	}
	tlb->counts.stlb_misses++;
	mapping = walk(tlb, address);
	if (!mapping.present)
		return NULL;
	level_fill(tlb, SECOND, address, mapping.size, mapping.global, &second);
	return level_fill(tlb, FIRST, address, mapping.size, mapping.global, first);
}

void tlb_access(struct tlb *tlb, uint64_t address)
{
	uint64_t page = address >> 12;
	struct recent *recent = &tlb->recent[page % RECENT];
	struct cache *cache;
	struct entry *entry;

	if (recent->page == page && recent->cache && recent->entry->key == recent->key) {
		touch(recent->cache, recent->entry);
		return;
	}
	entry = level_find(tlb, FIRST, address, &cache);
	if (entry)
		touch(cache, entry);
	else
		entry = miss(tlb, address, &cache);
	if (entry)
		*recent = (struct recent){page, entry->key, cache, entry};
}

static void drop(struct tlb *tlb, enum level level, struct cache *cache, struct entry *entry)
{
	tlb->live[level][key_size(entry->key)]--;
	tlb->counts.dropped++;
	discard(cache, entry);
}

static void drop_uppers(struct tlb *tlb, uint64_t pcid)
{
	for (unsigned int upper = 1; upper <= 3; upper++) {
		struct cache *cache = upper_cache(tlb, upper);

		for (unsigned int i = 0; i < cache->entries; i++)
			if (cache->entry[i].key && (cache->entry[i].key & KEY_PCID) == pcid)
				discard(cache, &cache->entry[i]);
	}
}

void tlb_drop_page(struct tlb *tlb, uint64_t address)
{
	for (enum level level = FIRST; level <= SECOND; level++) {
		struct cache *cache;
		struct entry *entry;

		while ((entry = level_find(tlb, level, address, &cache)))
			drop(tlb, level, cache, entry);
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
					drop(tlb, level, cache, &cache->entry[i]);
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

		for (unsigned int i = 0; i < cache->entries; i++)
			if (cache->entry[i].key)
				discard(cache, &cache->entry[i]);
	}
}

void tlb_empty(struct tlb *tlb)
{
	uint64_t dropped = tlb->counts.dropped;

	tlb_drop_all(tlb);
	tlb->counts.dropped = dropped;
}
