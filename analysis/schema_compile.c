/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * schema_compile.c - from the text of a JSON Schema to nodes that are quick to check.
 *
 * The subset of draft 2020-12 that trimm-1.schema.json needs. A keyword outside of it is
 * an error: a schema must not promise what nobody checks. One restriction of our own:
 * the alternatives of oneOf are told apart by a property with a constant, so that a
 * faulty record is measured against the alternative it means to be.
 */
#include "schema_node.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Deeper is a definition that refers to itself, which records don't need. */
#define MAX_DEPTH 32

static struct node *compile(struct schema *schema, const json_t *json);

/* NULL, for the caller to return. */
__attribute__((format(printf, 2, 3))) static void *refuse(struct schema *schema, const char *fmt,
							  ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(schema->why, schema->why_size, fmt, args);
	va_end(args);
	return NULL;
}

static const struct {
	const char *name;
	unsigned int bits;
} type_names[] = {
	{"null", TYPE_NULL},	   {"boolean", TYPE_BOOLEAN},
	{"integer", TYPE_INTEGER}, {"number", TYPE_INTEGER | TYPE_REAL},
	{"string", TYPE_STRING},   {"array", TYPE_ARRAY},
	{"object", TYPE_OBJECT},
};

static unsigned int type_bits(const json_t *name)
{
	for (size_t i = 0; i < sizeof(type_names) / sizeof(*type_names); i++) {
		if (json_is_string(name) && !strcmp(json_string_value(name), type_names[i].name))
			return type_names[i].bits;
	}
	return 0;
}

static bool compile_type(struct node *node, const json_t *type)
{
	const json_t *name;
	size_t i;

	if (!json_is_array(type))
		return (node->types = type_bits(type));
	json_array_foreach (type, i, name) {
		if (!type_bits(name))
			return false;
		node->types |= type_bits(name);
	}
	return node->types;
}

static bool compile_pattern(struct node *node, const json_t *pattern)
{
	node->pattern_text = json_string_value(pattern);
	if (!node->pattern_text ||
	    regcomp(&node->pattern, node->pattern_text, REG_EXTENDED | REG_NOSUB))
		return false;
	node->has_pattern = true;
	return true;
}

static bool compile_properties(struct schema *schema, struct node *node, const json_t *json)
{
	const char *name;
	json_t *value;

	node->properties = calloc(json_object_size(json) + 1, sizeof(*node->properties));
	if (!node->properties)
		return refuse(schema, "out of memory");
	json_object_foreach ((json_t *)json, name, value) {
		struct node *property = compile(schema, value);

		if (!property)
			return false;
		node->properties[node->nr_properties++] = (struct property){name, property};
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

/* The tag is the first property of the first alternative that has a constant. */
static bool find_tag(struct node *node)
{
	const struct node *first = node->nr_one_of ? node->one_of[0].schema : NULL;

	for (size_t i = 0; first && i < first->nr_properties && !node->tag; i++) {
		if (json_is_string(first->properties[i].schema->constant))
			node->tag = first->properties[i].name;
	}
	for (size_t i = 0; node->tag && i < node->nr_one_of; i++) {
		const struct node *tag = property_of(node->one_of[i].schema, node->tag);

		if (!tag || !json_is_string(tag->constant))
			return false;
		node->one_of[i].name = json_string_value(tag->constant);
	}
	return node->tag;
}

static bool compile_one_of(struct schema *schema, struct node *node, const json_t *json)
{
	const json_t *value;
	size_t i;

	node->one_of = calloc(json_array_size(json) + 1, sizeof(*node->one_of));
	if (!node->one_of)
		return refuse(schema, "out of memory");
	json_array_foreach (json, i, value) {
		node->one_of[i].schema = compile(schema, value);
		if (!node->one_of[i].schema)
			return false;
		node->nr_one_of++;
	}
	if (!find_tag(node))
		return refuse(schema, "oneOf: no property tells the alternatives apart");
	return true;
}

static bool compile_number(const json_t *json, bool *has, double *out)
{
	*has = json_is_number(json);
	*out = json_number_value(json);
	return *has;
}

static bool compile_size(const json_t *json, size_t *out)
{
	*out = (size_t)json_integer_value(json);
	return json_is_integer(json) && json_integer_value(json) >= 0;
}

/* One keyword. False with the reason given: a part of it; without: it itself is wrong. */
static bool compile_keyword(struct schema *schema, struct node *node, const char *key,
			    const json_t *json)
{
	static const char *const without_effect[] = {"$schema", "$id",	 "$comment",
						     "$defs",	"title", "description"};

	for (size_t i = 0; i < sizeof(without_effect) / sizeof(*without_effect); i++) {
		if (!strcmp(key, without_effect[i]))
			return true;
	}
	if (!strcmp(key, "type"))
		return compile_type(node, json);
	if (!strcmp(key, "const"))
		return (node->constant = json);
	if (!strcmp(key, "enum"))
		return json_is_array(node->choices = json);
	if (!strcmp(key, "required"))
		return json_is_array(node->required = json);
	if (!strcmp(key, "properties"))
		return compile_properties(schema, node, json);
	if (!strcmp(key, "additionalProperties"))
		return (node->additional = compile(schema, json));
	if (!strcmp(key, "items"))
		return (node->items = compile(schema, json));
	if (!strcmp(key, "oneOf"))
		return compile_one_of(schema, node, json);
	if (!strcmp(key, "if"))
		return (node->if_ = compile(schema, json));
	if (!strcmp(key, "then"))
		return (node->then_ = compile(schema, json));
	if (!strcmp(key, "else"))
		return (node->else_ = compile(schema, json));
	if (!strcmp(key, "pattern"))
		return compile_pattern(node, json);
	if (!strcmp(key, "minimum"))
		return compile_number(json, &node->has_minimum, &node->minimum);
	if (!strcmp(key, "exclusiveMinimum"))
		return compile_number(json, &node->has_exclusive_minimum, &node->exclusive_minimum);
	if (!strcmp(key, "maximum"))
		return compile_number(json, &node->has_maximum, &node->maximum);
	if (!strcmp(key, "minLength"))
		return compile_size(json, &node->min_length);
	if (!strcmp(key, "minItems"))
		return compile_size(json, &node->min_items);
	if (!strcmp(key, "maxItems"))
		return compile_size(json, &node->max_items);
	return false;
}

static struct node *compile_ref(struct schema *schema, const json_t *ref)
{
	static const char prefix[] = "#/$defs/";
	const char *name = json_string_value(ref);
	const json_t *target;
	struct node *node;

	if (!name || strncmp(name, prefix, strlen(prefix)))
		return refuse(schema, "$ref: only %sNAME is supported", prefix);
	name += strlen(prefix);
	for (size_t i = 0; i < schema->nr_refs; i++) {
		if (!strcmp(schema->refs[i].name, name))
			return (struct node *)schema->refs[i].schema;
	}
	target = json_object_get(json_object_get(schema->json, "$defs"), name);
	if (!target)
		return refuse(schema, "$ref: there is no %s%s", prefix, name);
	node = compile(schema, target);
	if (!node)
		return NULL;
	if (schema->nr_refs < sizeof(schema->refs) / sizeof(*schema->refs))
		schema->refs[schema->nr_refs++] = (struct property){name, node};
	return node;
}

static struct node *compile(struct schema *schema, const json_t *json)
{
	struct node *node;
	const char *key;
	json_t *value;

	if (!json_is_object(json))
		return refuse(schema, "a schema must be an object");
	if (schema->depth == MAX_DEPTH)
		return refuse(schema, "nested too deep, or a definition refers to itself");
	if (json_object_get(json, "$ref") && json_object_size(json) == 1) {
		schema->depth++;
		node = compile_ref(schema, json_object_get(json, "$ref"));
		schema->depth--;
		return node;
	}
	node = calloc(1, sizeof(*node));
	if (!node)
		return refuse(schema, "out of memory");
	schema->depth++;
	node->next = schema->nodes;
	schema->nodes = node;
	node->max_items = SIZE_MAX;
	json_object_foreach ((json_t *)json, key, value) {
		if (compile_keyword(schema, node, key, value))
			continue;
		if (!*schema->why)
			refuse(schema, "%s: unknown keyword, or a value it can't have", key);
		return NULL;
	}
	schema->depth--;
	return node;
}

struct schema *schema_compile(const char *text, size_t length, char *why, size_t size)
{
	struct schema *schema = calloc(1, sizeof(*schema));
	json_error_t error;

	*why = '\0';
	if (!schema) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	schema->why = why;
	schema->why_size = size;
	schema->json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!schema->json)
		snprintf(why, size, "line %d: %s", error.line, error.text);
	else
		schema->root = compile(schema, schema->json);
	if (!schema->root) {
		schema_free(schema);
		return NULL;
	}
	return schema;
}

void schema_free(struct schema *schema)
{
	struct node *node, *next;

	if (!schema)
		return;
	for (node = schema->nodes; node; node = next) {
		next = node->next;
		if (node->has_pattern)
			regfree(&node->pattern);
		free(node->properties);
		free(node->one_of);
		free(node);
	}
	json_decref(schema->json);
	free(schema);
}
