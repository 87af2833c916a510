/* SPDX-License-Identifier: GPL-2.0-only */
/* means.c - what a CPU can do to translations and to other CPUs: here all that there is. */
#include "cpu.h"
#include "host.h"
#include "ipi.h"
#include "paging.h"

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
		return paging_has_pcid() ? NULL : "this CPU has no PCID (QEMU's TCG has none)";
	case HOST_MEANS_COUNT:
		break;
	}
	return "there is no such thing to ask for";
}

static void answer(void *arg)
{
	(void)arg;
}

void host_ipi(unsigned int first, unsigned int n)
{
	uint64_t mask = n < 64 ? (1UL << n) - 1 : ~0UL;

	ipi_call_mask(mask << first, answer, NULL, true);
}

void host_ipi_self(void)
{
	ipi_self();
}

/* STI takes effect after the next instruction: nothing comes between the look and the HLT. */
void host_halt_while(const unsigned int *word, unsigned int value)
{
	unsigned long saved = plat_pin();

	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == value)
		__asm__ volatile("sti; hlt; cli" : : : "memory");
	plat_unpin(saved);
}

void host_invlpg(uintptr_t va)
{
	paging_invlpg(va);
}

void host_root_reload(bool keep)
{
	paging_reload(keep);
}

void host_flush_here(void)
{
	paging_flush_all();
}
