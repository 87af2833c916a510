/* SPDX-License-Identifier: GPL-2.0-only */
/* night_file.c - a night as a file: one JSON object, checked against its schema when read. */
#include "error.h"
#include "night_build.h"
#include "schema.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAMILY "trimm-night/"
#define FORMAT FAMILY "1"

/* results/night-1.schema.json, taken in at build time from the project's root. */
__asm__(".pushsection .rodata\n"
	"night_schema_start: .incbin \"results/night-1.schema.json\"\n"
	"night_schema_end: .byte 0\n"
	".popsection\n");
extern const char night_schema_start[], night_schema_end[];

static const char *const part_names[NIGHT_PARTS] = {
	[NIGHT_EXACT] = "exact",
	[NIGHT_TIME] = "time",
	[NIGHT_AGAIN] = "again",
};

static const char *const better_names[] = {
	[BETTER_NONE] = "none",
	[BETTER_LOWER] = "lower",
	[BETTER_HIGHER] = "higher",
};

/* A file of a later format would fail in some odd field; say what it is instead. */
static int check(const json_t *json, char *why, size_t size)
{
	size_t length = (size_t)(night_schema_end - night_schema_start);
	const char *format = json_string_value(json_object_get(json, "schema"));
	struct schema *schema;
	bool fine;

	if (format && !strncmp(format, FAMILY, strlen(FAMILY)) && strcmp(format, FORMAT)) {
		snprintf(why, size, "format %.40s; this program reads " FORMAT ": take a newer one",
			 format);
		return -1;
	}
	schema = schema_compile(night_schema_start, length, why, size);
	if (!schema)
		return -1;
	fine = schema_check(schema, json, why, size);
	schema_free(schema);
	return fine ? 0 : -1;
}

/* NULL where it is null or missing. */
static const char *get_text(struct night *night, const json_t *json, const char *key)
{
	return night_text(night, json_string_value(json_object_get(json, key)));
}

static double get_number(const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The schema has seen to it that it is one of them. */
static enum verdict get_verdict(const json_t *json)
{
	const char *name = json_string_value(json_object_get(json, "verdict"));
	enum verdict verdict = 0;

	while (strcmp(verdict_name(verdict), name))
		verdict++;
	return verdict;
}

static enum night_verdict get_night_verdict(const json_t *json)
{
	const char *name = json_string_value(json_object_get(json, "verdict"));
	enum night_verdict verdict = 0;

	while (strcmp(night_verdict_name(verdict), name))
		verdict++;
	return verdict;
}

static enum better get_better(const json_t *json)
{
	const char *name = json_string_value(json_object_get(json, "better"));
	enum better better = BETTER_NONE;

	while (strcmp(better_names[better], name))
		better++;
	return better;
}

static struct night_commit get_commit(struct night *night, const json_t *json)
{
	return (struct night_commit){
		.commit = get_text(night, json, "commit"),
		.subject = get_text(night, json, "subject"),
		.author_date = get_text(night, json, "author_date"),
		.dirty = json_is_true(json_object_get(json, "dirty")),
	};
}

static int get_exact(struct night *night, struct night_exact *exact, const json_t *json)
{
	const json_t *counters = json_object_get(json, "counters"), *item;
	size_t i;

	exact->verdict = get_verdict(json);
	exact->why = get_text(night, json, "why");
	exact->counters = night_counters(night, json_array_size(counters));
	if (!exact->counters)
		return -1;
	exact->nr_counters = json_array_size(counters);
	json_array_foreach (counters, i, item) {
		exact->counters[i] = (struct night_counter){
			.name = get_text(night, item, "name"),
			.unit = get_text(night, item, "unit"),
			.better = get_better(item),
			.reference = get_number(item, "reference"),
			.head = get_number(item, "head"),
			.verdict = get_verdict(item),
		};
	}
	return 0;
}

static void get_time(struct night *night, struct night_time *time, const json_t *json)
{
	const json_t *again = json_object_get(json, "again");

	*time = (struct night_time){
		.verdict = get_verdict(json),
		.metric = get_text(night, json, "metric"),
		.unit = get_text(night, json, "unit"),
		.why = get_text(night, json, "why"),
		.reference = get_number(json, "reference"),
		.head = get_number(json, "head"),
		.ratio = get_number(json, "ratio"),
		.low = get_number(json, "low"),
		.high = get_number(json, "high"),
		.floor = get_number(json, "floor"),
		.effect = get_number(json, "effect"),
		.n = (size_t)get_number(json, "n"),
		.again = json_is_object(again) ? get_verdict(again) : VERDICT_COUNT,
		.again_ratio = get_number(again, "ratio"),
		.again_low = get_number(again, "low"),
		.again_high = get_number(again, "high"),
	};
}

static int get_case(struct night *night, const json_t *json)
{
	const json_t *exact = json_object_get(json, "exact"), *time = json_object_get(json, "time");
	const json_t *accepted = json_object_get(json, "accepted");
	struct night_case *item = night_add_case(night);

	if (!item)
		return -1;
	item->series = get_text(night, json, "series");
	item->workload = get_text(night, json, "workload");
	item->label = get_text(night, json, "label");
	item->target = get_text(night, json, "target");
	item->verdict = get_night_verdict(json);
	item->accepted_commit = get_text(night, accepted, "commit");
	item->accepted_reason = get_text(night, accepted, "reason");
	item->has_exact = json_is_object(exact);
	item->has_time = json_is_object(time);
	if (item->has_time)
		get_time(night, &item->time, time);
	return item->has_exact ? get_exact(night, &item->exact, exact) : 0;
}

static int get_all(struct night *night, const json_t *json)
{
	const json_t *cases = json_object_get(json, "cases"), *item;
	const json_t *code = json_object_get(json, "exit");
	size_t i;

	night->id = get_text(night, json, "night");
	night->started = get_text(night, json, "started");
	night->finished = get_text(night, json, "finished");
	night->status = get_text(night, json, "status");
	night->why = get_text(night, json, "why");
	night->repo = get_text(night, json, "repo");
	night->suite = get_text(night, json, "suite");
	night->machine = get_text(night, json, "machine");
	night->version = get_text(night, json, "version");
	night->summary = get_text(night, json, "summary");
	night->head = get_commit(night, json_object_get(json, "head"));
	night->reference = get_commit(night, json_object_get(json, "reference"));
	night->threshold = get_number(json, "threshold");
	night->gate = (enum night_gate)night_gate_from_name(
		json_string_value(json_object_get(json, "gate")));
	night->exit = json_is_null(code) ? -1 : (int)json_number_value(code);
	for (int part = 0; part < NIGHT_PARTS; part++) {
		json_array_foreach (
			json_object_get(json_object_get(json, "runs"), part_names[part]), i, item) {
			if (night_add_run(night, part, json_string_value(item)))
				return -1;
		}
	}
	json_array_foreach (cases, i, item) {
		if (get_case(night, item))
			return -1;
	}
	return ((struct night_memory *)night)->arena.exhausted ? -1 : 0;
}

int night_load(const char *path, struct night **out, struct run_error *error)
{
	json_error_t json_error;
	char why[400];
	FILE *in = fopen(path, "re");
	json_t *json;

	*out = NULL;
	if (!in)
		return error_set(error, "%s: %s", path, strerror(errno));
	json = json_loadf(in, JSON_REJECT_DUPLICATES, &json_error);
	fclose(in);
	if (!json)
		return error_set(error, "%s:%d: not a JSON object: %s", path, json_error.line,
				 json_error.text);
	if (check(json, why, sizeof(why))) {
		json_decref(json);
		return error_set(error, "%s: %s", path, why);
	}
	*out = night_new();
	if (*out)
		(*out)->path = night_text(*out, path);
	if (!*out || get_all(*out, json)) {
		night_free(*out);
		*out = NULL;
		error_set(error, "%s: out of memory", path);
	}
	json_decref(json);
	return *out ? 0 : -1;
}

/* A subject that is not UTF-8, as git allows, must not lose the night: '?' for what is not ASCII.
 */
static json_t *text(const char *value)
{
	json_t *json = value ? json_string(value) : json_null();
	char *ascii = json ? NULL : strdup(value);

	for (char *c = ascii; c && *c; c++)
		if (*c & 0x80)
			*c = '?';
	if (ascii)
		json = json_string(ascii);
	free(ascii);
	return json;
}

/* Counts are whole: "32768", and not "32768.0". */
static json_t *number(double value)
{
	if (!isfinite(value))
		return json_null();
	if (value == floor(value) && fabs(value) < 0x1p53)
		return json_integer((json_int_t)value);
	return json_real(value);
}

static json_t *commit_json(const struct night_commit *commit)
{
	return json_pack("{s:o, s:o, s:o, s:b}", "commit", text(commit->commit), "subject",
			 text(commit->subject), "author_date", text(commit->author_date), "dirty",
			 (int)commit->dirty);
}

static json_t *exact_json(const struct night_exact *exact)
{
	json_t *counters = json_array();

	for (size_t i = 0; i < exact->nr_counters; i++) {
		const struct night_counter *counter = &exact->counters[i];

		json_array_append_new(counters,
				      json_pack("{s:o, s:o, s:s, s:o, s:o, s:s}", "name",
						text(counter->name), "unit", text(counter->unit),
						"better", better_names[counter->better],
						"reference", number(counter->reference), "head",
						number(counter->head), "verdict",
						verdict_name(counter->verdict)));
	}
	return json_pack("{s:s, s:o, s:o}", "verdict", verdict_name(exact->verdict), "why",
			 text(exact->why), "counters", counters);
}

static json_t *again_json(const struct night_time *time)
{
	if (time->again == VERDICT_COUNT)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o}", "verdict", verdict_name(time->again), "ratio",
			 number(time->again_ratio), "low", number(time->again_low), "high",
			 number(time->again_high));
}

static json_t *time_json(const struct night_time *time)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}",
			 "verdict", verdict_name(time->verdict), "metric", text(time->metric),
			 "unit", text(time->unit), "reference", number(time->reference), "head",
			 number(time->head), "ratio", number(time->ratio), "low", number(time->low),
			 "high", number(time->high), "floor", number(time->floor), "n",
			 (json_int_t)time->n, "effect", number(time->effect), "again",
			 again_json(time), "why", text(time->why));
}

static json_t *case_json(const struct night_case *item)
{
	json_t *accepted = json_null();

	if (item->accepted_commit)
		accepted = json_pack("{s:o, s:o}", "commit", text(item->accepted_commit), "reason",
				     text(item->accepted_reason));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "series", text(item->series),
			 "workload", text(item->workload), "label", text(item->label), "target",
			 text(item->target), "exact",
			 item->has_exact ? exact_json(&item->exact) : json_null(), "time",
			 item->has_time ? time_json(&item->time) : json_null(), "verdict",
			 night_verdict_name(item->verdict), "accepted", accepted);
}

static json_t *runs_json(const struct night_runs *runs)
{
	json_t *json = json_array();

	for (size_t i = 0; i < runs->nr; i++)
		json_array_append_new(json, text(runs->id[i]));
	return json;
}

/* NULL: no memory, here or when the night was made. */
static json_t *whole_json(const struct night *night)
{
	json_t *cases = json_array();

	for (size_t i = 0; i < night->nr_cases; i++)
		json_array_append_new(cases, case_json(&night->cases[i]));
	if (json_array_size(cases) < night->nr_cases ||
	    ((const struct night_memory *)night)->arena.exhausted) {
		json_decref(cases);
		return NULL;
	}
	return json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, "
		"s:{s:o, s:o, s:o}, s:o, s:o, s:o}",
		"schema", FORMAT, "night", text(night->id), "started", text(night->started),
		"finished", text(night->finished), "status", text(night->status), "why",
		text(night->why), "repo", text(night->repo), "head", commit_json(&night->head),
		"reference", commit_json(&night->reference), "suite", text(night->suite), "machine",
		text(night->machine), "version", text(night->version), "threshold",
		number(night->threshold), "gate", night_gate_name(night->gate), "runs", "exact",
		runs_json(&night->runs[NIGHT_EXACT]), "time", runs_json(&night->runs[NIGHT_TIME]),
		"again", runs_json(&night->runs[NIGHT_AGAIN]), "cases", cases, "exit",
		night->exit < 0 ? json_null() : json_integer(night->exit), "summary",
		text(night->summary));
}

static void make_folders(const char *path)
{
	char *folder = strdup(path), *slash;

	for (slash = folder ? strchr(folder + 1, '/') : NULL; slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(folder, 0777);
		*slash = '/';
	}
	free(folder);
}

/* On the disk before it gets its name: a crash of the machine must not leave an empty file. */
static int write_json(const json_t *json, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int err = fd < 0;

	if (fd < 0)
		return -1;
	/* 17 digits: what is read is what was written. */
	err = json_dumpfd(json, fd, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) ||
	      write(fd, "\n", 1) != 1 || fsync(fd);
	return close(fd) || err ? -1 : 0;
}

int night_save(const struct night *night, const char *path, struct run_error *error)
{
	json_t *json = whole_json(night);
	char *partial = NULL, why[400];
	int err = -1;

	if (!json || asprintf(&partial, "%s.partial", path) < 0) {
		error_set(error, "%s: out of memory", path);
		json_decref(json);
		return -1;
	}
	if (check(json, why, sizeof(why))) {
		error_set(error, "%s: not written, as it would not be read: %s", path, why);
		goto out_free;
	}
	make_folders(path);
	errno = 0;
	if (write_json(json, partial) || rename(partial, path)) {
		error_set(error, "%s: can't write: %s", path, strerror(errno));
		unlink(partial);
		goto out_free;
	}
	err = 0;
out_free:
	json_decref(json);
	free(partial);
	return err;
}
