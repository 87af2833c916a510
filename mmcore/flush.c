/* SPDX-License-Identifier: GPL-2.0-only */
/* flush.c - call the chosen policy; the flush itself and its counting, for all of them. */
#include "core.h"

/* Areas of areas=nodes wait in their home's list. */
static unsigned int lists_wanted(const struct tri_core *core)
{
	if (core->policy[TRI_QUESTION_flush] == TRI_POLICY_flush_lazy_percpu)
		return core->cpus;
	return core->areas.nodes ? core->areas.nodes : 1;
}

void flush_init(struct tri_core *core)
{
	core->flush.lists = lists_wanted(core);
	for (unsigned int i = 0; i < core->flush.lists; i++) {
		plat_spin_init(&core->flush.list[i].lock);
		plat_mutex_init(&core->flush.list[i].purge);
	}
}

void flush_exit(struct tri_core *core)
{
	for (unsigned int i = 0; i < core->flush.lists; i++)
		plat_mutex_destroy(&core->flush.list[i].purge);
}

TRI_INLINE void count_flush(struct tri_core *core, enum tri_event kind, unsigned long pages,
			    unsigned int interrupted)
{
	unsigned long saved = plat_pin();

	if (trace_shootdown_on() && interrupted)
		trace_shootdown(interrupted, pages);
	tri_count(core, kind, 1);
	tri_count(core, TRI_EVENT_flush_pages, pages);
	tri_count(core, TRI_EVENT_shootdowns, interrupted);
	plat_unpin(saved);
}

/* The same flushes for who listens: only then is the time asked for. */
static TRI_COLD unsigned int traced_full(uintptr_t window_of)
{
	uint64_t began = plat_ticks();
	unsigned int interrupted = plat_tlb_flush_all(window_of);

	trace_flush_full(interrupted, plat_ticks() - began);
	return interrupted;
}

static TRI_COLD unsigned int traced_range(uintptr_t start, uintptr_t end)
{
	uint64_t began = plat_ticks();
	unsigned int interrupted = plat_tlb_flush_range(start, end);

	trace_flush_range(start, (end - start) >> TRI_PAGE_SHIFT, interrupted,
			  plat_ticks() - began);
	return interrupted;
}

void flush_everything(struct tri_core *core)
{
	unsigned int interrupted = trace_flush_full_on() ? traced_full(core->window_start)
							 : plat_tlb_flush_all(core->window_start);

	count_flush(core, TRI_EVENT_flush_full, 0, interrupted);
}

void flush_addresses(struct tri_core *core, uintptr_t start, uintptr_t end)
{
	unsigned long pages = (end - start) >> TRI_PAGE_SHIFT;
	unsigned long ceiling = core->tunable[TRI_TUNABLE_flush_ceiling];
	unsigned int interrupted;

	if (ceiling && pages > ceiling) {
		flush_everything(core);
		return;
	}
	interrupted = trace_flush_range_on() ? traced_range(start, end)
					     : plat_tlb_flush_range(start, end);
	count_flush(core, TRI_EVENT_flush_range, pages, interrupted);
}

bool flush_is_eager(const struct tri_core *core)
{
	return core->policy[TRI_QUESTION_flush] == TRI_POLICY_flush_eager ||
	       core->policy[TRI_QUESTION_flush] == TRI_POLICY_flush_eager_global;
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

static unsigned long purge(struct tri_core *core)
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

unsigned long flush_purge(struct tri_core *core)
{
	unsigned long areas = purge(core);

	areas_decay(core, true);
	return areas;
}
