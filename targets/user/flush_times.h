/* SPDX-License-Identifier: GPL-2.0-only */
/* flush_times.h - how long flushes took, for host_flush_times_take(). */
#ifndef USER_FLUSH_TIMES_H
#define USER_FLUSH_TIMES_H

#include <stdint.h>

/* A flush that interrupted so many CPUs took @ticks, on this slot. */
void flush_took(uint64_t ticks, unsigned int interrupted);

#endif /* USER_FLUSH_TIMES_H */
