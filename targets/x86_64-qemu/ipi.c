/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi.c - calls to other CPUs. Each pair of CPUs has one place for a call, so that any number may
 * call at once, and nothing is ever allocated. A place is free again when its call has returned.
 *
 * Order: the caller fills the place, then sets its bit at the victim (a full barrier), then
 * interrupts it, unless a bit was set already: then an interrupt is on its way, or the victim is
 * about to look. The victim takes all bits at once, until there are none.
 */
#include "ipi.h"

#include "apic.h"
#include "cpu.h"
#include "ipi_interrupt.h"
#include "layout.h"
#include "port.h"

#define LINE __attribute__((aligned(64)))

struct place {
	ipi_fn fn; /* NULL: free, or done */
	void *arg;
} LINE;

/* A row for each caller, which scans it while it waits. */
static struct place places[TRI_MAX_CPUS][TRI_MAX_CPUS];
static struct {
	uint64_t callers;
} LINE pending[TRI_MAX_CPUS];

/* Interrupts are off. */
static void serve(struct cpu *cpu)
{
	unsigned int me = cpu->number, caller;
	uint64_t callers;

	while (__atomic_load_n(&pending[me].callers, __ATOMIC_RELAXED)) {
		callers = __atomic_exchange_n(&pending[me].callers, 0, __ATOMIC_ACQ_REL);
		for (; callers; callers &= callers - 1) {
			struct place *place;

			caller = __builtin_ctzl(callers);
			place = &places[caller][me];
			place->fn(place->arg);
			cpu->ipis += caller != me;
			__atomic_store_n(&place->fn, NULL, __ATOMIC_RELEASE);
		}
	}
}

void ipi_interrupt(void)
{
	apic_eoi();
	serve(cpu_this());
}

void ipi_poll(void)
{
	struct cpu *cpu = cpu_this();
	uint64_t flags;

	if (!__atomic_load_n(&pending[cpu->number].callers, __ATOMIC_RELAXED))
		return;
	flags = irq_save();
	serve(cpu);
	irq_restore(flags);
}

/* Until the call to @victim has returned. With interrupts off nobody else would serve ours. */
static void place_wait(const struct place *place)
{
	while (__atomic_load_n(&place->fn, __ATOMIC_ACQUIRE)) {
		if (!irq_on())
			ipi_poll();
		cpu_pause();
	}
}

/* True if @victim must be interrupted. */
static bool post(unsigned int me, unsigned int victim, ipi_fn fn, void *arg)
{
	struct place *place = &places[me][victim];

	place_wait(place);
	place->arg = arg;
	__atomic_store_n(&place->fn, fn, __ATOMIC_RELAXED);
	return !__atomic_fetch_or(&pending[victim].callers, 1UL << me, __ATOMIC_SEQ_CST);
}

static void interrupt(uint64_t victims, uint64_t others)
{
	uint64_t flags = irq_save();

	if (victims == others && victims & (victims - 1)) {
		apic_send_others(LAYOUT_VECTOR_IPI);
	} else {
		for (; victims; victims &= victims - 1)
			apic_send(__builtin_ctzl(victims), LAYOUT_VECTOR_IPI);
	}
	irq_restore(flags);
}

static uint64_t others_mask(unsigned int me)
{
	return (~0UL >> (64 - cpu_count())) & ~(1UL << me);
}

unsigned int ipi_call_mask(uint64_t mask, ipi_fn fn, void *arg, bool wait)
{
	unsigned int me = cpu_this()->number;
	uint64_t others = others_mask(me), left, victims = 0;
	unsigned int called = 0;

	mask &= others;
	for (left = mask; left; left &= left - 1, called++)
		if (post(me, __builtin_ctzl(left), fn, arg))
			victims |= left & -left;
	interrupt(victims, others);
	for (left = wait ? mask : 0; left; left &= left - 1)
		place_wait(&places[me][__builtin_ctzl(left)]);
	return called;
}

unsigned int ipi_call_one(unsigned int cpu, ipi_fn fn, void *arg, bool wait)
{
	return ipi_call_mask(1UL << cpu, fn, arg, wait);
}

unsigned int ipi_call_others(ipi_fn fn, void *arg, bool wait)
{
	return ipi_call_mask(~0UL, fn, arg, wait);
}

static void nothing(void *unused)
{
	(void)unused;
}

void ipi_self(void)
{
	unsigned int me = cpu_this()->number;
	uint64_t flags;

	post(me, me, nothing, NULL);
	flags = irq_save();
	apic_send_self(LAYOUT_VECTOR_IPI);
	irq_restore(flags);
	place_wait(&places[me][me]);
}
