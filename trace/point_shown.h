/* SPDX-License-Identifier: GPL-2.0-only */
/* point_shown.h - a point's field as a record of type event has it. */
#ifndef TRACE_POINT_SHOWN_H
#define TRACE_POINT_SHOWN_H

#include "points.h"

#include <jansson.h>
#include <stdint.h>

/* A number, but a name where numbers mean nothing to a reader; NULL: out of memory. */
json_t *point_shown(enum point_type type, uint64_t value);

#endif /* TRACE_POINT_SHOWN_H */
