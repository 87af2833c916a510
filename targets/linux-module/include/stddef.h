/* SPDX-License-Identifier: GPL-2.0-only */
/* stddef.h - what C's header of this name promises, from Linux's: its build sees no compiler's. */
#ifndef LINUX_MODULE_STDDEF_H
#define LINUX_MODULE_STDDEF_H

#include <linux/stddef.h>
#include <linux/types.h>

#endif /* LINUX_MODULE_STDDEF_H */
