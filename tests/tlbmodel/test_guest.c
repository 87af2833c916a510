/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_guest.c - walks through page tables that lie in a guest's RAM: pages of each size, what is
 * absent at each level, tables above 4 GiB, entries that lead out of RAM.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "channel.h"
#include "guest.h"
#include "say.h"

#define GIB (1UL << 30)
#define LOW (3 * GIB)
#define RAM (5 * GIB)
/* Frames of tables: two below 4 GiB, one above it, where RAM goes on. */
#define ROOT	  0x200000UL
#define DIRECTORY 0x201000UL
#define POINTERS  (4 * GIB + 0x1000)
#define TABLE	  (5 * GIB + 0x3000)
#define P	  1UL
#define PS	  (1UL << 7)
#define G	  (1UL << 8)
#define NX	  (1UL << 63)
#define VA(a, b, c, d) \
	((uint64_t)(a) << 39 | (uint64_t)(b) << 30 | (uint64_t)(c) << 21 | (uint64_t)(d) << 12)

static char *ram;
static char said[256];

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(said, sizeof(said), fmt, args);
	va_end(args);
}

static void put(uint64_t table, unsigned int index, uint64_t entry)
{
	memcpy(ram + channel_offset(table, LOW) + 8UL * index, &entry, sizeof(entry));
}

static struct channel *channel(void)
{
	return (struct channel *)(ram + CHANNEL_ADDRESS);
}

static int make_guest(void **state)
{
	struct options options = {.low = LOW, .channel = CHANNEL_ADDRESS};
	int fd = memfd_create("ram", 0);
	char path[64];

	(void)state;
	if (fd < 0 || ftruncate(fd, RAM))
		return -1;
	ram = mmap(NULL, RAM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	options.ram = path;
	if (ram == MAP_FAILED || guest_open(&options, true))
		return -1;
	close(fd);
	channel()->root = ROOT;
	put(ROOT, 1, POINTERS | P);
	put(ROOT, 2, POINTERS | P | PS); /* means nothing here */
	put(POINTERS, 1, DIRECTORY | P);
	put(POINTERS, 2, 7 * GIB | P | PS | G | NX);
	put(DIRECTORY, 1, TABLE | P);
	put(DIRECTORY, 2, 0x400000 | P | PS);
	put(DIRECTORY, 3, 40 * GIB | P); /* out of RAM */
	put(TABLE, 1, 0x5000 | P | G);
	put(TABLE, 2, 0x6000 | P | PS); /* PAT here */
	put(TABLE, 511, 0x7000 | P);
	return 0;
}

static void finds(uint64_t address, unsigned int reads, enum tlb_size size, bool global)
{
	struct tlb_mapping mapping = guest_walk(NULL, address);

	assert_true(mapping.present);
	assert_int_equal(mapping.reads, reads);
	assert_int_equal(mapping.size, size);
	assert_int_equal(mapping.global, global);
}

static void finds_nothing(uint64_t address, unsigned int reads)
{
	struct tlb_mapping mapping = guest_walk(NULL, address);

	assert_false(mapping.present);
	assert_int_equal(mapping.reads, reads);
}

static void pages_of_each_size(void **state)
{
	(void)state;
	finds(VA(1, 1, 1, 1) + 4095, 4, TLB_4K, true);
	finds(VA(1, 1, 1, 2), 4, TLB_4K, false);
	finds(VA(1, 1, 1, 511), 4, TLB_4K, false);
	finds(VA(1, 1, 2, 300) + 7, 3, TLB_2M, false);
	finds(VA(1, 2, 300, 300), 2, TLB_1G, true);
	finds(VA(2, 1, 1, 1), 4, TLB_4K, true);
	/* Canonical addresses: bits 48 to 63 choose nothing. */
	finds(0xffff000000000000 | VA(1, 1, 2, 0), 3, TLB_2M, false);
}

static void what_is_absent_ends_the_walk(void **state)
{
	(void)state;
	finds_nothing(VA(0, 1, 1, 1), 1);
	finds_nothing(VA(1, 0, 1, 1), 2);
	finds_nothing(VA(1, 1, 0, 1), 3);
	finds_nothing(VA(1, 1, 1, 0), 4);
	finds_nothing(VA(1, 1, 3, 1), 4);
}

static void mailboxes_are_the_channels(void **state)
{
	(void)state;
	channel()->mailbox[63] = (struct mailbox){.operand = 1, .start = 2, .end = 3};
	assert_int_equal(guest_mailbox(63).operand, 1);
	assert_int_equal(guest_mailbox(63).start, 2);
	assert_int_equal(guest_mailbox(63).end, 3);
}

static void files_that_are_no_ram_are_refused(void **state)
{
	struct options options = {.ram = "/dev/null", .low = LOW, .channel = CHANNEL_ADDRESS};

	(void)state;
	assert_int_equal(guest_open(&options, true), -1);
	assert_non_null(strstr(said, "/dev/null has 0 bytes"));
	options.ram = "/nowhere";
	assert_int_equal(guest_open(&options, true), -1);
	assert_non_null(strstr(said, "/nowhere cannot be opened"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_of_each_size),
		cmocka_unit_test(what_is_absent_ends_the_walk),
		cmocka_unit_test(mailboxes_are_the_channels),
		cmocka_unit_test(files_that_are_no_ram_are_refused),
	};

	return cmocka_run_group_tests(tests, make_guest, NULL);
}
