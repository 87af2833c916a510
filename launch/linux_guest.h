/* SPDX-License-Identifier: GPL-2.0-only */
/* linux_guest.h - one boot of a Linux kernel, and what it is to do; see linux_guest.c. */
#ifndef LAUNCH_LINUX_GUEST_H
#define LAUNCH_LINUX_GUEST_H

#include "accel.h"
#include "archive.h"
#include "child.h"
#include "guest/port.h"
#include "guest_port.h"
#include "kernel_log.h"
#include "options.h"
#include "plugin.h"
#include "prepared.h"
#include "sink.h"
#include "watchdog.h"

enum linux_guest_stage { BOOTING, AT_WORK, LEAVING, GONE };

struct linux_guest {
	struct options options;
	const char *first;   /* for the guest's shell before all else (PORT_FIRST), or NULL */
	const char *command; /* for that shell, or NULL: cases */
	/* Those, one after the other, each a payload of port.h's run; */
	char **cases;
	size_t nr_cases, at; /* the one at work */
	struct prepared prepared;
	unsigned int cpus;
	uint64_t ram;
	struct accel accel;
	int archive;
	int rows_fd; /* with rows */
	struct rows *rows;
	struct child child;
	struct sink sink;
	struct guest_port port;
	struct kernel_log log;
	struct watchdog watchdog;
	enum linux_guest_stage stage;
	bool traced; /* with probes in its kernel (tracing.h) */
	bool hangs, stopping, killed;
	uint64_t log_signs;
	int64_t deadline_ms; /* 0: none; then it is killed */
};

/* The value of the word kernel=, or what it is without one. */
const char *linux_guest_kernel(int nr_words, char *const *words);
/* CPUs and memory, as the options say. 0 or an exit code after one line, as all below. */
int linux_guest_size(struct linux_guest *run);
/* Begin what it boots with, of what was prepared; with the module's file, or without. */
int linux_guest_open_archive(struct linux_guest *run, bool module);
/* Boot, have it done, and be back when nothing is left of it. */
int linux_guest_execute(struct linux_guest *run);

/* --- What it may do: module_case.c, module_command.c; words as launch_module()'s --- */
int module_case(struct linux_guest *run, int nr_words, char *const *words);
int module_command(struct linux_guest *run, int nr_words, char *const *words);

#endif /* LAUNCH_LINUX_GUEST_H */
