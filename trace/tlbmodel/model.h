/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model.h - the TLB of one CPU: which accesses miss, and how many page-table entries a walk reads.
 *
 * Two levels, each a set-associative cache for each page size, or one for several sizes; indexed by
 * the page number's low bits; the least recently used entry of a set makes room (hardware comes
 * close to that: pseudo-LRU). A walk fills both levels; a hit in the second fills the first; what
 * the first level gives up goes nowhere, and its hits do not age the second's (neither inclusive
 * nor exclusive). Upper page tables have caches as well: a walk starts below the deepest entry
 * cached (Intel SDM 3A 4.10.3).
 *
 * Translations carry a PCID and the global bit. What flushes drop is what the SDM (3A 4.10.4.1)
 * says must go, no more. Not modelled: instruction fetches, prefetching, speculation, SMT.
 *
 * One caller at a time for each TLB.
 */
#ifndef TLBMODEL_MODEL_H
#define TLBMODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum tlb_size { TLB_4K, TLB_2M, TLB_1G, TLB_SIZES };

enum tlb_cache {
#define CACHE(name, key, words) TLB_##name,
#include "caches.def"
#undef CACHE
	TLB_CACHES
};

/*
 * Entries a cache has, and ways: entries / ways sets, a power of two. 0 entries: there is none;
 * pages of 2 MiB or 1 GiB then share the level's cache for 4 KiB.
 */
struct tlb_shape {
	struct tlb_geometry {
		uint32_t entries, ways;
	} cache[TLB_CACHES];
};

/* What a walk of the page tables finds. */
struct tlb_mapping {
	unsigned int reads; /* entries read from the root on, 1 to 4 */
	bool present;	    /* false: the last one read maps nothing, and nothing is cached */
	enum tlb_size size;
	bool global;
};
typedef struct tlb_mapping (*tlb_walk_fn)(void *arg, uint64_t address);

/* Since tlb_new(). */
struct tlb_counts {
	uint64_t dtlb_misses, stlb_misses;
	uint64_t walk_steps; /* page-table entries read */
	uint64_t dropped;    /* live translations that flushes took away, of both levels */
};

struct tlb;

/* @shape's sets must be as said above. NULL: no memory. */
struct tlb *tlb_new(const struct tlb_shape *shape, tlb_walk_fn walk, void *arg);
void tlb_free(struct tlb *tlb);

/* One access to the page that @address lies in. */
void tlb_access(struct tlb *tlb, uint64_t address);
const struct tlb_counts *tlb_counts(const struct tlb *tlb);
/* Live translations of both levels: a page that both hold counts twice. */
unsigned int tlb_live(const struct tlb *tlb);

/* INVLPG: the page of this PCID or global, of any size, and this PCID's upper entries. */
void tlb_drop_page(struct tlb *tlb, uint64_t address);
/* INVLPG of every page in [start, end), 1 byte or more. */
void tlb_drop_range(struct tlb *tlb, uint64_t start, uint64_t end);
/*
 * Move to CR3: bits 0-11 of @value are the PCID; bit 63 says that what is cached stays. Without
 * it, everything of the new PCID goes, global translations excepted.
 */
void tlb_load_cr3(struct tlb *tlb, uint64_t value);
/* Everything, global or not, of all PCIDs: CR4.PGE toggled. */
void tlb_drop_all(struct tlb *tlb);
/* Empty, but nothing was dropped: the counts stay. */
void tlb_empty(struct tlb *tlb);

#endif /* TLBMODEL_MODEL_H */
