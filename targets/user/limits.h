/* SPDX-License-Identifier: GPL-2.0-only */
/* limits.h - when the host refuses a mapping: which of its limits it was. */
#ifndef USER_LIMITS_H
#define USER_LIMITS_H

#include <stddef.h>

/*
 * One line for an mmap() of @bytes for @what that failed just now with errno @error: it names
 * the limit and the setting (@setting, "window=4G") that asks for so much.
 */
void limits_explain(const char *what, size_t bytes, int error, const char *setting);

#endif /* USER_LIMITS_H */
