/* SPDX-License-Identifier: GPL-2.0-only */
/* stdarg.h - what C's header of this name promises, from Linux's: its build sees no compiler's. */
#ifndef LINUX_MODULE_STDARG_H
#define LINUX_MODULE_STDARG_H

#include <linux/stdarg.h>

#endif /* LINUX_MODULE_STDARG_H */
