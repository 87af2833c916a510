/* SPDX-License-Identifier: GPL-2.0-only */
/* flush_class.h - which of host.h's histograms of flushes one belongs to. */
#ifndef TARGETS_FLUSH_CLASS_H
#define TARGETS_FLUSH_CLASS_H

/* By the CPUs it interrupted: none; 1; 2 and 3; 4 to 7 ... */
static inline unsigned int flush_class(unsigned int interrupted)
{
	return interrupted ? 32 - (unsigned int)__builtin_clz(interrupted) : 0;
}

#endif /* TARGETS_FLUSH_CLASS_H */
