/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model_text.h - a TLB's shape from text and back:
 *
 *	[PRESET][/CACHE=ENTRIES[xWAYS]]...	':' serves as well as '/'
 *
 * Presets are in presets.def, caches in caches.def. Without ways a cache is fully associative;
 * 0 entries: there is no such cache. Without a preset every cache is absent but those given.
 * For example "skylake/stlb=1536x6".
 */
#ifndef TLBMODEL_MODEL_TEXT_H
#define TLBMODEL_MODEL_TEXT_H

#include "model.h"

#include <stddef.h>

#define MODEL_ENTRIES_MAX 65536 /* of one cache */
#define MODEL_PRESET	  "skylake"

/* 0; or -1, and @why says in one line what is wrong and what would be right. */
int model_parse(const char *text, struct tlb_shape *shape, char *why, size_t room);
/* "dTLB 4K 64x4, 2M 32x4, ...; true LRU"; cut where there is no more room. */
void model_words(const struct tlb_shape *shape, char *words, size_t room);
/* The presets' names, separated by blanks. */
const char *model_presets(void);

#endif /* TLBMODEL_MODEL_TEXT_H */
