/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * schema.h - results/trimm-1.schema.json, built into the program, and a check against it.
 */
#ifndef ANALYSIS_SCHEMA_H
#define ANALYSIS_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct schema;

/* The shipped schema, compiled once; never NULL. */
const struct schema *schema_records(void);
/* The shipped schema as text. */
const char *schema_text(size_t *length);

/* Compile a schema: NULL, with the reason in @why, if it uses a keyword not known here. */
struct schema *schema_compile(const char *text, size_t length, char *why, size_t size);
void schema_free(struct schema *schema);

/* Does @value hold to it? If not, @why says where and what: "counter.value: ...". */
bool schema_check(const struct schema *schema, const json_t *value, char *why, size_t size);

#endif /* ANALYSIS_SCHEMA_H */
