/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probe.h - one probe: what a name of `trimm trace` stands for.
 *
 * A probe is three files, name.bpf.c, name.c and name.h (what both share, if anything), and a line
 * of probes.def. It says how its BPF object is opened and what its numbers mean; session.c does the
 * rest for all alike: load, attach, detach, read, forget, close.
 */
#ifndef TRACE_PROBES_PROBE_H
#define TRACE_PROBES_PROBE_H

#include "common.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct bpf_object;
struct bpf_object_skeleton;
struct frames;
struct symbols;

/* What the user asked for. */
struct probe_options {
	bool stacks, events; /* ways to events; single events */
	bool of_one;	     /* there is a process at the centre: its own, a command's */
	uint32_t room;	     /* keys a map has room for; 0: as many as the probe says */
	bool own;	     /* of the process at the centre only */
	bool of_module;	     /* of a case of the kernel module, whose threads are no process's */
	bool told;	     /* who reads the records tells the user what could not be had */
	bool elsewhere;	     /* only to be told to guests: nothing is opened here */
	uint32_t process;    /* of this one only; 0: of all */
	char **words;	     /* NAME.WORD=VALUE, ended by NULL */
};

/* The value of @name.@word, or NULL. */
const char *probe_word(const struct probe_options *options, const char *name, const char *word);

/* One loaded probe; its own file sets the first three. */
struct probe_run {
	struct bpf_object_skeleton *skeleton;
	void *object;	 /* struct NAME of the skeleton */
	const char *how; /* "raw_tp", "tp_btf", "fentry", "kprobe", "usdt" */
	const struct probe *probe;
	const struct probe_options *options;
	struct symbols *symbols; /* of the kernel; to name what keys hold */
	struct frames *frames;	 /* of processes; NULL: no stacks are asked for */
	uint32_t subject; /* the process at the centre as probes are attached; 0: none is known */
	char why[256];	  /* of an error: what, and what to do; of one that works: what it lacks */
};

/*
 * The end of most open()s: skeleton @opened is @run's, attached @by, and its programs are told what
 * the user asked for. A macro, since each skeleton is of a type of its own.
 */
#define probe_opened(run_, opened, by)                                   \
	do {                                                             \
		(opened)->rodata->with_stacks = (run_)->options->stacks; \
		(opened)->rodata->with_events = (run_)->options->events; \
		(run_)->object = (opened);                               \
		(run_)->skeleton = (opened)->skeleton;                   \
		(run_)->how = (by);                                      \
	} while (0)

/* What a number counts. A histogram's unit is its values'; a sum may have two names. */
struct probe_metric {
	const char *name, *unit;
	const char *sum_name, *sum_unit; /* of a sum: what is added up; NULL: it is only counted */
};

struct probe {
	const char *name, *about;
	/*
	 * Open the skeleton, choose programs by what this kernel has, set read-only data. 0; or a
	 * negative errno with @run->why: -ENOENT, this kernel has no such thing; -EINVAL, a bad
	 * word.
	 */
	int (*open)(struct probe_run *run);
	/* Free the skeleton's struct. */
	void (*close)(struct probe_run *run);
	/* Attach what libbpf can't by the section's name; NULL: nothing. As open() otherwise. */
	int (*attach)(struct probe_run *run);
	void (*detach)(struct probe_run *run);
	/* By trace_key.what; ended by a NULL name. */
	const struct probe_metric *histograms, *sums, *stacks;
	const char *const *events;
	bool singly; /* where single events are asked for, one that does not come out is lost */
	/* Add to @to what key's a and b say ({"reason":"remote shootdown"}); NULL: they say
	 * nothing. */
	void (*name_key)(const struct probe_run *run, const struct trace_key *key, bool sum,
			 json_t *to);
	void (*name_event)(const struct probe_run *run, const struct trace_event *event,
			   json_t *args);
};

#define PROBE(name) extern const struct probe probe_##name;
#include "probes.def"
#undef PROBE
/* Ended by NULL, in the order of probes.def. */
extern const struct probe *const probes[];
const struct probe *probe_find(const char *name);

#endif /* TRACE_PROBES_PROBE_H */
