/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * schema.c - does a record hold to the schema, and if not, where and why, in one line.
 *
 * Costs nothing but the look-ups while all is well: the path to a fault is a chain of
 * stack frames, turned into text only once there is a fault.
 */
#include "schema_node.h"

#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file as it was at build time: programs need no data files beside them. */
__asm__(".pushsection .rodata\n"
	"schema_text_start: .incbin \"results/trimm-1.schema.json\"\n"
	"schema_text_end: .byte 0\n"
	".popsection\n");
extern const char schema_text_start[], schema_text_end[];

/* Where we are: "counter.per_cpu[3]". */
struct place {
	const struct place *up;
	const char *name; /* NULL: an item */
	size_t index;
};

struct check {
	char *why;
	size_t size;
};

static size_t place_print(const struct place *place, char *out, size_t size)
{
	size_t length;

	if (!place)
		return 0;
	length = place_print(place->up, out, size);
	if (length >= size)
		return length;
	if (!place->name)
		length += (size_t)snprintf(out + length, size - length, "[%zu]", place->index);
	else
		length += (size_t)snprintf(out + length, size - length, "%s%s", length ? "." : "",
					   place->name);
	return length;
}

/* False, for the caller to return. */
__attribute__((format(printf, 3, 4))) static bool
fault(struct check *check, const struct place *place, const char *fmt, ...)
{
	size_t length = place_print(place, check->why, check->size);
	va_list args;

	if (length && length < check->size)
		length += (size_t)snprintf(check->why + length, check->size - length, ": ");
	if (length >= check->size)
		return false;
	va_start(args, fmt);
	vsnprintf(check->why + length, check->size - length, fmt, args);
	va_end(args);
	return false;
}

/* A value as a message shows it: short, and on one line. */
static const char *shown(const json_t *value, char *out, size_t size)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);

	snprintf(out, size, "%s", text ? text : "?");
	if (text && strlen(text) >= size)
		memcpy(out + size - 4, "...", 4);
	free(text);
	return out;
}

static unsigned int type_of(const json_t *value)
{
	double real;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return TYPE_OBJECT;
	case JSON_ARRAY:
		return TYPE_ARRAY;
	case JSON_STRING:
		return TYPE_STRING;
	case JSON_INTEGER:
		return TYPE_INTEGER;
	case JSON_REAL:
		real = json_real_value(value);
		return floor(real) == real ? TYPE_REAL | TYPE_INTEGER : TYPE_REAL;
	case JSON_NULL:
		return TYPE_NULL;
	default:
		return TYPE_BOOLEAN;
	}
}

static const char *types_text(unsigned int types, char *out, size_t size)
{
	static const char *const names[] = {"null",   "true or false", "an integer", "a number",
					    "a text", "an array",      "an object"};
	size_t length = 0;

	if (types & TYPE_REAL)
		types &= ~TYPE_INTEGER;
	*out = '\0';
	for (unsigned int i = 0; i < sizeof(names) / sizeof(*names) && length < size; i++) {
		if (types & 1U << i)
			length += (size_t)snprintf(out + length, size - length, "%s%s",
						   length ? " or " : "", names[i]);
	}
	return out;
}

static bool check_node(struct check *check, const struct node *node, const json_t *value,
		       const struct place *place);

static bool check_type(struct check *check, const struct node *node, const json_t *value,
		       const struct place *place)
{
	char must[96], is[64];

	if (!node->types || type_of(value) & node->types)
		return true;
	return fault(check, place, "must be %s, is %s", types_text(node->types, must, sizeof(must)),
		     shown(value, is, sizeof(is)));
}

static bool check_constant(struct check *check, const struct node *node, const json_t *value,
			   const struct place *place)
{
	char must[256], is[64];
	const json_t *choice;
	size_t i;

	if (node->constant && !json_equal(node->constant, value))
		return fault(check, place, "must be %s, is %s",
			     shown(node->constant, must, sizeof(must)),
			     shown(value, is, sizeof(is)));
	if (!node->choices)
		return true;
	json_array_foreach (node->choices, i, choice) {
		if (json_equal(choice, value))
			return true;
	}
	return fault(check, place, "must be one of %s, is %s",
		     shown(node->choices, must, sizeof(must)), shown(value, is, sizeof(is)));
}

static bool check_number(struct check *check, const struct node *node, const json_t *value,
			 const struct place *place)
{
	double number = json_number_value(value);

	if (node->has_minimum && number < node->minimum)
		return fault(check, place, "must be at least %g, is %g", node->minimum, number);
	if (node->has_exclusive_minimum && number <= node->exclusive_minimum)
		return fault(check, place, "must be more than %g, is %g", node->exclusive_minimum,
			     number);
	if (node->has_maximum && number > node->maximum)
		return fault(check, place, "must be at most %g, is %g", node->maximum, number);
	return true;
}

static bool check_string(struct check *check, const struct node *node, const json_t *value,
			 const struct place *place)
{
	const char *text = json_string_value(value);
	char is[64];

	if (strlen(text) < node->min_length)
		return fault(check, place, "must not be shorter than %zu characters",
			     node->min_length);
	if (node->has_pattern && regexec(&node->pattern, text, 0, NULL, 0))
		return fault(check, place, "must look like %s, is %s", node->pattern_text,
			     shown(value, is, sizeof(is)));
	return true;
}

static bool check_array(struct check *check, const struct node *node, const json_t *value,
			const struct place *place)
{
	size_t n = json_array_size(value), i;
	const json_t *item;

	if (n < node->min_items)
		return fault(check, place, "must hold at least %zu values, holds %zu",
			     node->min_items, n);
	if (n > node->max_items)
		return fault(check, place, "must hold at most %zu values, holds %zu",
			     node->max_items, n);
	if (!node->items)
		return true;
	json_array_foreach (value, i, item) {
		struct place here = {place, NULL, i};

		if (!check_node(check, node->items, item, &here))
			return false;
	}
	return true;
}

static const struct node *property_of(const struct node *node, const char *name)
{
	for (size_t i = 0; i < node->nr_properties; i++) {
		if (!strcmp(node->properties[i].name, name))
			return node->properties[i].schema;
	}
	return NULL;
}

static bool check_object(struct check *check, const struct node *node, const json_t *value,
			 const struct place *place)
{
	const json_t *name, *member;
	const char *key;
	size_t i;

	if (node->required) {
		json_array_foreach (node->required, i, name) {
			struct place here = {place, json_string_value(name), 0};

			if (!json_object_get(value, here.name))
				return fault(check, &here, "missing");
		}
	}
	for (i = 0; i < node->nr_properties; i++) {
		struct place here = {place, node->properties[i].name, 0};

		member = json_object_get(value, here.name);
		if (member && !check_node(check, node->properties[i].schema, member, &here))
			return false;
	}
	if (!node->additional)
		return true;
	json_object_foreach ((json_t *)value, key, member) {
		struct place here = {place, key, 0};

		if (!property_of(node, key) && !check_node(check, node->additional, member, &here))
			return false;
	}
	return true;
}

static bool check_one_of(struct check *check, const struct node *node, const json_t *value,
			 const struct place *place)
{
	const json_t *tag = json_object_get(value, node->tag);
	struct place here = {place, node->tag, 0};
	char is[64];

	if (!tag)
		return fault(check, &here, "missing");
	for (size_t i = 0; json_is_string(tag) && i < node->nr_one_of; i++) {
		struct place inside = {place, node->one_of[i].name, 0};

		if (!strcmp(json_string_value(tag), node->one_of[i].name))
			return check_node(check, node->one_of[i].schema, value, &inside);
	}
	return fault(check, &here, "must be one of the %zu known, is %s", node->nr_one_of,
		     shown(tag, is, sizeof(is)));
}

static bool check_node(struct check *check, const struct node *node, const json_t *value,
		       const struct place *place)
{
	const struct node *branch = NULL;
	char unused[1];

	if (!check_type(check, node, value, place) || !check_constant(check, node, value, place))
		return false;
	if (json_is_number(value) && !check_number(check, node, value, place))
		return false;
	if (json_is_string(value) && !check_string(check, node, value, place))
		return false;
	if (json_is_array(value) && !check_array(check, node, value, place))
		return false;
	if (json_is_object(value) && !check_object(check, node, value, place))
		return false;
	if (node->one_of && !check_one_of(check, node, value, place))
		return false;
	if (node->if_)
		branch = check_node(&(struct check){unused, 0}, node->if_, value, NULL)
				 ? node->then_
				 : node->else_;
	return !branch || check_node(check, branch, value, place);
}

bool schema_check(const struct schema *schema, const json_t *value, char *why, size_t size)
{
	return check_node(&(struct check){why, size}, schema->root, value, NULL);
}

const char *schema_text(size_t *length)
{
	*length = (size_t)(schema_text_end - schema_text_start);
	return schema_text_start;
}

static struct schema *records;

static void free_records(void)
{
	schema_free(records);
}

static void compile_records(void)
{
	char why[256];
	size_t length;
	const char *text = schema_text(&length);

	records = schema_compile(text, length, why, sizeof(why));
	if (!records) {
		fprintf(stderr, "trimm: results/trimm-1.schema.json: %s\n", why);
		abort();
	}
	atexit(free_records);
}

const struct schema *schema_records(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, compile_records);
	return records;
}
