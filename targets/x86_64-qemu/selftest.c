/* SPDX-License-Identifier: GPL-2.0-only */
/* selftest.c - faults of each kind, and calls between all CPUs at once. */
#include "selftest.h"

#include "channel.h"
#include "cpu.h"
#include "ipi.h"
#include "layout.h"
#include "machine.h"
#include "memory.h"
#include "port.h"
#include "selftest_flush.h"

/* Of all CPUs together; or fewer, where CPUs outnumber the host's and wait for their turns. */
#define CALLS	      100000UL
#define CALLS_SECONDS 2

/* Of all CPUs together; each CPU's at its own place. */
static struct {
	uint64_t got __attribute__((aligned(64)));
} tally[TRI_MAX_CPUS];

/* Volatile: the compiler must not know where they lead. */
static volatile int *volatile null;
static volatile bool for_ever = true;

static int divide(void)
{
	unsigned int zero = 0;

	__asm__ volatile("divl %0" : : "r"(zero), "a"(1), "d"(0) : "cc");
	return 0;
}

static int opcode(void)
{
	__asm__ volatile("ud2");
	return 0;
}

static int null_read(void)
{
	return *null;
}

static int null_jump(void)
{
	void (*volatile nowhere)(void) = NULL;

	nowhere();
	return 0;
}

static int write_text(void)
{
	*(volatile char *)machine_selftest = 0;
	return 0;
}

static int write_rodata(void)
{
	static const char constant[] = "constant";

	*(volatile char *)constant = 0;
	return 0;
}

static int execute_data(void)
{
	static char ret[] = {(char)0xc3};

	((void (*)(void))(uintptr_t)ret)();
	return 0;
}

/* Text has no second view that could be written. */
static int text_alias(void)
{
	*(volatile char *)memory_ptr(LAYOUT_TEXT) = 0;
	return 0;
}

static __attribute__((noinline)) int stack(volatile char *above)
{
	volatile char room[256];

	room[0] = above ? *above : 0;
	return for_ever ? stack(room) + room[0] : 0;
}

static int stack_overflow(void)
{
	return stack(NULL);
}

/* No stack to push the page fault on. */
static int double_fault(void)
{
	__asm__ volatile("xorl %%esp, %%esp; pushq %%rax" : : : "memory");
	return 0;
}

static int triple_fault(void)
{
	static const struct __attribute__((packed)) {
		uint16_t limit;
		uint64_t base;
	} no_gates;

	__asm__ volatile("lidt %0; ud2" : : "m"(no_gates));
	return 0;
}

static int panic(void)
{
	plat_panic(__FILE__, __LINE__, "on purpose");
}

/* What is said when there is no room for records must come through. */
static int log_full(void)
{
	static const char record[] = "{\"t\":\"note\",\"level\":\"info\",\"text\":\"padding\"}";
	const struct channel *channel = machine_channel();

	while (channel && !channel->overflow)
		words_line(CHANNEL_RECORD, record, sizeof(record) - 1);
	return panic();
}

static int hang(void)
{
	while (for_ever)
		cpu_pause();
	return 0;
}

static void all_fault(void *unused, unsigned int slot)
{
	(void)unused;
	*null = slot;
}

/* Only one of them reports. */
static int fault_everywhere(void)
{
	cpus_run(cpu_count(), all_fault, NULL);
	return 0;
}

/* Runs on the CPU that is called, interrupts off: nobody else adds to this tally. */
static void count(void *arg)
{
	(void)arg;
	tally[cpu_this()->number].got++;
}

/* Each calls one, many and all others, with and without waiting; interrupts on, then off. */
static void storm(void *arg, unsigned int slot)
{
	unsigned int n = cpu_count();
	uint64_t *sent = arg, flags, end = plat_ticks() + CALLS_SECONDS * machine_tick_hz();
	unsigned long i;

	for (i = 0; i < CALLS / n && plat_ticks() < end; i++) {
		bool wait = i & 1;

		flags = i & 2 ? irq_save() : 0;
		if (i % 16 == 0)
			sent[slot] += ipi_call_others(count, NULL, wait);
		else if (i % 16 < 4)
			sent[slot] +=
				ipi_call_mask(0x5555555555555555UL << (i & 1), count, NULL, wait);
		else
			sent[slot] += ipi_call_one((slot + i) % n, count, NULL, wait);
		if (i & 2)
			irq_restore(flags);
	}
	/* Without waiting before: each place is free once the last call has returned. */
	ipi_call_others(count, NULL, true);
	sent[slot] += n - 1;
}

static int ipis(void)
{
	static uint64_t sent[TRI_MAX_CPUS];
	uint64_t all_sent = 0, all_got = 0, served = 0;
	unsigned int cpu;

	cpus_run(cpu_count(), storm, sent);
	for (cpu = 0; cpu < cpu_count(); cpu++) {
		all_sent += sent[cpu];
		all_got += tally[cpu].got;
		served += cpu_table[cpu].ipis;
	}
	ipi_self();
	words_printf("%u CPUs made %lu calls, of which %lu arrived, %lu by the CPUs' own count",
		     cpu_count(), all_sent, all_got, served);
	return all_sent == all_got && all_got == served ? 0 : 1;
}

static const struct {
	const char *name;
	int (*run)(void);
} tests[] = {
	{"divide", divide},
	{"double-fault", double_fault},
	{"execute-data", execute_data},
	{"fault-everywhere", fault_everywhere},
	{"flush", selftest_flush},
	{"hang", hang},
	{"ipis", ipis},
	{"log-full", log_full},
	{"null-jump", null_jump},
	{"null-read", null_read},
	{"opcode", opcode},
	{"panic", panic},
	{"stack-overflow", stack_overflow},
	{"text-alias", text_alias},
	{"triple-fault", triple_fault},
	{"write-rodata", write_rodata},
	{"write-text", write_text},
};

int machine_selftest(const char *what)
{
	unsigned int i;

	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (!strcmp(what, tests[i].name))
			return tests[i].run();
	words_printf("selftest: there is no \"%s\"", what);
	return 2;
}
