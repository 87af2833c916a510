/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top_sources.h - where `trimm top` has its numbers from: files under /proc, the memory core of a
 * run (ask.h), and probes (collector.h). None of them is waited for.
 */
#ifndef CLI_TOP_SOURCES_H
#define CLI_TOP_SOURCES_H

#include "collector.h"
#include "top_model.h"

#include <pthread.h>
#include <stdbool.h>

/* What a core is asked for. */
#define TOP_ASKED 4

struct top_sources {
	struct top_model *model;
	pid_t run; /* 0: none, the machine */
	unsigned int arm;
	double interval;
	struct collector collector;
	bool collecting;
	json_t *records;    /* since the last take */
	double newest, due; /* when the last of them came; when the next take is, at the latest */
	/* The thread that asks the run, and what it has got; the lock is over all below. */
	pthread_t asker;
	bool asking; /* there is one */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
	char *texts[TOP_ASKED]; /* the newest answers */
	char why[256];		/* why there was none, or "" */
};

/* A clock for all here, in seconds. */
double top_now(void);

/*
 * Begin: of the run @run, or, 0, of the machine; @pid, unless 0, is the process that probes are
 * limited to. @probes are names for trimm-trace, with commas between them; NULL: those of ours that
 * it has. What can't be had is said in the model, and all else goes on.
 */
void top_sources_open(struct top_sources *sources, struct top_model *model, pid_t run,
		      unsigned int arm, pid_t pid, const char *probes, double interval);
/* Records may be read there; -1: no more of them come. */
int top_sources_fd(const struct top_sources *sources);
/* Read what has come. Is it time for a take? */
bool top_sources_read(struct top_sources *sources);
/* A new snapshot of all into the model. */
void top_sources_take(struct top_sources *sources);
/* Is there nothing more to come? The run has ended. */
bool top_sources_ended(const struct top_sources *sources);
void top_sources_close(struct top_sources *sources);

#endif /* CLI_TOP_SOURCES_H */
