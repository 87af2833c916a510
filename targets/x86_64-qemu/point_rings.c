/* SPDX-License-Identifier: GPL-2.0-only */
/* point_rings.c - see point_rings.h. */
#include "point_rings.h"

#include "channel.h"
#include "cpu.h"
#include "host.h"
#include "machine.h"
#include "memory.h"
#include "params.h"
#include "points_ring.h"

uint8_t points_on;
static char *rings;
static uint64_t ring_bytes, ring_room, opened;
static int32_t at_work = -1;

int points_open(void)
{
	struct channel *channel = machine_channel();
	size_t bytes = params_events() * cpu_count();

	if (points_on || !bytes || !channel)
		return 0;
	rings = memory_alloc(bytes);
	if (!rings) {
		host_error("events=%s: no %lu KiB for the rings of %u CPUs; lower it or raise ram=",
			   host_param_get("events"), bytes >> 10, cpu_count());
		return -ENOMEM;
	}
	ring_bytes = params_events();
	ring_room = points_room(ring_bytes);
	opened = plat_ticks();
	channel->points = memory_physical(rings);
	channel->points_bytes = ring_bytes;
	channel->points_cpus = cpu_count();
	channel->points_from = opened;
	channel->points_hz = machine_tick_hz();
	points_on = 1;
	return 0;
}

void points_close(void)
{
	if (!points_on)
		return;
	points_on = 0;
	memory_free(rings, ring_bytes * cpu_count());
}

void points_arm(long bench)
{
	at_work = (int32_t)bench;
}

/* Not pinned, it may be interrupted, but no interrupt's handler has points. */
void points_put(POINT_SKIPPED, unsigned long id, unsigned long f1, unsigned long f2,
		unsigned long f3, unsigned long f4)
{
	struct points_ring *ring = (struct points_ring *)(rings + plat_cpu() * ring_bytes);
	struct points_entry *entry = &ring->entry[ring->written % ring_room];

	*entry = (struct points_entry){plat_ticks(), (uint32_t)id, at_work, {f1, f2, f3, f4}};
	ring->written++;
}
