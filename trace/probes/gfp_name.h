/* SPDX-License-Identifier: GPL-2.0-only */
/* gfp_name.h - names of the flags with which the kernel asks itself for memory. */
#ifndef TRACE_PROBES_GFP_NAME_H
#define TRACE_PROBES_GFP_NAME_H

#include <stddef.h>
#include <stdint.h>

/*
 * @flags in @text, "GFP_KERNEL|ZERO"; what has no name is a number, and no flag at all "0". The
 * names are those of every kernel from 6.1 on (include/linux/gfp_types.h).
 */
void gfp_name(uint32_t flags, char *text, size_t size);

#endif /* TRACE_PROBES_GFP_NAME_H */
