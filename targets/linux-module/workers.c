/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * workers.c - a worker slot is a CPU; there are no more slots than CPUs. Slot 0 is the case's own
 * kthread (run.c), each other a kthread that lives as long as one host_run().
 */
#include "workers.h"

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "host.h"
#include "params.h"
#include "run.h"

/* A CPU that is to go waits so long for the case's end: a block, where the machine is slow. */
#define OFFLINE_PATIENCE (10 * HZ)

enum { START_WAIT, START_GO, START_CANCEL };

/* One call of host_run(). */
struct team_run {
	void (*fn)(void *arg, unsigned int slot);
	void *arg;
	unsigned int arrived;
	bool astray;	    /* one of them is not where it belongs */
	unsigned int start; /* START_... */
};

struct worker {
	struct team_run *run;
	struct task_struct *task; /* NULL: none */
	unsigned int slot;
};

static unsigned int nr_slots;
static int slot_cpu[TRI_MAX_CPUS];
/* Slots 1 to nr_slots - 1, while host_run() is busy. */
static struct worker workers[TRI_MAX_CPUS];
static unsigned long switches_before; /* of workers that are gone */
static enum cpuhp_state hotplug;

unsigned int workers_cpus(void)
{
	return nr_slots;
}

int workers_cpu(unsigned int slot)
{
	return slot_cpu[slot];
}

void workers_choose(void)
{
	int cpu;

	nr_slots = 0;
	for_each_online_cpu(cpu)
	{
		if (nr_slots == TRI_MAX_CPUS)
			break;
		per_cpu(plat_slot, cpu) = (struct plat_slot){.number = nr_slots};
		slot_cpu[nr_slots++] = cpu;
	}
}

/*
 * Linux clears a CPU of bound threads, too, before it tells anybody that it is to go (offline()
 * below): sched_cpu_deactivate(), kernel/sched/core.c. Those that have migration disabled stay.
 */
bool workers_stay(unsigned int slot)
{
	migrate_disable();
	if (raw_smp_processor_id() == slot_cpu[slot])
		return true;
	migrate_enable();
	return false;
}

void workers_leave(void)
{
	migrate_enable();
}

unsigned long workers_switches(void)
{
	unsigned long sum = switches_before + current->nivcsw;

	for (unsigned int i = 1; i < nr_slots; i++)
		if (workers[i].task)
			sum += READ_ONCE(workers[i].task->nivcsw);
	return sum;
}

/*
 * All workers run but where they wait: there Linux may have the CPU, at each turn. Fewer looks
 * would save some ns; but where one thread emulates all CPUs, a turn of one is 0.1 s of the others'
 * (QEMU, TCG_KICK_PERIOD), and the watchdogs wait for seconds only.
 */
void host_relax(unsigned long spins)
{
	(void)spins;
	cpu_relax();
	cond_resched();
}

/*
 * Asleep, it leaves the CPU to all others who want it (Linux's own threads that purge, for one);
 * a tick wakes it, and the next is a whole period away.
 */
void host_turn_begin(void)
{
	if (params_counted())
		schedule_timeout_uninterruptible(2);
}

bool host_stopping(void)
{
	return run_stopping();
}

/* What every slot does, slot 0 included. */
static void work(struct team_run *run, unsigned int slot)
{
	unsigned long spins = 0;

	__atomic_fetch_add(&run->arrived, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&run->start, __ATOMIC_ACQUIRE) == START_WAIT)
		host_relax(spins++);
	if (__atomic_load_n(&run->start, __ATOMIC_ACQUIRE) == START_GO)
		run->fn(run->arg, slot);
}

static int worker_main(void *arg)
{
	struct worker *worker = arg;
	bool stays = workers_stay(worker->slot);

	if (!stays)
		__atomic_store_n(&worker->run->astray, true, __ATOMIC_RELAXED);
	work(worker->run, worker->slot);
	if (stays)
		workers_leave();
	return 0;
}

static int worker_start(struct team_run *run, unsigned int slot)
{
	struct worker *worker = &workers[slot];
	struct task_struct *task;

	worker->run = run;
	worker->slot = slot;
	task = kthread_create_on_node(worker_main, worker, cpu_to_node(slot_cpu[slot]), "trimm/%u",
				      slot);
	if (IS_ERR(task))
		return PTR_ERR(task);
	/* It ends by itself; who joins it must still find it. */
	get_task_struct(task);
	kthread_bind(task, slot_cpu[slot]);
	worker->task = task;
	wake_up_process(task);
	return 0;
}

static void worker_join(unsigned int slot)
{
	struct task_struct *task = workers[slot].task;

	kthread_stop(task);
	workers[slot].task = NULL;
	switches_before += task->nivcsw;
	put_task_struct(task);
}

int host_run(unsigned int n, void (*fn)(void *arg, unsigned int slot), void *arg)
{
	struct team_run run = {.fn = fn, .arg = arg};
	unsigned int started = 1;
	unsigned long spins = 0;
	int error = 0;

	if (!n || n > nr_slots) {
		host_error("cpus=%u is more than the machine's %u; give it more, or lower cpus=", n,
			   nr_slots);
		return -EINVAL;
	}
	for (; started < n && !error; started += !error)
		error = worker_start(&run, started);
	if (error)
		host_error("a worker's kernel thread could not be started: error %d", error);
	while (!error && __atomic_load_n(&run.arrived, __ATOMIC_ACQUIRE) < n - 1)
		host_relax(spins++);
	if (!error && __atomic_load_n(&run.astray, __ATOMIC_RELAXED)) {
		host_error("a CPU of the case is going offline");
		error = -ENODEV;
	}
	__atomic_store_n(&run.start, error ? START_CANCEL : START_GO, __ATOMIC_RELEASE);
	work(&run, 0);
	while (started-- > 1)
		worker_join(started);
	return error;
}

static bool is_slot(unsigned int cpu)
{
	for (unsigned int i = 0; i < nr_slots; i++)
		if (slot_cpu[i] == (int)cpu)
			return true;
	return false;
}

/*
 * CPU @cpu is to go offline. Nothing that runs may wait for CPUs to stay (cpus_read_lock()) until
 * this has returned, and the case might: so its end is waited for, but not for ever.
 */
static int offline(unsigned int cpu)
{
	if (!is_slot(cpu) || run_stop())
		return 0;
	return wait_event_timeout(run_changed, !run_active(), OFFLINE_PATIENCE) ? 0 : -EBUSY;
}

int workers_init(void)
{
	int state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "trimm:online", NULL, offline);

	if (state < 0)
		return state;
	hotplug = state;
	cpus_read_lock();
	workers_choose();
	cpus_read_unlock();
	return 0;
}

void workers_exit(void)
{
	cpuhp_remove_state_nocalls(hotplug);
}
