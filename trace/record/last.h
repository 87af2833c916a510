/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * last.h - which thread was the last to have to do with an address: who was it himself needs no
 * clock to tell what came first.
 *
 * Calls for one address happen one after the other: it is handed on by the allocator's or the
 * program's own synchronization. If all threads write themselves down here, each then knows
 * whether another had the address in between. Only such calls must be ordered by clocks; between
 * them a thread's own order is enough. A call of several threads' addresses is so told apart from
 * all the others by a load.
 *
 * A table without locks, of a word for each address, address and thread in one. Addresses that
 * share a word drive each other out: then a thread takes itself for a stranger, and reads the clock
 * for nothing. It never takes another's for its own. Each call leaves the word as (address,
 * caller), by storing it or by having found it so; the next call for that address sees that, or
 * what was stored later: by calls for other addresses. So it finds itself only if that was itself.
 */
#ifndef TRACE_RECORD_LAST_H
#define TRACE_RECORD_LAST_H

#include <stdbool.h>
#include <stdint.h>

/* Words: 512 KiB, of which only those are touched whose addresses are in use. */
#define LAST_WORDS 65536UL
/* Threads are 1 to LAST_THREADS; no number is given out twice. Those beyond are all 0. */
#define LAST_THREADS 65535UL

/*
 * Was @thread the last that came with @address, as far as @table still knows? It is, from now on.
 * Of 0 nobody knows. Neighbours in a stretch of memory have words that are neighbours; stretches,
 * which allocators like to begin at round addresses, are scattered.
 */
static inline bool last_was(uint64_t *table, uint64_t address, uint64_t thread)
{
	uint64_t scattered = (address >> 20) * 0x9e3779b97f4a7c15 >> 48;
	uint64_t *word = &table[((address >> 4) ^ scattered) % LAST_WORDS];
	uint64_t now = address << 16 | thread;

	if (__builtin_expect(__atomic_load_n(word, __ATOMIC_RELAXED) == now, 1))
		return thread;
	__atomic_store_n(word, now, __ATOMIC_RELAXED);
	return false;
}

#endif /* TRACE_RECORD_LAST_H */
