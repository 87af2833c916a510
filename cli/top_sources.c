/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top_sources.c - see top_sources.h. The collector's beat is ours, too: its records of one interval
 * come in one go, and a snapshot cut in two would show half of them. A run answers between slices,
 * which can take long, so a thread of its own asks.
 */
#include "top_sources.h"
#include "ask.h"
#include "capture.h"
#include "cli.h"
#include "target.h"
#include "trace_record.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Records that came this long ago are all of their interval. */
#define QUIET_S 0.1
/* How long a run may think about an answer; quitting waits for that. */
#define PATIENCE_S 1

static const char *const asked[TOP_ASKED] = {"vmstat", "zoneinfo", "slabinfo", "vmallocinfo"};

double top_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- The run --- */

static void ask_all(struct top_sources *sources)
{
	char why[sizeof(sources->why)] = "";
	size_t length;

	for (size_t i = 0; i < TOP_ASKED && !*why; i++) {
		char *text = ask_within(sources->run, asked[i], sources->arm, PATIENCE_S, &length,
					why, sizeof(why));

		pthread_mutex_lock(&sources->lock);
		if (text) {
			free(sources->texts[i]);
			sources->texts[i] = text;
		}
		memcpy(sources->why, why, sizeof(why));
		pthread_mutex_unlock(&sources->lock);
	}
}

static void *ask_on(void *arg)
{
	struct top_sources *sources = arg;
	struct timespec until;
	bool stop = false;

	while (!stop) {
		ask_all(sources);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += (time_t)sources->interval;
		until.tv_nsec +=
			(long)((sources->interval - (double)(long)sources->interval) * 1e9);
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
		pthread_mutex_lock(&sources->lock);
		while (!sources->stop &&
		       pthread_cond_timedwait(&sources->wake, &sources->lock, &until) != ETIMEDOUT)
			;
		stop = sources->stop;
		pthread_mutex_unlock(&sources->lock);
	}
	return NULL;
}

/* Signals are for the thread that has the terminal. */
static void start_asking(struct top_sources *sources)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	sources->asking = !pthread_create(&sources->asker, NULL, ask_on, sources);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void take_answers(struct top_sources *sources)
{
	pthread_mutex_lock(&sources->lock);
	for (size_t i = 0; i < TOP_ASKED; i++)
		if (sources->texts[i])
			top_model_text(sources->model, asked[i], true, sources->texts[i]);
	if (*sources->why)
		snprintf(sources->model->trouble, sizeof(sources->model->trouble), "%.199s",
			 sources->why);
	pthread_mutex_unlock(&sources->lock);
}

/* --- The machine --- */

static void take_file(struct top_model *model, const char *name)
{
	char *path = cli_format("/proc/%s", name), *text = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0;

	/* slabinfo and vmallocinfo are root's; without them "-" is shown. */
	if (file && getdelim(&text, &size, '\0', file) > 0)
		top_model_text(model, name, false, text);
	if (file)
		fclose(file);
	free(text);
	free(path);
}

/* --- Probes --- */

/* Of the probes that are to be had, those whose events are few: looking shall not be felt. */
static char *find_probes(void)
{
	static const char *const ours[] = {"ipi", "reclaim", "tlbflush", "vmalloc"};
	char *program = target_program("trimm-trace"), *text, *found = NULL;
	char *argv[] = {program, "--list", NULL};

	if (capture(argv, true, &text))
		text = NULL;
	for (size_t i = 0; text && i < sizeof(ours) / sizeof(ours[0]); i++) {
		char *start = cli_format("%s ", ours[i]), *at = strstr(text, start), *longer;

		free(start);
		if (!at || (at != text && at[-1] != '\n'))
			continue;
		longer = found ? cli_format("%s,%s", found, ours[i]) : cli_format("%s", ours[i]);
		free(found);
		found = longer;
	}
	free(text);
	free(program);
	return found;
}

static void start_probes(struct top_sources *sources, pid_t pid, const char *probes)
{
	char *found = probes ? cli_format("%s", probes) : find_probes();
	struct list words = {NULL, 0};

	if (!found) {
		snprintf(sources->model->trouble, sizeof(sources->model->trouble),
			 "no probes: trimm-trace is not there; `make` builds it");
		return;
	}
	list_add(&words, "%s", found);
	list_add(&words, "--interval=%g", sources->interval);
	if (pid)
		list_add(&words, "--pid=%d", pid);
	sources->collecting = !collector_start(&sources->collector, &words, NULL, true);
	list_free(&words);
	free(found);
}

static bool take_line(void *arg, char *line, size_t length)
{
	struct top_sources *sources = arg;
	json_t *record = json_loadb(line, length, 0, NULL);

	if (record)
		json_array_append_new(sources->records, record);
	sources->newest = top_now();
	return record;
}

static void take_records(struct top_sources *sources)
{
	const json_t *record;
	size_t i;

	json_array_foreach (sources->records, i, record)
		top_model_record(sources->model, record);
	json_array_clear(sources->records);
}

/* --- All --- */

void top_sources_open(struct top_sources *sources, struct top_model *model, pid_t run,
		      unsigned int arm, pid_t pid, const char *probes, double interval)
{
	*sources = (struct top_sources){
		.model = model,
		.run = run,
		.arm = arm,
		.interval = interval,
		.collector.records.fd = -1,
		.records = json_array(),
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.wake = PTHREAD_COND_INITIALIZER,
	};
	start_probes(sources, pid, probes);
	if (run)
		start_asking(sources);
}

int top_sources_fd(const struct top_sources *sources)
{
	return sources->collector.records.fd;
}

bool top_sources_read(struct top_sources *sources)
{
	double now = top_now();
	int code;

	collector_read(&sources->collector, take_line, sources);
	if (sources->collecting && collector_ended(&sources->collector, &code)) {
		sources->collecting = false;
		if (!*sources->model->trouble && !code)
			snprintf(sources->model->trouble, sizeof(sources->model->trouble),
				 "no probes: the process has ended");
		else if (!*sources->model->trouble)
			snprintf(sources->model->trouble, sizeof(sources->model->trouble),
				 "no probes: trimm-trace ended, code %d; `trimm trace` says more",
				 code);
	}
	if (json_array_size(sources->records))
		return now - sources->newest > QUIET_S;
	return now >= sources->due;
}

void top_sources_take(struct top_sources *sources)
{
	static const char *const files[] = {"vmstat", "zoneinfo", "slabinfo", "vmallocinfo"};

	top_model_begin(sources->model, top_now());
	take_file(sources->model, "interrupts");
	if (sources->run)
		take_answers(sources);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !sources->run; i++)
		take_file(sources->model, files[i]);
	take_records(sources);
	top_model_end(sources->model);
	/* The beat is the collector's, while it keeps it. */
	sources->due = top_now() + (sources->collecting ? 1.5 : 1) * sources->interval;
}

bool top_sources_ended(const struct top_sources *sources)
{
	return sources->run && kill(sources->run, 0) && errno == ESRCH;
}

void top_sources_close(struct top_sources *sources)
{
	int code;

	if (sources->collecting) {
		collector_ask(&sources->collector, false);
		while (!collector_ended(&sources->collector, &code)) {
			const struct timespec while_ago = {.tv_nsec = 10000000};

			/* A full pipe would keep it from ending. */
			collector_read(&sources->collector, take_line, sources);
			nanosleep(&while_ago, NULL);
		}
	}
	collector_close(&sources->collector);
	if (sources->asking) {
		pthread_mutex_lock(&sources->lock);
		sources->stop = true;
		pthread_cond_signal(&sources->wake);
		pthread_mutex_unlock(&sources->lock);
		pthread_join(sources->asker, NULL);
	}
	for (size_t i = 0; i < TOP_ASKED; i++)
		free(sources->texts[i]);
	json_decref(sources->records);
}
