/* SPDX-License-Identifier: GPL-2.0-only */
/* point_shown.c - see point_shown.h. */
#include "point_shown.h"

#include <inttypes.h>
#include <stdio.h>

json_t *point_shown(enum point_type type, uint64_t value)
{
	static const char *const zones[] = {POINT_ZONES}, *const types[] = {POINT_MIGRATETYPES};
	char hex[24];

	if (type == POINT_zone && value < sizeof(zones) / sizeof(zones[0]))
		return json_string(zones[value]);
	if (type == POINT_migratetype && value < sizeof(types) / sizeof(types[0]))
		return json_string(types[value]);
	if (type != POINT_address && type != POINT_gfp)
		return json_integer((json_int_t)value);
	snprintf(hex, sizeof(hex), "0x%" PRIx64, value);
	return json_string(hex);
}
