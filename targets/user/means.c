/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * means.c - what a CPU can do to translations and to other CPUs. Programs can do one thing:
 * have the host interrupt all CPUs that run a thread of theirs, by membarrier(2) (Linux 4.14;
 * the host's kernel/sched/membarrier.c sends IPIs and waits). The rest is the kernel's alone.
 */
#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host.h"

static bool can_interrupt;

static void interrupt_register(void)
{
	long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	can_interrupt = commands > 0 && commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED &&
			!syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
}

const char *host_lacks(enum host_means which)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, interrupt_register);
	switch (which) {
	case HOST_IPI:
		return can_interrupt ? NULL : "the host has no membarrier(2) that interrupts CPUs";
	case HOST_IPI_ONE:
		return "a program can interrupt all its CPUs at once, not one of them; see ipi-all";
	case HOST_IPI_SELF:
	case HOST_HALT:
		return "a program can't take interrupts or halt; --target qemu can";
	case HOST_INVLPG:
	case HOST_ROOT:
	case HOST_PCID:
	case HOST_FLUSH_HERE:
		return "a program can't execute INVLPG or write CR3 and CR4; --target qemu can";
	case HOST_MEANS_COUNT:
		break;
	}
	return "there is no such thing to ask for";
}

/* Whoever waits in membarrier() is interrupted as well as those that spin. */
void host_ipi(unsigned int first, unsigned int n)
{
	(void)first;
	(void)n;
	syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

static void refuse(void)
{
	plat_die(__FILE__, __LINE__, "asked for what host_lacks() said there is not");
}

void host_ipi_self(void)
{
	refuse();
}

void host_halt_while(const unsigned int *word, unsigned int value)
{
	(void)word;
	(void)value;
	refuse();
}

void host_invlpg(uintptr_t va)
{
	(void)va;
	refuse();
}

void host_root_reload(bool keep)
{
	(void)keep;
	refuse();
}

void host_flush_here(void)
{
	refuse();
}
