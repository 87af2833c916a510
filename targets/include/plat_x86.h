/* SPDX-License-Identifier: GPL-2.0-only */
/* plat_x86.h - the pieces of plat_arch.h that are x86's, whoever runs on it. */
#ifndef TARGETS_PLAT_X86_H
#define TARGETS_PLAT_X86_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __SANITIZE_THREAD__
/* The thread sanitizer does not look into assembly. */
static inline bool plat_cas16(uint64_t *at, uint64_t first, uint64_t second, uint64_t new_first,
			      uint64_t new_second)
{
	return __sync_bool_compare_and_swap((unsigned __int128 *)at,
					    (unsigned __int128)second << 64 | first,
					    (unsigned __int128)new_second << 64 | new_first);
}

static inline bool plat_cas16_local(uint64_t *at, uint64_t first, uint64_t second,
				    uint64_t new_first, uint64_t new_second)
{
	if (at[0] != first || at[1] != second)
		return false;
	at[0] = new_first;
	at[1] = new_second;
	return true;
}
#else
#define PLAT_CAS16(prefix)                                                                     \
	bool done;                                                                             \
                                                                                               \
	__asm__ volatile(prefix "cmpxchg16b %1"                                                \
			 : "=@ccz"(done), "+m"(*(uint64_t(*)[2])at), "+a"(first), "+d"(second) \
			 : "b"(new_first), "c"(new_second)                                     \
			 : "memory");                                                          \
	return done

static inline bool plat_cas16(uint64_t *at, uint64_t first, uint64_t second, uint64_t new_first,
			      uint64_t new_second)
{
	PLAT_CAS16("lock ");
}

static inline bool plat_cas16_local(uint64_t *at, uint64_t first, uint64_t second,
				    uint64_t new_first, uint64_t new_second)
{
	PLAT_CAS16("");
}
#undef PLAT_CAS16
#endif

/*
 * LFENCE keeps earlier loads before the read (Intel SDM, RDTSC). No builtins: kernels are
 * compiled without SSE2, which the compiler counts LFENCE to. 64 bits each: RDTSC clears the upper
 * halves, and an instruction to do so again would be timed.
 */
static inline uint64_t plat_ticks(void)
{
	uint64_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return high << 32 | low;
}

#endif /* TARGETS_PLAT_X86_H */
