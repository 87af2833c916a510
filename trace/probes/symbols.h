/* SPDX-License-Identifier: GPL-2.0-only */
/* symbols.h - names of the kernel's functions, by /proc/kallsyms, read when the first is wanted. */
#ifndef TRACE_PROBES_SYMBOLS_H
#define TRACE_PROBES_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

struct symbols;

/* NULL: out of memory. Where the kernel hides addresses (kptr_restrict) no name will be found. */
struct symbols *symbols_open(void);
void symbols_close(struct symbols *symbols);
/* The function that @address is in, "do_syscall_64"; or the address, "0xffffffff81000000". */
void symbols_name(struct symbols *symbols, uint64_t address, char *text, size_t size);
/* Every function's name, modules' too; one that several functions have comes as often. */
void symbols_each(struct symbols *symbols, void (*visit)(void *arg, const char *name), void *arg);
/* As symbols_name(), with how far into the function: "load_msg+0x37". */
void symbols_place(struct symbols *symbols, uint64_t address, char *text, size_t size);

#endif /* TRACE_PROBES_SYMBOLS_H */
