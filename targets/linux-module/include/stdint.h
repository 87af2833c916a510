/* SPDX-License-Identifier: GPL-2.0-only */
/* stdint.h - what C's header of this name promises, from Linux's: its build sees no compiler's. */
#ifndef LINUX_MODULE_STDINT_H
#define LINUX_MODULE_STDINT_H

#include <linux/limits.h>
#include <linux/types.h>

#define UINT8_MAX  U8_MAX
#define UINT16_MAX U16_MAX
#define UINT32_MAX U32_MAX
#define UINT64_MAX U64_MAX

#endif /* LINUX_MODULE_STDINT_H */
