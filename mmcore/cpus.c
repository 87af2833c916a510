/* SPDX-License-Identifier: GPL-2.0-only */
/* cpus.c - stop the other CPUs at the gate of their per-CPU data. See cpus.h. */
#include "core.h"

void cpus_init(struct tri_core *core)
{
	for (unsigned int i = 0; i < core->cpus; i++)
		core->cpu_at[i] = &core->cpu[i];
	plat_mutex_init(&core->stop.mutex);
}

void cpus_exit(struct tri_core *core)
{
	plat_mutex_destroy(&core->stop.mutex);
}

void cpus_stop(struct tri_core *core)
{
	plat_might_sleep();
	plat_mutex_lock(&core->stop.mutex);
	__atomic_store_n(&core->stop.by, plat_cpu() + 1, __ATOMIC_RELAXED);
	/* Whoever enters from here on sees the flag; whoever entered before, we see inside. */
	plat_fence_cpus();
	for (unsigned int i = 0; i < core->cpus; i++) {
		unsigned long spins = 0;

		while (__atomic_load_n(&core->cpu[i].gate.inside, __ATOMIC_ACQUIRE))
			plat_relax(spins++);
	}
}

void cpus_resume(struct tri_core *core)
{
	__atomic_store_n(&core->stop.by, 0, __ATOMIC_RELEASE);
	plat_mutex_unlock(&core->stop.mutex);
}

struct tri_cpu *cpus_enter_slow(struct tri_core *core, struct tri_cpu *cpu)
{
	unsigned long spins = 0;
	unsigned int by;

	while ((by = __atomic_load_n(&core->stop.by, __ATOMIC_ACQUIRE)) && by != plat_cpu() + 1) {
		__atomic_store_n(&cpu->gate.inside, 0, __ATOMIC_RELEASE);
		plat_unpin(cpu->gate.saved);
		while (__atomic_load_n(&core->stop.by, __ATOMIC_ACQUIRE))
			plat_relax(spins++);
		cpu = cpus_pin_inside(core);
	}
	return cpu;
}
