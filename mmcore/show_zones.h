/* SPDX-License-Identifier: GPL-2.0-only */
/* show_zones.h - names that several of the shows need. */
#ifndef MMCORE_SHOW_ZONES_H
#define MMCORE_SHOW_ZONES_H

#include "zone.h"

/* As Linux prints them. */
static const char *const show_zone_name[ZONES] = {"DMA", "DMA32", "Normal"};
static const char *const show_type_name[MIGRATE_TYPES] = {"Unmovable", "Movable", "Reclaimable"};

#endif /* MMCORE_SHOW_ZONES_H */
