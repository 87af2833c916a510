/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * launch.h - trimm-qemu: run a target inside QEMU as if it were a program like trimm-user.
 *
 *	trimm-qemu kernel WORD...	the bare-metal kernel, under qemu-system-x86_64
 *	trimm-qemu user WORD...		the user target's static build, under qemu-x86_64, exact
 *	trimm-qemu module WORD...	the module, in a Linux kernel under qemu-system-x86_64
 *	trimm-qemu module WORD... [-- WORD...]...
 *					cases one after the other in one boot, which has the CPUs,
 *					memory and patience that the first asks for
 *	trimm-qemu module described [kernel=KERNEL]
 *					what `describe` said when that guest was prepared, which
 *					this does not do: 77 if it has not been
 *	trimm-qemu module sh [NAME=VALUE...] [FILE...] -- COMMAND...
 *					any command of a shell in that guest: the words behind --
 *					make one line, as for ssh(1); it runs in a folder with
 *					copies of the FILEs, its output and exit code are this
 *					program's; /trimm.ko is there, not loaded, unless
 *					module=none is given
 *	trimm-qemu probe		is KVM fast enough to time with? One line, in words
 *
 * The words, records ($TRIMM_RECORD_FD), lines to the user (stderr), signals, exit codes and
 * questions (`trimm show`) are those of trimm-user. A record of type "model" is between the target
 * and this program: it is replaced by counter and hist records made of the plugin's rows
 * (trace/tlbmodel/rows.h):
 *
 *	{"t":"model","bench":N,"first":ROW,"rows":R,"ops":N,"metrics":["alloc","free"]}
 *
 * Of rows ROW to ROW+R-1, repeats of the same work, the first is the value and the others say
 * whether it is stable.
 *
 * Where cases share a boot, a record tells that one has ended, and how, and that the next begins;
 * the exit code is the last one's. None is begun after one that the guest suffered from, or whose
 * words are refused:
 *
 *	{"t":"next","code":N}
 */
#ifndef LAUNCH_LAUNCH_H
#define LAUNCH_LAUNCH_H

#include <stddef.h>
#include <stdint.h>

/* Exit codes of our own; all others are the target's. */
enum launch_exit {
	LAUNCH_FAILED = 1,
	LAUNCH_USAGE = 2, /* a word that this program judges */
	LAUNCH_NOTHING = 77
};

/* Each runs to the end and returns the exit code; words are those after the target's name. */
int launch_kernel(int nr_words, char *const *words);
int launch_module(int nr_words, char *const *words);
int launch_user(int nr_words, char *const *words);
int launch_probe(void);

/* "trimm-qemu: " and the message, one line on stderr. */
void launch_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Text in new memory; out of memory ends the program after one line, and QEMU with it. */
char *launch_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A file that was built and installed together with this program; free() it. */
char *launch_beside(const char *name);
/*
 * @bytes of zeroed memory that other processes can be given as a descriptor, closed on exec;
 * mapped at *memory. The descriptor, or -1 after one line. Pages cost memory once touched.
 */
int launch_share(const char *name, uint64_t bytes, void **memory);

#endif /* LAUNCH_LAUNCH_H */
