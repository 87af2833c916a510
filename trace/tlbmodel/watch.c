/* SPDX-License-Identifier: GPL-2.0-only */
/* watch.c - rows, windows and operations, and the flushes in them; see watch.h. */
#include "watch.h"

#include "guest.h"
#include "mark.h"
#include "row_file.h"
#include "say.h"
#include "trace.h"

#include <string.h>

struct watched watched[MAILBOXES];
uint64_t watch_instructions;
struct watched *watch_running = &watched[0];

static unsigned int cpus;
static struct row *row;	    /* under way; NULL: none, and everything but MARK_BEGIN is ignored */
static uint64_t attributed; /* of watch_instructions */

int watch_open(const struct tlb_shape *shape, unsigned int n)
{
	cpus = n;
	for (unsigned int i = 0; i < cpus; i++) {
		watched[i].number = i;
		watched[i].tlb = tlb_new(shape, guest_walk, NULL);
		if (!watched[i].tlb) {
			say("no memory for the TLBs of %u CPUs", cpus);
			return -1;
		}
	}
	return 0;
}

static void attribute(void)
{
	if (watch_running->open)
		watch_running->counter[ROW_instructions] += watch_instructions - attributed;
	attributed = watch_instructions;
}

void watch_runs(struct watched *cpu)
{
	attribute();
	watch_running = cpu;
}

void watch_access(struct watched *cpu, uint64_t address)
{
	trace_access(cpu->number, address);
	tlb_access(cpu->tlb, address);
}

static void row_begin(void)
{
	row = row_file_begin();
	for (unsigned int i = 0; i < cpus; i++) {
		memset(watched[i].counter, 0, sizeof(watched[i].counter));
		watched[i].metric = ROW_METRICS;
		tlb_empty(watched[i].tlb);
		trace_event(TRACE_EMPTY, i, 0);
	}
}

static void row_end(void)
{
	for (unsigned int i = 0; i < cpus; i++) {
		if (watched[i].open)
			say_and_end("a row ended while the window of CPU %u was open", i);
		for (unsigned int c = 0; c < ROW_COUNTERS; c++)
			row->counter[c] += watched[i].counter[c];
	}
	row_file_end();
	row = NULL;
	trace_flush();
}

static void window_open(struct watched *cpu)
{
	if (cpu->open)
		say_and_end("CPU %u opened a window while one was open (in user space: two "
			    "threads; only one can be counted)",
			    cpu->number);
	cpu->before = *tlb_counts(cpu->tlb);
	cpu->open = true;
}

static void window_close(struct watched *cpu)
{
	const struct tlb_counts *now = tlb_counts(cpu->tlb);

	if (!cpu->open)
		say_and_end("CPU %u closed a window that was not open", cpu->number);
	cpu->counter[ROW_dtlb_misses] += now->dtlb_misses - cpu->before.dtlb_misses;
	cpu->counter[ROW_stlb_misses] += now->stlb_misses - cpu->before.stlb_misses;
	cpu->counter[ROW_walk_steps] += now->walk_steps - cpu->before.walk_steps;
	cpu->counter[ROW_tlb_dropped] += now->dropped - cpu->before.dropped;
	cpu->open = false;
}

static void costs_now(const struct watched *cpu, uint64_t *cost)
{
	cost[ROW_COST_INSTRUCTIONS] = cpu->counter[ROW_instructions];
	cost[ROW_COST_MISSES] = tlb_counts(cpu->tlb)->stlb_misses;
	cost[ROW_COST_STEPS] = tlb_counts(cpu->tlb)->walk_steps;
}

static void op_done(struct watched *cpu)
{
	uint64_t now[ROW_COSTS];

	if (cpu->metric == ROW_METRICS)
		return;
	costs_now(cpu, now);
	for (unsigned int i = 0; i < ROW_COSTS; i++)
		histogram_add(&row->cost[cpu->metric][i], now[i] - cpu->op_began[i]);
	cpu->metric = ROW_METRICS;
}

/* Flushes outside windows are not counted, but what they drop is gone. */
static void range_flushed(struct watched *cpu)
{
	struct mailbox mail = guest_mailbox(cpu->number);

	if (cpu->open)
		cpu->counter[ROW_flush_ranges]++;
	if (mail.start >= mail.end)
		return;
	trace_event(TRACE_DROP_RANGE, cpu->number, mail.start);
	trace_event(TRACE_DROP_RANGE, cpu->number, mail.end - 1);
	tlb_drop_range(cpu->tlb, mail.start, mail.end);
}

void watch_mark(struct watched *cpu, unsigned int mark)
{
	attribute();
	if (mark == MARK_BEGIN) {
		if (row)
			say_and_end("a row began while one was under way");
		row_begin();
		return;
	}
	if (!row)
		return;
	switch (mark) {
	case MARK_END:
		row_end();
		break;
	case MARK_OPEN:
		window_open(cpu);
		break;
	case MARK_CLOSE:
		window_close(cpu);
		cpu->metric = ROW_METRICS;
		break;
	case MARK_OP ... MARK_OP_LAST:
		cpu->metric = cpu->open ? mark - MARK_OP : ROW_METRICS;
		costs_now(cpu, cpu->op_began);
		break;
	case MARK_OP_DONE:
		op_done(cpu);
		break;
	case MARK_FLUSH:
		range_flushed(cpu);
		break;
	default:
		say_and_end("there is no mark %u: harness and plugin are of different versions",
			    mark);
	}
}

/*
 * The emulator comes to the instruction once for each element (and under icount once more): it is
 * the one it came to last if nothing was executed in between.
 */
void watch_repeat(struct watched *cpu, uint64_t address)
{
	if (cpu->repeating == address && cpu->repeated_at == watch_instructions)
		return;
	cpu->repeating = address;
	cpu->repeated_at = ++watch_instructions;
}

void watch_iret(struct watched *cpu)
{
	if (cpu->open)
		cpu->counter[ROW_interrupts]++;
}

static void flush_executed(struct watched *cpu, enum row_counter which)
{
	if (!cpu->open)
		return;
	cpu->counter[which]++;
	cpu->counter[ROW_flush_instructions]++;
}

void watch_invlpg(struct watched *cpu)
{
	uint64_t address = guest_mailbox(cpu->number).operand;

	if (!row)
		return;
	flush_executed(cpu, ROW_invlpg);
	trace_event(TRACE_DROP_PAGE, cpu->number, address);
	tlb_drop_page(cpu->tlb, address);
}

static void drop_all(struct watched *cpu)
{
	trace_event(TRACE_DROP_ALL, cpu->number, 0);
	tlb_drop_all(cpu->tlb);
}

/* What it drops depends on a register and memory that we don't see: all, which is the most. */
void watch_invpcid(struct watched *cpu)
{
	if (!row)
		return;
	flush_executed(cpu, ROW_invpcid);
	drop_all(cpu);
}

/* Outside rows too: the PCID must be known when the next one begins. */
void watch_cr3(struct watched *cpu)
{
	uint64_t value = guest_mailbox(cpu->number).operand;

	flush_executed(cpu, ROW_cr3_writes);
	trace_event(TRACE_CR3, cpu->number, (value & 4095) << 12 | (value & 1UL << 63));
	tlb_load_cr3(cpu->tlb, value);
}

/*
 * Of what CR4 holds, changes of PGE flush, and others that a kernel makes once at boot. The
 * value before isn't known for certain: every move counts as a change.
 */
void watch_cr4(struct watched *cpu)
{
	if (!row)
		return;
	flush_executed(cpu, ROW_cr4_writes);
	drop_all(cpu);
}
