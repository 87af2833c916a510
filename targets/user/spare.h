/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spare.h - a few mappings held back below vm.max_map_count.
 *
 * At that limit the kernel refuses even to replace one mapping by another, so a flush could
 * fail just where it would free mappings. Whoever must not fail gives the spare ones up.
 */
#ifndef USER_SPARE_H
#define USER_SPARE_H

#include <stdbool.h>

/* Hold them (again); false if the limit is too near. */
bool spare_hold(void);
void spare_give_up(void);
/* Whether as many again could be had. */
bool spare_fit(void);

#endif /* USER_SPARE_H */
