/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fnv.h - FNV-1a, 64 bit (Fowler, Noll, Vo): names for things that are equal when their
 * texts are. Nobody attacks a benchmark's series, so no cryptography.
 */
#ifndef CLI_FNV_H
#define CLI_FNV_H

#include <stdint.h>
#include <stdio.h>

#define FNV_START    0xcbf29ce484222325ULL
#define FNV_HEX_SIZE 17

/* @text with its end mark, so that "ab" + "c" is not "a" + "bc". */
static inline uint64_t fnv_add(uint64_t hash, const char *text)
{
	do {
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
	} while (*text++);
	return hash;
}

static inline void fnv_hex(uint64_t hash, char hex[FNV_HEX_SIZE])
{
	snprintf(hex, FNV_HEX_SIZE, "%016llx", (unsigned long long)hash);
}

#endif /* CLI_FNV_H */
