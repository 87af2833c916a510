/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.h - what the harness asks of a target, beyond mmcore's needs (platform.h).
 * Each target implements it in its host.c. Int results are 0 or a negative errno.
 */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include "tri.h"

struct host_info {
	const char *target;   /* "user", "x86_64-qemu", "linux-module" */
	const char *timebase; /* "tsc-hw", "tsc-tcg", ... */
	uint64_t tick_hz;     /* of plat_ticks(), measured once against another clock */
	uint64_t memory;      /* bytes of frames of a core: memory= */
	unsigned int cpus;    /* CPUs to run workers on; more workers are oversubscribed */
	bool in_step;	   /* CPUs interleave the same way each time: counts repeat without turns */
	bool modelled;	   /* a plugin counts between marks (mark.h) */
	bool models_tlb;   /* and what a TLB would do, which tlb= says */
	bool counts_alone; /* without a plugin mode=exact has the core's own counters */
	/*
	 * Where modelled: operations of a slice, at most, so that it ends before a timer that
	 * cannot be kept quiet interrupts it; 0: as many as a slice can have.
	 */
	unsigned int modelled_ops;
	/* Of the Linux whose allocators run beside the core's, "6.1.0-41-cloud-amd64"; or NULL. */
	const char *kernel_release;
};
void host_info_read(struct host_info *out);

/* --- Settings a target understands (host=, memory=, window=); set before all else. --- */
struct host_param {
	const char *name, *unit, *def, *values, *about; /* values: "linear|exact", "1M.." */
	/* What is recorded only where it is not the default: those who never set it see no change.
	 */
	bool optional;
};
/* Terminated by a NULL name. */
extern const struct host_param host_params[];
/* -ENOENT: no such name; -EINVAL or -ERANGE: bad value; -EFAULT: one, and a line has said why. */
int host_param_set(const char *name, const char *value);
/* The value in force, as text. */
const char *host_param_get(const char *name);

/* --- Subjects only this target has (its libc, libraries); ended by NULL --- */
struct subject;
const struct subject *const *host_subjects(void);

/* --- Cores of other builds of mmcore, as arms beside each other --- */
struct case_config;
struct arm_config;
struct host_loader {
	const char *about; /* of the word core=NAME */
	/*
	 * Before all open() of a case: what was open is forgotten, and places that mean nothing
	 * follow from the number of the process, where it has one.
	 */
	void (*begin)(const struct case_config *config);
	/*
	 * The build that @arm's words name, a copy of its own; loaded when it is first asked for an
	 * obstacle. NULL after a line: there is no such file.
	 */
	const struct subject *(*open)(const struct case_config *config,
				      const struct arm_config *arm);
};
/* NULL: this target loads none. */
const struct host_loader *host_loader(void);

/* --- Cores --- */
/*
 * A core, by its build's @calls, with @config's policies and tunables and its own frames and
 * window, which the target fills in. NULL if something ran out; a line has then been logged that
 * names the setting to change, and nothing stays mapped. Destroy returns calls->exit()'s count.
 */
struct core_calls;
struct tri_core *host_core_create(const struct core_calls *calls, struct tri_config *config);
unsigned long host_core_destroy(struct tri_core *core);

/* --- Workers --- */
/*
 * Run fn(arg, slot) on slots 0..n-1 at once, each pinned to a CPU of its own while CPUs
 * last; back when all have returned. Outside host_run(), the caller is slot 0.
 */
int host_run(unsigned int n, void (*fn)(void *arg, unsigned int slot), void *arg);
/*
 * One turn of a wait loop that has spun @spins times already. Yields the CPU now and then
 * if workers outnumber CPUs, never otherwise: a victim must be running.
 */
void host_relax(unsigned long spins);
/*
 * Where CPUs take turns by themselves (in_step): this CPU's turn begins anew, now. Where a timer
 * interrupts slices (modelled_ops): it has just done so, and others who wanted the CPU had it. Else
 * nothing.
 */
void host_turn_begin(void);
/* True once the user asked to stop; the harness ends at the next block. */
bool host_stopping(void);

/* --- What a CPU can do to translations and to other CPUs; each in host_means.def --- */
enum host_means {
#define HOST_MEANS(name, about) HOST_##name,
#include "host_means.def"
#undef HOST_MEANS
	HOST_MEANS_COUNT
};
/* Why this target has not got it, in a few words; NULL: it has, and may be asked for it. */
const char *host_lacks(enum host_means which);
/*
 * Interrupt CPUs first .. first+n-1, this one not among them; back when all have answered. Not
 * all the others: with HOST_IPI_ONE only.
 */
void host_ipi(unsigned int first, unsigned int n);
/* Interrupt this CPU; back when it has answered. */
void host_ipi_self(void);
/* Stand halted, not spinning, while *word is @value; woken by interrupts, which it answers. */
void host_halt_while(const unsigned int *word, unsigned int value);
/* Drop this CPU's translation of the page at @va. */
void host_invlpg(uintptr_t va);
/* Reload this CPU's root; with @keep (HOST_PCID) what is cached stays, else all but global. */
void host_root_reload(bool keep);
/* Drop all of this CPU's translations, global ones too. */
void host_flush_here(void);

/* --- How long flushes took, by the CPUs each interrupted: none, 1, 2-3, 4-7 ... 32-63 --- */
#define HOST_FLUSH_CLASSES 7
struct histogram;
/* Add what plat_tlb_flush_*() took since the last call to to[HOST_FLUSH_CLASSES]; in ticks. */
void host_flush_times_take(struct histogram *to);

/* --- Memory for bookkeeping, never from the allocator under test --- */
/* Zeroed, page aligned, already touched; NULL if there is none. */
void *host_scratch_alloc(size_t bytes);
void host_scratch_free(void *scratch, size_t bytes);

/* --- The trace that trace= names (recorded.h) --- */
/* 0 and its bytes; -ENOENT: there is no trace=; -EINVAL after one line: it can't be had. */
int host_trace_open(uint64_t *bytes);
/* @bytes from @offset on, in bounds; false: it can't be read. On any slot. */
bool host_trace_read(uint64_t offset, void *to, size_t bytes);

/* --- A tracer beside the case, whose probes are in for some blocks and out for others --- */
/* Does one wait for this case? Asked before it begins: it changes how the case is measured. */
bool host_tracer(void);
/*
 * This bench is at work from now on; -1: none is. On slot 0 around every timed slice, traced or
 * not: a store, or a NOP.
 */
void host_tracer_arm(long bench);
/*
 * Find it, tell it of benches @first to @first + @arms - 1. False: it can't be had, which
 * host_tracer_end() tells.
 */
bool host_tracer_begin(unsigned long first, unsigned int arms);
/*
 * Probes in or out, which may take seconds and disturbs all CPUs. False: the tracer is lost, for
 * good.
 */
bool host_tracer_switch(bool on);
/*
 * Of each of @n blocks of a bench while the probes were in, or out: picoseconds an operation, all
 * workers' time; of @ops operations at all. After the last host_tracer_switch(false).
 */
void host_tracer_blocks(long bench, bool on, uint64_t ops, const uint64_t *ps, unsigned long n);
/*
 * After the records of the benches: the tracer's own go to host_emit(). NULL, or why there are
 * none, or not all: one line.
 */
const char *host_tracer_end(void);

/* --- Counters --- */
enum host_counter {
#define HOST_COUNTER(name, unit, better, about) HOST_COUNTER_##name,
#include "host_counters.def"
#undef HOST_COUNTER
	HOST_COUNTER_COUNT
};
struct host_counts {
	uint64_t value[HOST_COUNTER_COUNT];
	uint64_t tlb_by_cpu[TRI_MAX_CPUS]; /* host_tlb_shootdowns, CPU by CPU */
};
/* "ok", or "unsupported" or "denied" with a reason in *why. */
const char *host_counter_avail(enum host_counter which, const char **why);
/* Costs up to 0.1 ms; call outside timed slices. */
void host_counts_read(struct host_counts *out);

/* --- Counters that a case asks for by name: as many as a target has; see extras.h --- */
struct host_extra {
	const char *name, *unit, *source; /* of the record: what counts it */
	enum tri_better better;
	const char *avail, *why; /* as of host_counter_avail() */
};
/* What was counted in the @running of @enabled ns that it could be. */
struct host_extra_count {
	uint64_t value, enabled, running;
};
/* How many were asked for, and which: the same for the whole case. 0: nothing is read. */
unsigned int host_extras(const struct host_extra **table);
/*
 * Add to to[host_extras()] what they counted on this slot from begin to end, less what these calls
 * add themselves; inside host_run(). Up to 1 us a counter: call outside of what is timed.
 */
void host_extras_begin(void);
void host_extras_end(struct host_extra_count *to);
/* Why there are fewer than one would expect, or NULL. */
const char *host_extras_remark(void);

/* --- Questions from outside while a case runs --- */
/* One that waits for its answer, or NULL; one load. It stays as it is until answered. */
const char *host_question(void);
/* A piece of the answer; NULL ends it. */
void host_answer(const char *piece, size_t length);

/* --- Words out --- */
/* Append one line (no newline in it) to the record stream. */
void host_emit(const char *line, size_t length);
/* One line to the user: what is wrong, where, what to do. */
void host_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* BENCH_HOST_H */
