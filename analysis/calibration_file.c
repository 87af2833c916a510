/* SPDX-License-Identifier: GPL-2.0-only */
/* calibration_file.c - a machine's unit costs as a file, checked when read. */
#include "calibration.h"
#include "error.h"
#include "schema.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT "trimm-calibration/1"

/* results/calibration-1.schema.json, taken in at build time from the project's root. */
__asm__(".pushsection .rodata\n"
	"calibration_schema_start: .incbin \"results/calibration-1.schema.json\"\n"
	"calibration_schema_end: .byte 0\n"
	".popsection\n");
extern const char calibration_schema_start[], calibration_schema_end[];

static int check(const json_t *json, char *why, size_t size)
{
	size_t length = (size_t)(calibration_schema_end - calibration_schema_start);
	const char *format = json_string_value(json_object_get(json, "schema"));
	struct schema *schema;
	bool fine;

	if (format && strcmp(format, FORMAT) != 0) {
		snprintf(why, size, "format %.40s; this program reads " FORMAT, format);
		return -1;
	}
	schema = schema_compile(calibration_schema_start, length, why, size);
	if (!schema)
		return -1;
	fine = schema_check(schema, json, why, size);
	schema_free(schema);
	return fine ? 0 : -1;
}

static const char *text(struct calibration *calibration, const json_t *json, const char *key)
{
	return arena_text(&calibration->arena, json_string_value(json_object_get(json, key)));
}

static double number(const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

/* A cost of another version that this one does not know is passed over. */
static void read_cost(struct calibration *calibration, const json_t *json)
{
	const char *name = json_string_value(json_object_get(json, "name"));
	struct unit_cost *cost = &calibration->cost[calibration->n];
	unsigned int i = 0;

	while (i < UNIT_COSTS && strcmp(unit_cost_info[i].name, name) != 0)
		i++;
	if (i == UNIT_COSTS || calibration->n == UNIT_COST_VALUES_MAX)
		return;
	calibration->n++;
	cost->name = i;
	cost->at = json_number_value(json_object_get(json, "at"));
	cost->value = number(json, "value");
	cost->low = number(json, "low");
	cost->high = number(json, "high");
	cost->source = text(calibration, json, "source");
	cost->why = text(calibration, json, "why");
}

static struct calibration *read_all(const json_t *json)
{
	struct calibration *calibration = calloc(1, sizeof(*calibration));
	const json_t *item;
	size_t i;

	if (!calibration)
		return NULL;
	calibration->machine = text(calibration, json, "machine");
	calibration->cpu = text(calibration, json, "cpu");
	calibration->measured = text(calibration, json, "measured");
	calibration->version = text(calibration, json, "version");
	for (i = 0; i < 2; i++)
		calibration->run[i] = arena_text(
			&calibration->arena,
			json_string_value(json_array_get(json_object_get(json, "runs"), i)));
	json_array_foreach (json_object_get(json, "costs"), i, item)
		read_cost(calibration, item);
	json_array_foreach (json_object_get(json, "curve"), i, item)
		access_curve_add(&calibration->curve,
				 &(struct curve_point){
					 json_number_value(json_array_get(item, 0)),
					 json_number_value(json_array_get(item, 1)),
					 json_number_value(json_array_get(item, 2)),
					 json_number_value(json_array_get(item, 3)),
					 json_number_value(json_array_get(item, 4)),
				 });
	access_curve_read(&calibration->curve);
	if (!calibration->arena.exhausted)
		return calibration;
	calibration_free(calibration);
	return NULL;
}

int calibration_load(const char *path, struct calibration **out, struct run_error *error)
{
	json_error_t json_error;
	json_t *json;
	char why[400];

	*out = NULL;
	if (access(path, F_OK))
		return 1;
	json = json_load_file(path, JSON_REJECT_DUPLICATES, &json_error);
	if (!json)
		return error_set(error, "%s:%d: not a JSON object: %s", path, json_error.line,
				 json_error.text);
	if (check(json, why, sizeof(why))) {
		json_decref(json);
		return error_set(error, "%s: %s; `trimm calibrate` writes it anew", path, why);
	}
	*out = read_all(json);
	json_decref(json);
	return *out ? 0 : error_set(error, "%s: out of memory", path);
}

static void set_text(json_t *json, const char *key, const char *value)
{
	if (value)
		json_object_set_new(json, key, json_string(value));
}

static json_t *cost_json(const struct unit_cost *cost)
{
	const struct unit_cost_info *info = &unit_cost_info[cost->name];
	json_t *json = json_pack("{s:s, s:s}", "name", info->name, "unit", info->unit);

	if (cost->at > 0)
		json_object_set_new(json, "at", json_real(cost->at));
	if (isnan(cost->value)) {
		json_object_set_new(json, "value", json_null());
	} else {
		json_object_set_new(json, "value", json_real(cost->value));
		json_object_set_new(json, "low", json_real(cost->low));
		json_object_set_new(json, "high", json_real(cost->high));
	}
	set_text(json, "source", cost->source);
	set_text(json, "why", cost->why);
	return json;
}

static json_t *whole_json(const struct calibration *calibration)
{
	json_t *runs = json_array(), *costs = json_array(), *curve = json_array();

	for (size_t i = 0; i < 2; i++)
		if (calibration->run[i])
			json_array_append_new(runs, json_string(calibration->run[i]));
	for (size_t i = 0; i < calibration->n; i++)
		json_array_append_new(costs, cost_json(&calibration->cost[i]));
	for (size_t i = 0; i < calibration->curve.n; i++) {
		const struct curve_point *point = &calibration->curve.point[i];

		json_array_append_new(curve, json_pack("[f, f, f, f, f]", point->pages, point->ns,
						       point->low, point->high, point->cache));
	}
	return json_pack("{s:s, s:s, s:s?, s:s, s:s, s:o, s:o, s:o}", "schema", FORMAT, "machine",
			 calibration->machine, "cpu", calibration->cpu, "measured",
			 calibration->measured, "version", calibration->version, "runs", runs,
			 "costs", costs, "curve", curve);
}

/* The folder of @path and the one it is in. */
static void make_folders(const char *path)
{
	char folder[4096];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	for (slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(folder, 0777);
		*slash = '/';
	}
}

/* PATH with ".previous" before its suffix. */
static char *previous_path(const char *path)
{
	const char *dot = strrchr(path, '.');
	char *previous;
	int stem = dot ? (int)(dot - path) : (int)strlen(path);

	if (asprintf(&previous, "%.*s.previous%s", stem, path, dot ? dot : "") < 0)
		return NULL;
	return previous;
}

int calibration_save(const struct calibration *calibration, const char *path,
		     struct run_error *error)
{
	json_t *json = whole_json(calibration);
	char *partial = NULL, *previous = previous_path(path);
	int err = -1;

	if (!json || !previous || asprintf(&partial, "%s.partial", path) < 0) {
		error_set(error, "%s: out of memory", path);
		goto out_free;
	}
	make_folders(path);
	if (json_dump_file(json, partial, JSON_INDENT(1) | JSON_REAL_PRECISION(10))) {
		error_set(error, "%s: can't write: %s", partial, strerror(errno));
		unlink(partial);
		goto out_free;
	}
	/* A link, so that at no moment there is neither. */
	unlink(previous);
	if (link(path, previous) && errno != ENOENT) {
		error_set(error, "%s: can't keep the previous one: %s", previous, strerror(errno));
		unlink(partial);
		goto out_free;
	}
	if (rename(partial, path)) {
		error_set(error, "%s: can't write: %s", path, strerror(errno));
		unlink(partial);
		goto out_free;
	}
	err = 0;
out_free:
	json_decref(json);
	free(partial);
	free(previous);
	return err;
}
