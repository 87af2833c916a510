/* SPDX-License-Identifier: GPL-2.0-only */
/* flush.c - call the chosen policy; the flush itself and its counting, for all of them. */
#include "core.h"

void flush_init(struct tri_core *core)
{
	plat_spin_init(&core->flush.lock);
	plat_mutex_init(&core->flush.purge);
}

void flush_exit(struct tri_core *core)
{
	plat_mutex_destroy(&core->flush.purge);
}

void flush_addresses(struct tri_core *core, uintptr_t start, uintptr_t end)
{
	unsigned long pages = (end - start) >> TRI_PAGE_SHIFT;
	unsigned long ceiling = core->tunable[TRI_TUNABLE_flush_ceiling];
	bool full = ceiling && pages > ceiling;
	unsigned long saved;
	unsigned int interrupted;

	interrupted = full ? plat_tlb_flush_all(start) : plat_tlb_flush_range(start, end);
	saved = plat_pin();
	if (full) {
		tri_count(core, TRI_EVENT_flush_full, 1);
	} else {
		tri_count(core, TRI_EVENT_flush_range, 1);
		tri_count(core, TRI_EVENT_flush_pages, pages);
	}
	tri_count(core, TRI_EVENT_shootdowns, interrupted);
	plat_unpin(saved);
}

/* A switch, so that a policy costs a predictable branch and not an indirect call. */
void flush_retire(struct tri_core *core, struct area *area, struct frame_list *frames)
{
	switch (core->policy[TRI_QUESTION_flush]) {
#define POLICY_flush(answer, text, about)                    \
	case TRI_POLICY_flush_##answer:                      \
		flush_##answer##_retire(core, area, frames); \
		return;
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown flush policy");
	}
}

unsigned long flush_purge(struct tri_core *core)
{
	switch (core->policy[TRI_QUESTION_flush]) {
#define POLICY_flush(answer, text, about) \
	case TRI_POLICY_flush_##answer:   \
		return flush_##answer##_purge(core);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown flush policy");
	}
}
