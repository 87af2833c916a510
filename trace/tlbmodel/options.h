/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - the plugin's arguments, NAME=VALUE each:
 *
 *	rows=PATH	where rows.h goes
 *	model=TEXT	the TLB, see model_text.h; without it, skylake
 *	trace=PATH	where every event goes, see trace.h; without it, nowhere
 * qemu-system-x86_64:
 *	ram=PATH	the file that is the guest's RAM
 *	low=BYTES	how much of it lies below 4 GiB
 *	channel=ADDRESS	where the guest keeps channel.h's struct
 * or guest=linux	instead of these, model= and trace=: instructions and accesses are counted,
 *			on one CPU, from the mark COMING on; no TLB is modelled, for nobody tells
 *			us what Linux flushes
 * qemu-x86_64:
 *	mailbox=PATH	a file of mailbox.h's structs; without it, ranges flushed are not told
 */
#ifndef TLBMODEL_OPTIONS_H
#define TLBMODEL_OPTIONS_H

#include "model.h"

struct options {
	const char *rows, *ram, *mailbox, *trace;
	const char *guest; /* NULL: ours, which tells what it flushes */
	uint64_t low, channel;
	const char *model;
	struct tlb_shape shape;
};

/* 0, or -1 after a line on stderr. Text is @argv's. */
int options_parse(struct options *options, bool system, int argc, char **argv);

#endif /* TLBMODEL_OPTIONS_H */
