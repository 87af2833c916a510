/* SPDX-License-Identifier: GPL-2.0-only */
/* schema_node.h - a compiled schema: one struct for each {...}; private to schema*.c. */
#ifndef ANALYSIS_SCHEMA_NODE_H
#define ANALYSIS_SCHEMA_NODE_H

#include "schema.h"

#include <regex.h>

/* Type "number" is both bits; a real without a fraction is an integer as well. */
enum type_bit {
	TYPE_NULL = 1 << 0,
	TYPE_BOOLEAN = 1 << 1,
	TYPE_INTEGER = 1 << 2,
	TYPE_REAL = 1 << 3,
	TYPE_STRING = 1 << 4,
	TYPE_ARRAY = 1 << 5,
	TYPE_OBJECT = 1 << 6,
};

struct property {
	const char *name;
	const struct node *schema;
};

/* A keyword that is absent allows everything. Texts and values are borrowed from the JSON. */
struct node {
	struct node *next; /* all nodes of a schema, for freeing */
	unsigned int types;
	const json_t *constant, *choices;
	bool has_minimum, has_exclusive_minimum, has_maximum, has_pattern;
	double minimum, exclusive_minimum, maximum;
	size_t min_length, min_items, max_items;
	regex_t pattern;
	const char *pattern_text;
	const json_t *required;
	size_t nr_properties, nr_one_of;
	struct property *properties;
	const struct node *additional, *items;
	/* oneOf: which alternative is meant is told by the constant of property @tag. */
	const char *tag;
	struct property *one_of; /* name: the tag's value */
	const struct node *if_, *then_, *else_;
};

struct schema {
	json_t *json;
	struct node *nodes, *root;
	/* Named definitions met so far: a reference to one is the node itself. */
	size_t nr_refs;
	struct property refs[32];
	unsigned int depth; /* of the node being compiled */
	char *why;
	size_t why_size;
};

#endif /* ANALYSIS_SCHEMA_NODE_H */
