/* SPDX-License-Identifier: GPL-2.0-only */
/* doctor_machine.c - CPUs, memory, clock and settings: what timed results rest on. */
#include "doctor.h"
#include "machine.h"
#include "sysfs.h"

#include <cpuid.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

void doctor_cpus(void)
{
	char model[256];
	cpu_set_t set;
	int cpus = sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);

	sysfs_field("/proc/cpuinfo", "model name", model, sizeof(model));
	if (cpus > 1)
		doctor_say(FINDING_OK, "cpus", "%d usable, %s, %s", cpus, model,
			   machine_virtualisation());
	else
		doctor_say(FINDING_WARN, "cpus",
			   "1 usable: no TLB shootdowns to measure; allow more (taskset, cpuset)");
}

/* More running tasks than this beside ours and slices are stolen often enough to show. */
#define LOAD_LIMIT 0.5

void doctor_load(void)
{
	double load;

	if (getloadavg(&load, 1) != 1)
		doctor_say(FINDING_WARN, "load", "unknown: /proc is not readable");
	else if (load > LOAD_LIMIT)
		doctor_say(FINDING_WARN, "load",
			   "%.2f: other work runs; wait until it is below %.1f", load, LOAD_LIMIT);
	else
		doctor_say(FINDING_OK, "load", "%.2f", load);
}

/* Two arms of 1 GiB frames each, and the rest of the system. */
#define MEMORY_WANTED_MIB 3072

void doctor_memory(void)
{
	char line[64];
	long mib = sysfs_field("/proc/meminfo", "MemAvailable", line, sizeof(line))
			   ? atol(line) / 1024
			   : sysconf(_SC_AVPHYS_PAGES) / 256;

	if (mib >= MEMORY_WANTED_MIB)
		doctor_say(FINDING_OK, "memory", "%ld MiB available", mib);
	else
		doctor_say(FINDING_WARN, "memory", "%ld MiB available; give runs memory=256M", mib);
}

/* Linux's default; host=exact needs about one mapping per live run of pages. */
#define MAPS_WANTED 65530

void doctor_maps(void)
{
	long maps = sysfs_number("/proc/sys/vm/max_map_count");

	if (maps >= MAPS_WANTED)
		doctor_say(FINDING_OK, "mappings", "vm.max_map_count is %ld", maps);
	else
		doctor_say(FINDING_WARN, "mappings",
			   "vm.max_map_count is %ld: host=exact will run out; sysctl "
			   "vm.max_map_count=%d",
			   maps, MAPS_WANTED);
}

static double now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

/* Enough reads to hide the cost of asking for the time twice; 0.3 ms. */
#define CLOCK_READS 20000

static double read_cost_ns(void)
{
	double start = now_ns();

	for (int i = 0; i < CLOCK_READS; i++) {
		_mm_lfence();
		__rdtsc();
	}
	return (now_ns() - start) / CLOCK_READS;
}

void doctor_clock(void)
{
	unsigned int eax, ebx, ecx, edx = 0;
	char source[64];
	double cost = read_cost_ns();

	sysfs_line("/sys/devices/system/clocksource/clocksource0/current_clocksource", source,
		   sizeof(source));
	if (!*source)
		strcpy(source, "unknown");
	if (__get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) && edx & 1U << 8)
		doctor_say(FINDING_OK, "clock", "TSC invariant, %.1f ns a read, clocksource %s",
			   cost, source);
	else
		doctor_say(
			FINDING_WARN, "clock",
			"TSC not invariant (%.1f ns a read, clocksource %s): times may drift with "
			"the CPU's frequency; fix it in the firmware, or trust counters only",
			cost, source);
}

void doctor_governor(void)
{
	char governor[64];

	if (!sysfs_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor,
			sizeof(governor)))
		doctor_say(FINDING_OK, "governor", "none to set: the host, or nobody, scales");
	else if (strcmp(governor, "performance"))
		doctor_say(FINDING_WARN, "governor", "%s: cpupower frequency-set -g performance",
			   governor);
	else
		doctor_say(FINDING_OK, "governor", "performance");
}

void doctor_aslr(void)
{
	long level = sysfs_number("/proc/sys/kernel/randomize_va_space");

	if (level < 0)
		doctor_say(FINDING_WARN, "aslr", "unknown: /proc/sys is not readable");
	else
		doctor_say(
			FINDING_OK, "aslr",
			level ? "on: compare arms of one run, or several runs; one process is one "
				"layout"
			      : "off: layouts repeat, so a layout's luck repeats too");
}

void doctor_shootdowns(void)
{
	char counts[512];

	if (sysfs_field("/proc/interrupts", "TLB", counts, sizeof(counts)))
		doctor_say(FINDING_OK, "shootdowns", "counted by the TLB line of /proc/interrupts");
	else
		doctor_say(FINDING_MISSING, "shootdowns",
			   "no TLB line in /proc/interrupts; needs an SMP x86 kernel and /proc");
}
