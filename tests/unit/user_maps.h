/* SPDX-License-Identifier: GPL-2.0-only */
/* user_maps.h - the mappings of this process, as the kernel tells them. */
#ifndef TESTS_USER_MAPS_H
#define TESTS_USER_MAPS_H

#include <stddef.h>
#include <stdint.h>

/* How many lie in [start, end), those that reach into it included. */
size_t maps_count(uintptr_t start, uintptr_t end);

/*
 * Map @pairs pages of alternating protection, two mappings each; fewer if the host refuses
 * before. Returns how many bytes at *at it took.
 */
size_t maps_exhaust(char **at, size_t pairs);

#endif /* TESTS_USER_MAPS_H */
