/* SPDX-License-Identifier: GPL-2.0-only */
/* areas_parts.c - objects for areas outside of any lock, and what one looks like. */
#include "areas_parts.h"
#include "core.h"

bool area_spares_fill(struct tri_core *core, struct area_spares *spares, unsigned int n)
{
	while (n--) {
		struct area *area = pool_alloc(core, &core->area_pool);

		if (!area) {
			area_spares_release(core, spares);
			return false;
		}
		area_spares_add(spares, area);
	}
	return true;
}

void area_spares_release(struct tri_core *core, struct area_spares *spares)
{
	while (spares->first)
		pool_free(&core->area_pool, area_spares_take(spares));
}

void area_view(const struct area *area, struct area_view *out)
{
	*out = (struct area_view){
		.start = area_start(area),
		.end = area_end(area),
		.state = area->state,
	};
	if (area->state != AREA_LIVE)
		return;
	out->kind = __atomic_load_n(&area->kind, __ATOMIC_RELAXED);
	out->requested = __atomic_load_n(&area->requested, __ATOMIC_RELAXED);
}
