/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_log.c - what a bisection writes down: its steps, and what commits were measured at, which
 * any later one may use. Each line goes out in one write, so that whatever ends the process leaves
 * whole lines; one that was cut short is passed over.
 */
#include "bisect_state.h"
#include "cli.h"
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static const char *const kinds[] = {[BISECT_EXACT] = "exact", [BISECT_TIME] = "time"};

static char *in_directory(const struct bisect_state *state, const char *name, const char *extension)
{
	return cli_format("%s/%s%s", state->directory, name, extension);
}

static void name_call(struct bisect_state *state)
{
	time_t now = time(NULL);
	char id[32], started[32];
	uint16_t random;
	struct tm utc;

	gmtime_r(&now, &utc);
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = getpid();
	strftime(id, sizeof(id), "%Y%m%dT%H%M%S", &utc);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &utc);
	state->bisection.id = cli_format("%s-%04x", id, random);
	state->bisection.started = cli_format("%s", started);
}

/* 0, or -1 with errno set. */
static int append(int fd, json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(17));
	char *whole = cli_format("%s\n", text ? text : "{}");
	size_t length = strlen(whole);
	ssize_t n = write(fd, whole, length);

	free(whole);
	free(text);
	if (n == (ssize_t)length)
		return 0;
	if (n >= 0)
		errno = ENOSPC;
	return -1;
}

static json_t *read_lines(const char *path)
{
	json_t *lines = json_array();
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	while (in && getline(&text, &size, in) > 0) {
		json_t *line = json_loads(text, 0, NULL);

		if (line)
			json_array_append_new(lines, line);
	}
	free(text);
	if (in)
		fclose(in);
	return lines;
}

int bisect_log_open(struct bisect_state *state)
{
	char *cache = in_directory(state, "cache", ".ndjson");
	char *log;

	name_call(state);
	log = in_directory(state, state->bisection.id, ".ndjson");
	state->bisection.log = log;
	state->log = open(log, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
	if (state->log < 0)
		cli_error("%s: %m; give another folder with --results", log);
	state->cache = read_lines(cache);
	free(cache);
	return state->log < 0 ? TRIMM_FAILED : 0;
}

void bisect_log_close(struct bisect_state *state)
{
	if (state->log >= 0)
		close(state->log);
	json_decref(state->cache);
	free((char *)state->bisection.id);
	free((char *)state->bisection.started);
	free((char *)state->bisection.log);
}

void bisect_log_add(struct bisect_state *state, json_t *line)
{
	if (append(state->log, line) && !*state->error.text)
		snprintf(state->error.text, sizeof(state->error.text), "%s: %m",
			 state->bisection.log);
	json_decref(line);
}

/* What a measurement depends on; of time also the core it ran beside. */
static json_t *question(const struct bisect_state *state, enum bisect_kind kind, size_t place,
			bool anew)
{
	const struct bisection *bisection = &state->bisection;
	const char *base = kind == BISECT_TIME ? bisection->points[state->good].commit : NULL;

	return json_pack("{s:s, s:s, s:s?, s:b, s:s, s:s, s:s, s:s?, s:o}", "commit",
			 bisection->points[place].commit, "kind", kinds[kind], "base", base, "anew",
			 anew, "words", bisection->words, "machine", state->fingerprint, "workload",
			 state->version, "kernel_build", state->options->build, "build",
			 machine_build());
}

bool bisect_cached(const struct bisect_state *state, enum bisect_kind kind, size_t place, bool anew,
		   struct bisect_measured *out)
{
	json_t *asked = question(state, kind, place, anew);
	bool found = false;

	/* The newest first: it has the most processes. */
	for (size_t i = json_array_size(state->cache); i-- > 0 && !found;) {
		const json_t *line = json_array_get(state->cache, i);

		found = json_equal(json_object_get(line, "question"), asked) &&
			!bisect_measured_from_json(json_object_get(line, "answer"), out);
	}
	json_decref(asked);
	return found;
}

void bisect_cache_add(struct bisect_state *state, enum bisect_kind kind, size_t place, bool anew,
		      const struct bisect_measured *measured)
{
	char *path = in_directory(state, "cache", ".ndjson");
	int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	json_t *line = json_pack("{s:o, s:o}", "question", question(state, kind, place, anew),
				 "answer", bisect_measured_json(measured));
	char last = '\n';

	/* Behind a line that was cut short. */
	if (fd >= 0 && lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) == 1 && last != '\n' &&
	    write(fd, "\n", 1) < 0)
		last = 0;
	if ((fd < 0 || append(fd, line)) && !*state->error.text)
		snprintf(state->error.text, sizeof(state->error.text), "%s: %m", path);
	if (fd >= 0)
		close(fd);
	json_array_append_new(state->cache, line);
	free(path);
}
