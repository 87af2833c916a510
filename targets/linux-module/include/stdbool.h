/* SPDX-License-Identifier: GPL-2.0-only */
/* stdbool.h - what C's header of this name promises, from Linux's: its build sees no compiler's. */
#ifndef LINUX_MODULE_STDBOOL_H
#define LINUX_MODULE_STDBOOL_H

#include <linux/types.h>

#endif /* LINUX_MODULE_STDBOOL_H */
