/* SPDX-License-Identifier: GPL-2.0-only */
/* session.c - see session.h. */
#include "session.h"
#include "account.h"
#include "floor.h"
#include "frames.h"
#include "loaded.h"
#include "say.h"
#include "symbols.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PROBES_MAX 32

struct session {
	struct loaded probe[PROBES_MAX];
	struct program_counts before[PROBES_MAX]; /* forgotten */
	unsigned int count;
	const struct probe_options *options;
	struct symbols *symbols;
	struct frames *frames;
	int control_fd, timing;
	struct trace_shared *control, nobodys; /* its own, where none is shared */
	bool attached, timed;
	uint64_t attached_ns;	  /* when; of before that, how long */
	double seconds, floor_ns; /* negative: not measured */
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* --- To begin --- */

static bool open_probe(struct session *session, const struct probe *kind)
{
	struct loaded *probe = &session->probe[session->count++];

	probe->run = (struct probe_run){.probe = kind,
					.options = session->options,
					.symbols = session->symbols,
					.frames = session->frames};
	return !loaded_open(probe, session->control_fd);
}

static bool make_control(struct session *session)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	const long page = sysconf(_SC_PAGESIZE);

	session->control_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "trimm_control", sizeof(uint32_t),
					     sizeof(struct trace_shared), 1, &options);
	if (session->control_fd < 0) {
		if (errno == EPERM)
			say("the kernel refuses BPF: be root, or have CAP_BPF and CAP_PERFMON");
		else
			say("the kernel can't make a BPF map: %s", strerror(errno));
		return false;
	}
	session->control = mmap(NULL, (size_t)page, PROT_READ | PROT_WRITE, MAP_SHARED,
				session->control_fd, 0);
	if (session->control == MAP_FAILED) {
		say("mapping a BPF map: %s", strerror(errno));
		return false;
	}
	session->control->process = session->control->subject = session->options->process;
	return true;
}

/* All of @names, or a line about the one that is none. */
static bool names_are_good(const char *names, const struct probe **list)
{
	char copy[512], *save = NULL;
	unsigned int n = 0;

	snprintf(copy, sizeof(copy), "%s", names);
	for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
		const struct probe *probe = probe_find(name);
		bool known = false;

		if (!probe) {
			say("no probe is called %s; trimm trace --list names them", name);
			return false;
		}
		for (unsigned int i = 0; i < n; i++)
			known |= list[i] == probe;
		if (!known)
			list[n++] = probe;
		if (n == PROBES_MAX)
			break;
	}
	list[n] = NULL;
	if (!n)
		say("name a probe; trimm trace --list names them");
	return n > 0;
}

struct session *session_open(const char *names, const struct probe_options *options, bool *wrong)
{
	const struct probe *list[PROBES_MAX + 1];
	struct session *session;
	bool good;

	*wrong = !names_are_good(names, list);
	session = *wrong ? NULL : calloc(1, sizeof(*session));
	if (!session)
		return NULL;
	loaded_listen();
	session->options = options;
	session->control_fd = session->timing = -1;
	session->control = MAP_FAILED;
	session->floor_ns = -1;
	if (options->elsewhere) {
		session->control = &session->nobodys;
		return session;
	}
	good = make_control(session);
	if (good) {
		session->symbols = symbols_open();
		good = session->symbols;
	}
	if (good && options->stacks) {
		session->frames = frames_open();
		good = session->frames;
	}
	for (int i = 0; good && list[i]; i++) {
		good = open_probe(session, list[i]);
		*wrong = !good;
	}
	if (good)
		return session;
	session_close(session);
	return NULL;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	session_detach(session);
	session_time(session, false);
	for (unsigned int i = 0; i < session->count; i++)
		loaded_close(&session->probe[i]);
	if (session->control_fd >= 0 && session->control != MAP_FAILED)
		munmap(session->control, (size_t)sysconf(_SC_PAGESIZE));
	if (session->control_fd >= 0)
		close(session->control_fd);
	symbols_close(session->symbols);
	frames_close(session->frames);
	free(session);
}

unsigned int session_working(const struct session *session)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < session->count; i++)
		n += loaded_works(&session->probe[i]);
	return n;
}

/* --- In and out --- */

/*
 * Nobody's slice while some programs are in and some are not: half of a pair of events would be
 * missing, and each program's coming and going interrupts all CPUs a few times.
 */
static int32_t pause_counting(struct session *session)
{
	return __atomic_exchange_n(&session->control->arm, -1, __ATOMIC_SEQ_CST);
}

void session_attach(struct session *session)
{
	int32_t arm;

	if (session->attached)
		return;
	arm = pause_counting(session);
	for (unsigned int i = 0; i < session->count; i++) {
		session->probe[i].run.subject = session->control->subject;
		loaded_attach(&session->probe[i]);
	}
	session->attached = true;
	session->attached_ns = session->control->since = now_ns();
	__atomic_store_n(&session->control->arm, arm, __ATOMIC_SEQ_CST);
}

void session_detach(struct session *session)
{
	int32_t arm;

	if (!session->attached)
		return;
	arm = pause_counting(session);
	session->attached = false;
	session->seconds += (double)(now_ns() - session->attached_ns) / 1e9;
	for (unsigned int i = 0; i < session->count; i++)
		loaded_detach(&session->probe[i]);
	__atomic_store_n(&session->control->arm, arm, __ATOMIC_SEQ_CST);
}

struct trace_shared *session_control(struct session *session)
{
	return session->control;
}

void session_subject(struct session *session, uint32_t process)
{
	if (session->options->process)
		return;
	session->control->subject = process;
	if (session->options->own)
		session->control->process = process;
}

int session_control_fd(const struct session *session)
{
	return session->control_fd;
}

bool session_elsewhere(const struct session *session)
{
	return session->options->elsewhere;
}

void session_time(struct session *session, bool on)
{
	if (on && session->timing < 0 && session->count)
		session->timing = bpf_enable_stats(BPF_STATS_RUN_TIME);
	if (session->timing < 0)
		return;
	session->timed = true;
	if (!on) {
		close(session->timing);
		session->timing = -1;
	}
}

/* --- What they saw --- */

bool session_drain(struct session *session, const struct reading_of *of)
{
	bool more = false;

	for (unsigned int i = 0; i < session->count; i++)
		more |= loaded_drain(&session->probe[i], of);
	return more;
}

static double seconds_attached(const struct session *session)
{
	return session->seconds +
	       (session->attached ? (double)(now_ns() - session->attached_ns) / 1e9 : 0);
}

static void say_account(struct session *session, unsigned int i, const struct reading_of *of,
			unsigned int arm, const struct trace_cost *cost)
{
	const struct loaded *probe = &session->probe[i];
	const struct program_counts *before = &session->before[i];
	struct account account = {
		.probe = probe->run.probe->name,
		.status = probe->status,
		.why = probe->run.why,
		.how = probe->run.how,
		.seconds = seconds_attached(session),
		.timed = session->timed,
		.floor_ns = session->floor_ns,
		.all_cost = cost,
	};
	json_t *record;

	if (loaded_works(probe)) {
		account.programs = loaded_programs(probe);
		account.programs.missed -= before->missed;
		account.programs.runs -= before->runs;
		account.programs.ns -= before->ns;
		reading_account(probe->reading, arm, &account.events);
		account.events.lost += probe->untold[arm];
		if (probe->run.probe->singly)
			account.events.delivered -= probe->untold[arm];
	}
	record = account_record(&account);
	if (of->first >= 0)
		json_object_set_new(record, "bench", json_integer(of->first + (int)arm));
	of->out(of->arg, record);
}

/* Events of all probes that work, of an arm. */
static double count_events(struct session *session, unsigned int arm)
{
	struct trace_account account;
	double events = 0;

	for (unsigned int i = 0; i < session->count; i++) {
		if (!loaded_works(&session->probe[i]))
			continue;
		reading_account(session->probe[i].reading, arm, &account);
		events += (double)account.events;
	}
	return events;
}

void session_measure_floor(struct session *session)
{
	if (session->floor_ns >= 0)
		return;
	/* To be timed is not a part of it. */
	session_time(session, false);
	session->floor_ns = floor_measure();
}

void session_records(struct session *session, const struct reading_of *of, unsigned int arms,
		     const struct blocks *blocks)
{
	struct trace_cost cost[TRACE_ARMS];

	for (unsigned int arm = 0; blocks && arm < arms; arm++)
		cost[arm] = blocks_cost(blocks, arm, count_events(session, arm));
	for (unsigned int i = 0; i < session->count; i++) {
		struct loaded *probe = &session->probe[i];

		if (loaded_works(probe))
			reading_records(probe->reading, of);
		for (unsigned int arm = 0; arm < arms; arm++)
			say_account(session, i, of, arm, blocks ? &cost[arm] : NULL);
	}
}

void session_forget(struct session *session)
{
	session->seconds = 0;
	session->attached_ns = now_ns();
	for (unsigned int i = 0; i < session->count; i++) {
		struct loaded *probe = &session->probe[i];

		if (!loaded_works(probe))
			continue;
		reading_forget(probe->reading);
		memset(probe->untold, 0, sizeof(probe->untold));
		session->before[i] = loaded_programs(probe);
	}
}
