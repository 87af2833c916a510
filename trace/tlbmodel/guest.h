/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest.h - what the plugin reads of the guest's memory: mailboxes and page tables. QEMU gives a
 * plugin neither registers nor memory, but the file that is the guest's RAM is shared.
 */
#ifndef TLBMODEL_GUEST_H
#define TLBMODEL_GUEST_H

#include "mailbox.h"
#include "model.h"
#include "options.h"

/* Map what @options name. 0, or -1 after a line on stderr. */
int guest_open(const struct options *options, bool system);
/* A CPU's mailbox, as it is now; zeros where there is none. */
struct mailbox guest_mailbox(unsigned int cpu);
/*
 * The walk of @address: through the guest's tables, which all CPUs share; in user mode what Linux
 * maps by default, 4 KiB pages under four levels.
 */
struct tlb_mapping guest_walk(void *unused, uint64_t address);

#endif /* TLBMODEL_GUEST_H */
