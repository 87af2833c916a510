/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json.h - writing one line of JSON with integers only; commas look after themselves.
 *
 * A line is built in a fixed buffer and sent whole (host_emit), so a killed run never
 * leaves half a record of ours. A line too long for the buffer is a bug and panics.
 */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include "host.h"

#define JSON_LINE_MAX (128 * 1024)

struct json {
	size_t length;
	bool comma; /* the next item needs one before it */
	char text[JSON_LINE_MAX];
};

void json_begin(struct json *json); /* {"t":... is up to the caller */
void json_end(struct json *json);   /* close and emit */

/* Inside an object @name is the key; inside an array it is NULL. */
void json_open(struct json *json, const char *name, char bracket);	      /* '{' or '[' */
void json_close(struct json *json, char bracket);			      /* '}' or ']' */
void json_put_string(struct json *json, const char *name, const char *value); /* NULL: null */
void json_put_unsigned(struct json *json, const char *name, uint64_t value);
void json_put_signed(struct json *json, const char *name, int64_t value);
void json_put_bool(struct json *json, const char *name, bool value);
void json_put_null(struct json *json, const char *name);
/* @value thousandths, as a decimal: 1234567 is 1234.567. */
void json_thousandths(struct json *json, const char *name, uint64_t value);
void json_hex(struct json *json, const char *name, uint64_t value);	       /* "16 digits" */
void json_decimal_string(struct json *json, const char *name, uint64_t value); /* "123" */

#endif /* BENCH_JSON_H */
