/* SPDX-License-Identifier: GPL-2.0-only */
/* point_rings.h - the rings that points go to (points_ring.h), if events= asks for them. */
#ifndef X86_64_QEMU_POINT_RINGS_H
#define X86_64_QEMU_POINT_RINGS_H

#include <stdint.h>

/* Make them, before the first core; once. 0 or -ENOMEM, after one line. */
int points_open(void);
/* No worker runs any more. Their contents stay for who reads RAM then. */
void points_close(void);
/* Entries belong to this bench from now on; -1: to none. */
void points_arm(long bench);

#endif /* X86_64_QEMU_POINT_RINGS_H */
