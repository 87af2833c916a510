/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcp.c - per-CPU lists of single frames: the page allocator's front, as Linux has it.
 *
 * A list belongs to its CPU: being pinned is the only exclusion, so the fast path takes no
 * lock and writes no line another CPU reads. The price: frames in a list are out of reach
 * of other CPUs, up to pcp_high each; an allocation may fail while they have some.
 *
 * Lock order: pinned -> buddy.lock (in refill and drain only).
 */
#include "core.h"

/* Bounds how long a long list keeps the CPU pinned; less: more pin and unpin pairs. */
#define PCP_PIN_FRAMES 64UL

static __attribute__((noinline, cold)) void refill(struct tri_core *core, struct pcp *pcp)
{
	buddy_alloc_list(core, &pcp->list, pcp->batch);
	tri_count(core, TRI_EVENT_pcp_refill, 1);
}

static __attribute__((noinline, cold)) void drain(struct tri_core *core, struct pcp *pcp,
						  unsigned long n)
{
	buddy_free_list(core, &pcp->list, n < pcp->list.count ? n : pcp->list.count);
}

/* Pinned. */
static inline struct frame *pop(struct tri_core *core, struct pcp *pcp, enum frame_state state)
{
	struct frame *frame;

	if (TRI_UNLIKELY(!pcp->list.count)) {
		refill(core, pcp);
		if (!pcp->list.count)
			return NULL;
	}
	frame = frame_list_pop_head(&core->frames, &pcp->list);
	frame_set_kind(frame, state, 0);
	return frame;
}

/* Pinned. */
static inline void push(struct tri_core *core, struct pcp *pcp, struct frame *frame)
{
	frame_set_kind(frame, FRAME_CACHED, 0);
	frame_list_push_head(&core->frames, &pcp->list, frame);
	if (TRI_UNLIKELY(pcp->list.count > pcp->high)) {
		drain(core, pcp, pcp->batch);
		tri_count(core, TRI_EVENT_pcp_drain, 1);
	}
}

struct frame *pcp_alloc(struct tri_core *core, enum frame_state state)
{
	struct tri_cpu *cpu = tri_enter(core);
	struct frame *frame = pop(core, &cpu->pcp, state);

	tri_leave(cpu);
	return frame;
}

void pcp_free(struct tri_core *core, struct frame *frame)
{
	struct tri_cpu *cpu = tri_enter(core);

	push(core, &cpu->pcp, frame);
	tri_leave(cpu);
}

int pcp_alloc_list(struct tri_core *core, struct frame_list *list, unsigned long n)
{
	while (n) {
		unsigned long some = n < PCP_PIN_FRAMES ? n : PCP_PIN_FRAMES;
		struct tri_cpu *cpu = tri_enter(core);
		struct frame *frame = NULL;

		for (n -= some; some; some--) {
			frame = pop(core, &cpu->pcp, FRAME_MAPPED);
			if (!frame)
				break;
			frame_list_push_tail(&core->frames, list, frame);
		}
		tri_leave(cpu);
		if (!frame)
			goto out_undo;
	}
	return 0;

out_undo:
	pcp_free_list(core, list);
	return -ENOMEM;
}

void pcp_free_list(struct tri_core *core, struct frame_list *list)
{
	while (list->count) {
		unsigned long some = PCP_PIN_FRAMES;
		struct tri_cpu *cpu = tri_enter(core);

		struct frame *block = NULL;

		for (; some && list->count && !block; some--) {
			struct frame *frame = frame_list_pop_head(&core->frames, list);

			if (TRI_UNLIKELY(frame_kind(frame) >> 8))
				block = frame;
			else
				push(core, &cpu->pcp, frame);
		}
		tri_leave(cpu);
		if (TRI_UNLIKELY(block))
			pages_free(core, block, frame_kind(block) >> 8);
	}
}

void pcp_drain(struct tri_core *core)
{
	struct tri_cpu *cpu = tri_enter(core);

	drain(core, &cpu->pcp, cpu->pcp.list.count);
	tri_leave(cpu);
}

void pcp_drain_all(struct tri_core *core)
{
	for (unsigned int i = 0; i < core->cpus; i++)
		drain(core, &core->cpu[i].pcp, core->cpu[i].pcp.list.count);
}

void pcp_init(struct tri_core *core)
{
	for (unsigned int i = 0; i < core->cpus; i++) {
		core->cpu[i].pcp.high = core->tunable[TRI_TUNABLE_pcp_high];
		core->cpu[i].pcp.batch = core->tunable[TRI_TUNABLE_pcp_batch];
	}
}
