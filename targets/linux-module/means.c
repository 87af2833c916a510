/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * means.c - what a CPU can do to translations and to other CPUs inside Linux: what Linux does
 * itself, by its own functions where modules may call them.
 */
#include <asm/cpufeature.h>
#include <asm/special_insns.h>
#include <asm/tlbflush.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "host.h"
#include "workers.h"

/* Intel SDM 3A, 4.10.4.1: a move to CR3 with it keeps what is cached under the PCID. */
#define CR3_KEEP (1UL << 63)

const char *host_lacks(enum host_means which)
{
	switch (which) {
	case HOST_IPI:
	case HOST_IPI_ONE:
	case HOST_IPI_SELF:
	case HOST_HALT:
	case HOST_INVLPG:
	case HOST_ROOT:
	case HOST_FLUSH_HERE:
		return NULL;
	case HOST_PCID:
		/* Linux clears it if it uses none: "nopcid". */
		return boot_cpu_has(X86_FEATURE_PCID) ? NULL
						      : "this CPU has no PCID (QEMU's TCG has "
							"none)";
	case HOST_MEANS_COUNT:
		break;
	}
	return "there is no such thing to ask for";
}

static void answer(void *arg)
{
	(void)arg;
}

/* All the others means all of Linux's, with those that no slot is on: they flush as well. */
void host_ipi(unsigned int first, unsigned int n)
{
	if (n == 1)
		smp_call_function_single(workers_cpu(first), answer, NULL, 1);
	else
		smp_call_function(answer, NULL, 1);
}

static void self_answer(struct irq_work *work)
{
	(void)work;
}

/* A call to one's own CPU interrupts nobody; the work's interrupt is the APIC's (x86). */
void host_ipi_self(void)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(self_answer);

	irq_work_queue(&work);
	irq_work_sync(&work);
}

/*
 * As Linux's idle loop, in a thread: STI takes effect after the next instruction, so nothing comes
 * between the look and the HLT; the scheduler is asked after each interrupt.
 */
void host_halt_while(const unsigned int *word, unsigned int value)
{
	local_irq_disable();
	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == value) {
		if (need_resched())
			local_irq_enable();
		else
			safe_halt();
		cond_resched();
		local_irq_disable();
	}
	local_irq_enable();
}

void host_invlpg(uintptr_t va)
{
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

/* In one piece: a thread of another address space may not come between. */
void host_root_reload(bool keep)
{
	unsigned long saved = plat_pin(), root = __read_cr3();

	write_cr3(keep ? root | CR3_KEEP : root);
	plat_unpin(saved);
}

void host_flush_here(void)
{
	preempt_disable();
	__flush_tlb_all();
	preempt_enable();
}
