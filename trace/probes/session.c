/* SPDX-License-Identifier: GPL-2.0-only */
/* session.c - see session.h. */
#include "session.h"
#include "floor.h"
#include "programs.h"
#include "say.h"
#include "symbols.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PROBES_MAX 32
#define TYPES	   "/sys/kernel/btf/vmlinux"

struct loaded {
	struct probe_run run;
	struct session *session;
	struct reading *reading;
	struct ring_buffer *ring;
	struct bpf_object *object;
	unsigned int drained;	      /* events, at this look */
	const char *status;	      /* "ok", or in a word why not */
	struct program_counts before; /* forgotten */
	uint64_t links_missed;	      /* by links that are gone */
};

struct session {
	struct loaded probe[PROBES_MAX];
	unsigned int count;
	const struct probe_options *options;
	struct symbols *symbols;
	int control_fd, timing;
	struct trace_shared *control;
	bool attached, timed;
	uint64_t attached_ns;	  /* when; of before that, how long */
	double seconds, floor_ns; /* negative: not measured */
	const struct reading_of *draining;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* --- To begin --- */

/* libbpf's own words, of which the last is worth a line. */
static char last_words[160];

static int listen_to_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN)
		vsnprintf(last_words, sizeof(last_words), format, args);
	last_words[strcspn(last_words, "\n")] = '\0';
	return 0;
}

static void give_up(struct loaded *probe, int err, const char *doing)
{
	struct probe_run *run = &probe->run;

	probe->status = "failed";
	if (access(TYPES, R_OK)) {
		probe->status = "unsupported";
		snprintf(run->why, sizeof(run->why),
			 "no " TYPES ": the kernel must be built with CONFIG_DEBUG_INFO_BTF=y "
			 "(and /sys mounted)");
	} else if (err == -EPERM || err == -EACCES) {
		probe->status = "denied";
		snprintf(run->why, sizeof(run->why),
			 "the kernel refuses %s: be root, or have CAP_BPF and CAP_PERFMON, and no "
			 "lockdown",
			 doing);
	} else {
		if (err == -ENOENT || err == -ESRCH)
			probe->status = "missing";
		else if (err == -EOPNOTSUPP)
			probe->status = "unsupported";
		if (!*run->why)
			snprintf(run->why, sizeof(run->why), "%s: %s%s%.150s", doing,
				 strerror(-err), *last_words ? "; libbpf: " : "", last_words);
	}
	say("probe %s: %s: %s", run->probe->name, probe->status, run->why);
}

/* Stop after so many events: who fills the ring may be quicker than who empties it. */
#define DRAIN_MAX 8192

static int on_event(void *arg, void *data, size_t size)
{
	struct loaded *probe = arg;
	const struct reading_of *of = probe->session->draining;

	(void)size;
	probe->drained++;
	of->out(of->arg, reading_event(probe->reading, data, of->first));
	return probe->drained < DRAIN_MAX ? 0 : -EAGAIN;
}

static int share_control(struct session *session, struct loaded *probe)
{
	struct bpf_map *map = bpf_object__find_map_by_name(probe->object, "control");

	return map ? bpf_map__reuse_fd(map, session->control_fd) : 0;
}

/* What the user says of the size of maps. */
static int set_room(struct loaded *probe, uint32_t room)
{
	static const char *const names[] = {"histogram_keys", "histograms", "sum_keys",
					    "sums",	      "stacks",	    "stack_sums"};
	int err = 0;

	for (unsigned int i = 0; room && !err && i < sizeof(names) / sizeof(*names); i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(probe->object, names[i]);

		if (map)
			err = bpf_map__set_max_entries(map, room);
	}
	return err;
}

static int load(struct session *session, struct loaded *probe)
{
	struct bpf_map *ring;
	int err = share_control(session, probe);

	if (!err)
		err = set_room(probe, session->options->room);
	if (!err)
		err = bpf_object__load_skeleton(probe->run.skeleton);
	if (err)
		return err;
	probe->reading = reading_open(probe->object, &probe->run);
	ring = bpf_object__find_map_by_name(probe->object, "ring");
	if (ring)
		probe->ring = ring_buffer__new(bpf_map__fd(ring), on_event, probe, NULL);
	return probe->reading && (probe->ring || !ring) ? 0 : -ENOMEM;
}

static bool open_probe(struct session *session, const struct probe *kind)
{
	struct loaded *probe = &session->probe[session->count++];
	int err;

	*last_words = '\0';
	probe->session = session;
	probe->run = (struct probe_run){
		.probe = kind, .options = session->options, .symbols = session->symbols};
	err = kind->open(&probe->run);
	if (err == -EINVAL && *probe->run.why) {
		say("%s", probe->run.why);
		return false;
	}
	if (err) {
		give_up(probe, err, "opening it");
		return true;
	}
	probe->object = *probe->run.skeleton->obj;
	err = load(session, probe);
	if (err)
		give_up(probe, err, "loading it");
	else
		probe->status = "ok";
	return true;
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

struct session *session_open(const char *names, const struct probe_options *options)
{
	const struct probe *list[PROBES_MAX + 1];
	struct session *session = calloc(1, sizeof(*session));
	bool good = session && names_are_good(names, list);

	if (!session)
		return NULL;
	libbpf_set_print(listen_to_libbpf);
	session->options = options;
	session->control_fd = session->timing = -1;
	session->control = MAP_FAILED;
	session->floor_ns = -1;
	good = good && make_control(session);
	if (good)
		session->symbols = symbols_open();
	for (int i = 0; good && list[i]; i++)
		good = open_probe(session, list[i]);
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
	for (unsigned int i = 0; i < session->count; i++) {
		struct loaded *probe = &session->probe[i];

		ring_buffer__free(probe->ring);
		reading_close(probe->reading);
		if (probe->run.object)
			probe->run.probe->close(&probe->run);
	}
	if (session->control != MAP_FAILED)
		munmap(session->control, (size_t)sysconf(_SC_PAGESIZE));
	if (session->control_fd >= 0)
		close(session->control_fd);
	symbols_close(session->symbols);
	free(session);
}

static bool works(const struct loaded *probe)
{
	return !strcmp(probe->status, "ok");
}

unsigned int session_working(const struct session *session)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < session->count; i++)
		n += works(&session->probe[i]);
	return n;
}

/* --- In and out --- */

static int attach(struct loaded *probe)
{
	int err = bpf_object__attach_skeleton(probe->run.skeleton);

	if (!err && probe->run.probe->attach)
		err = probe->run.probe->attach(&probe->run);
	return err;
}

static void detach(struct loaded *probe)
{
	probe->links_missed += programs_links_missed(probe->run.skeleton);
	if (probe->run.probe->detach)
		probe->run.probe->detach(&probe->run);
	bpf_object__detach_skeleton(probe->run.skeleton);
}

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
		struct loaded *probe = &session->probe[i];
		int err;

		if (!works(probe))
			continue;
		err = attach(probe);
		if (!err)
			continue;
		detach(probe);
		give_up(probe, err, "attaching it");
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
		if (works(&session->probe[i]))
			detach(&session->probe[i]);
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

void session_time(struct session *session, bool on)
{
	if (on && session->timing < 0)
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

	session->draining = of;
	for (unsigned int i = 0; i < session->count; i++) {
		struct loaded *probe = &session->probe[i];

		probe->drained = 0;
		if (probe->ring)
			more |= ring_buffer__consume(probe->ring) == -EAGAIN;
	}
	session->draining = NULL;
	return more;
}

static struct program_counts count_programs(const struct loaded *probe)
{
	struct program_counts counts = programs_count(probe->object);

	counts.missed += probe->links_missed + programs_links_missed(probe->run.skeleton);
	return counts;
}

static double seconds_attached(const struct session *session)
{
	return session->seconds +
	       (session->attached ? (double)(now_ns() - session->attached_ns) / 1e9 : 0);
}

/* What the case's blocks say all probes cost together; without a case it is not known. */
static json_t *cost_words(struct session *session, const struct trace_cost *cost)
{
	json_t *words = json_object();
	const struct estimate *ns = cost ? &cost->event_ns : NULL, *share;

	json_object_set_new(words, "floor_ns",
			    session->floor_ns < 0 ? json_null() : json_real(session->floor_ns));
	if (!cost || isnan(cost->share.median)) {
		json_object_update_new(words, json_pack("{sn sn}", "cost_ns", "share"));
	} else {
		share = &cost->share;
		json_object_set_new(words, "share",
				    json_pack("[fff]", share->low, share->median, share->high));
		json_object_set_new(words, "disturbed", json_boolean(cost->disturbed));
		json_object_set_new(words, "cost_ns",
				    isnan(ns->median)
					    ? json_null()
					    : json_pack("[fff]", ns->low, ns->median, ns->high));
	}
	if (!cost)
		json_object_set_new(
			words, "cost_why",
			json_string("no case said how long its blocks took, with and without"));
	else if (*cost->why)
		json_object_set_new(words, "cost_why", json_string(cost->why));
	return words;
}

static json_t *count_or_null(bool known, uint64_t count)
{
	return known ? json_integer((json_int_t)count) : json_null();
}

static json_t *account_words(struct loaded *probe, unsigned int arm)
{
	const struct program_counts counts = count_programs(probe), *before = &probe->before;
	const bool timed = probe->session->timed;
	struct trace_account account;
	json_t *words;

	reading_account(probe->reading, arm, &account);
	words = json_pack("{ss sf sI sI sI sI sI sI so so}", "how", probe->run.how, "seconds",
			  seconds_attached(probe->session), "events", (json_int_t)account.events,
			  "delivered", (json_int_t)account.delivered, "lost",
			  (json_int_t)account.lost, "missed",
			  (json_int_t)(counts.missed - before->missed + account.missed), "refused",
			  (json_int_t)account.refused, "full", (json_int_t)account.full, "bpf_ns",
			  count_or_null(timed, counts.ns - before->ns), "bpf_runs",
			  count_or_null(timed, counts.runs - before->runs));
	if (account.full)
		json_object_set_new(words, "why",
				    json_string("its maps are full: --room=N makes them larger"));
	return words;
}

static void say_account(struct loaded *probe, const struct reading_of *of, unsigned int arm,
			const struct trace_cost *cost)
{
	json_t *record = json_pack("{ss ss ss}", "t", "probe", "probe", probe->run.probe->name,
				   "status", probe->status);

	if (of->first >= 0)
		json_object_set_new(record, "bench", json_integer(of->first + (int)arm));
	if (works(probe)) {
		json_object_update_new(record, account_words(probe, arm));
		json_object_update_new(record, cost_words(probe->session, cost));
	}
	/* Not to be had; or what it lacks. */
	if (*probe->run.why)
		json_object_set_new(record, "why", json_string(probe->run.why));
	of->out(of->arg, record);
}

/* Events of all probes that work, of an arm. */
static double count_events(struct session *session, unsigned int arm)
{
	struct trace_account account;
	double events = 0;

	for (unsigned int i = 0; i < session->count; i++) {
		if (!works(&session->probe[i]))
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

		if (works(probe))
			reading_records(probe->reading, of);
		for (unsigned int arm = 0; arm < arms; arm++)
			say_account(probe, of, arm, blocks ? &cost[arm] : NULL);
	}
}

void session_forget(struct session *session)
{
	session->seconds = 0;
	session->attached_ns = now_ns();
	for (unsigned int i = 0; i < session->count; i++) {
		struct loaded *probe = &session->probe[i];

		if (!works(probe))
			continue;
		reading_forget(probe->reading);
		probe->before = count_programs(probe);
	}
}
