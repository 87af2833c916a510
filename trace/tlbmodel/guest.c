/* SPDX-License-Identifier: GPL-2.0-only */
/* guest.c - the guest's memory as a file; see guest.h. */
#include "guest.h"

#include "channel.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const volatile struct mailbox *mailboxes; /* [MAILBOXES]; NULL: none */

/* System mode. */
static const unsigned char *ram;
static uint64_t ram_bytes, ram_low;
static const volatile struct channel *channel;

/* The file mapped shared, to read; NULL after a line. */
static const void *map_file(const char *path, uint64_t *bytes, uint64_t at_least)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *at = MAP_FAILED;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		say("%s cannot be opened: %s", path, strerror(errno));
	} else if ((uint64_t)st.st_size < at_least) {
		say("%s has %llu bytes; at least %llu are needed", path,
		    (unsigned long long)st.st_size, (unsigned long long)at_least);
	} else {
		*bytes = (uint64_t)st.st_size;
		at = mmap(NULL, *bytes, PROT_READ, MAP_SHARED, fd, 0);
		if (at == MAP_FAILED)
			say("%s cannot be mapped: %s", path, strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return at == MAP_FAILED ? NULL : at;
}

int guest_open(const struct options *options, bool system)
{
	uint64_t bytes;

	if (!system) {
		if (!options->mailbox)
			return 0;
		mailboxes = map_file(options->mailbox, &bytes, MAILBOXES * sizeof(struct mailbox));
		return mailboxes ? 0 : -1;
	}
	ram_low = options->low;
	ram = map_file(options->ram, &ram_bytes,
		       channel_offset(options->channel, ram_low) + sizeof(struct channel));
	if (!ram)
		return -1;
	channel = (const void *)(ram + channel_offset(options->channel, ram_low));
	mailboxes = channel->mailbox;
	return 0;
}

struct mailbox guest_mailbox(unsigned int cpu)
{
	if (!mailboxes)
		return (struct mailbox){0};
	return (struct mailbox){
		.operand = mailboxes[cpu].operand,
		.start = mailboxes[cpu].start,
		.end = mailboxes[cpu].end,
	};
}

/* Intel SDM 3A, 4.5.4: the bits of entries that a walk needs. */
#define ENTRY_PRESENT 1UL
#define ENTRY_LARGE   (1UL << 7)
#define ENTRY_GLOBAL  (1UL << 8)
#define ENTRY_ADDRESS 0x000ffffffffff000UL

struct tlb_mapping guest_walk(void *unused, uint64_t address)
{
	struct tlb_mapping mapping = {4, true, TLB_4K, false};
	uint64_t entry;

	(void)unused;
	if (!channel)
		return mapping;
	entry = channel->root;
	for (unsigned int read = 1; read <= 4; read++) {
		uint64_t index = address >> (48 - 9 * read) & 511;
		uint64_t at = channel_offset((entry & ENTRY_ADDRESS) + index * 8, ram_low);

		mapping.reads = read;
		entry = at < ram_bytes - 7 ? *(const volatile uint64_t *)(ram + at) : 0;
		if (!(entry & ENTRY_PRESENT)) {
			mapping.present = false;
			return mapping;
		}
		if (read == 4 || (read > 1 && entry & ENTRY_LARGE)) {
			mapping.size = (enum tlb_size)(4 - read);
			mapping.global = entry & ENTRY_GLOBAL;
			return mapping;
		}
	}
	return mapping;
}
