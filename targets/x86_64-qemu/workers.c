/* SPDX-License-Identifier: GPL-2.0-only */
/* workers.c - a worker slot is a CPU; there are no more slots than CPUs. */
#include "channel.h"
#include "clock.h"
#include "cpu.h"
#include "host.h"
#include "machine.h"
#include "params.h"

int host_run(unsigned int n, void (*fn)(void *arg, unsigned int slot), void *arg)
{
	if (!n || n > cpu_count()) {
		host_error("cpus=%u is more than the machine's %u; start it with more (QEMU: -smp)",
			   n, cpu_count());
		return -EINVAL;
	}
	cpus_run(n, fn, arg);
	return 0;
}

void host_turn_begin(void)
{
	clock_set_quantum(params_quantum());
}

void host_relax(unsigned long spins)
{
	plat_relax(spins);
}

bool host_stopping(void)
{
	const struct channel *channel = machine_channel();

	return channel && __atomic_load_n(&channel->stop, __ATOMIC_RELAXED);
}
