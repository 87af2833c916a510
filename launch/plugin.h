/* SPDX-License-Identifier: GPL-2.0-only */
/* plugin.h - the plugin that counts (trace/tlbmodel) and what it leaves its rows in. */
#ifndef LAUNCH_PLUGIN_H
#define LAUNCH_PLUGIN_H

#include "arguments.h"
#include "rows.h"

/*
 * Have QEMU load the plugin: its rows go to descriptor @rows_fd, @source is what it sees operands
 * by, in its own words; @model is tlb=, or NULL.
 */
void plugin_add(struct arguments *arguments, const char *source, int rows_fd, const char *model);
/* A file of empty rows, mapped; its descriptor, or -1 after one line. */
int plugin_rows(struct rows **rows);

#endif /* LAUNCH_PLUGIN_H */
