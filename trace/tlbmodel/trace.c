/* SPDX-License-Identifier: GPL-2.0-only */
/* trace.c - writing events to a file; see trace.h. */
#include "trace.h"

#include "guest.h"
#include "say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static FILE *file;
static const char *name;

int trace_open(const char *path)
{
	if (!path)
		return 0;
	name = path;
	file = fopen(path, "we");
	if (file)
		return 0;
	say("trace=%s cannot be written: %s", path, strerror(errno));
	return -1;
}

static void put(uint64_t word)
{
	if (fwrite(&word, sizeof(word), 1, file) != 1)
		say_and_end("trace=%s cannot be written: %s", name, strerror(errno));
}

void trace_event(enum trace_kind kind, unsigned int cpu, uint64_t address)
{
	if (file)
		put(trace_word(kind, cpu, 0, address));
}

void trace_access(unsigned int cpu, uint64_t address)
{
	struct tlb_mapping mapping;

	if (!file)
		return;
	mapping = guest_walk(NULL, address);
	if (mapping.present)
		put(trace_word(TRACE_ACCESS, cpu,
			       (unsigned int)mapping.size | (mapping.global ? 4 : 0), address));
	else
		put(trace_word(TRACE_UNMAPPED, cpu, mapping.reads - 1, address));
}

void trace_flush(void)
{
	if (file && fflush(file))
		say_and_end("trace=%s cannot be written: %s", name, strerror(errno));
}
