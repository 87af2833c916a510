/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * points_reader.h - what the kernel's rings of points hold once it is gone, as records of type
 * event, in the order in which they ended; and a note of each ring that was too small. It is the
 * guest's: nothing in it is trusted.
 */
#ifndef LAUNCH_POINTS_READER_H
#define LAUNCH_POINTS_READER_H

#include "channel.h"
#include "sink.h"

/* @memory is the guest's, @ram bytes from its address 0 on, of which @low lie below 4 GiB. */
void points_reader_emit(const void *memory, uint64_t ram, uint64_t low, struct sink *sink);

#endif /* LAUNCH_POINTS_READER_H */
