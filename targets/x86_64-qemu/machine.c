/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.c - the start, in order, and the end. */
#include "machine.h"

#include "apic.h"
#include "channel.h"
#include "clock.h"
#include "cpu.h"
#include "cpu_start.h"
#include "descriptors.h"
#include "layout.h"
#include "machine_start.h"
#include "paging.h"
#include "port.h"
#include "stacks.h"
#include "start.h"

/* The boot protocol's (Xen, public/arch-x86/hvm/start_info.h). */
struct start_info {
	uint32_t magic, version, flags, modules;
	uint64_t modlist, cmdline, rsdp;
	/* Version 1 on. */
	uint64_t memmap;
	uint32_t memmap_entries, reserved;
};
#define START_MAGIC 0x336ec578

/* What QEMU's -append brings: some hundred words at most. */
static char command_line[32768];

const char *machine_command_line(void)
{
	return command_line;
}

struct channel *machine_channel(void)
{
	struct channel *channel = memory_ptr(CHANNEL_ADDRESS);

	return channel->magic == CHANNEL_MAGIC ? channel : NULL;
}

void start_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_say(fmt, args);
	va_end(args);
	machine_exit(1);
}

static void command_line_copy(uint64_t from)
{
	const char *text = memory_ptr(from);
	unsigned int i;

	for (i = 0; from && text[i]; i++) {
		if (i == sizeof(command_line) - 1)
			start_fail("the command line is longer than %lu bytes",
				   sizeof(command_line) - 1);
		command_line[i] = text[i];
	}
}

/* On CPU 0's own stack. */
static void start_rest(void)
{
	apic_init();
	cpu_enable_this(0);
	clock_init();
	cpus_start();
	__asm__ volatile("sti" : : : "memory");
	machine_exit(kernel_main());
}

void machine_start(uint32_t start_info)
{
	const struct start_info *info = memory_ptr(start_info);

	descriptors_init();
	cpu_init_this(0);
	if (info->magic != START_MAGIC || !info->version || !info->memmap)
		start_fail("no memory map: start this with QEMU's -kernel, or another PVH loader");
	command_line_copy(info->cmdline);
	memory_init(info->memmap, info->memmap_entries);
	paging_init();
	if (!stacks_map(0))
		start_fail("no memory for stacks: give the machine more");
	boot_switch_stack(stack_top(0, STACK_WORK), start_rest);
}

/* Where there is no such device, a triple fault ends a machine started with -no-reboot. */
void machine_exit(unsigned int code)
{
	static const struct __attribute__((packed)) {
		uint16_t limit;
		uint64_t base;
	} no_gates;
	struct channel *channel = machine_channel();

	cpus_stop_others();
	if (channel)
		channel->ended = 1;
	port_out8(CHANNEL_EXIT_PORT, code);
	__asm__ volatile("lidt %0; int3" : : "m"(no_gates));
	for (;;)
		cpu_halt();
}
