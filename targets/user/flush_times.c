/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_times.c - how long flushes took, by how many CPUs each interrupted: histograms of each
 * slot's own, so that adding costs some ns and no lock beside a host call of microseconds. Their
 * pages exist once they are written.
 */
#include "flush_times.h"

#include "flush_class.h"
#include "histogram.h"
#include "host.h"
#include "model.h"

static struct flush_times {
	struct histogram took[HOST_FLUSH_CLASSES];
} of_slot[TRI_MAX_CPUS];

void flush_took(uint64_t ticks, unsigned int interrupted)
{
	/* How many instructions this takes depends on the time: not where they are counted. */
	if (!model_watches())
		histogram_add(&of_slot[plat_cpu()].took[flush_class(interrupted)], ticks);
}

/* Called on slot 0 between slices, when nobody flushes. */
void host_flush_times_take(struct histogram *to)
{
	for (unsigned int slot = 0; slot < TRI_MAX_CPUS; slot++) {
		for (unsigned int i = 0; i < HOST_FLUSH_CLASSES; i++) {
			struct histogram *from = &of_slot[slot].took[i];

			if (!from->n)
				continue;
			histogram_merge(&to[i], from);
			histogram_reset(from);
		}
	}
}
