/* SPDX-License-Identifier: GPL-2.0-only */
/* json.c - writing one line of JSON; see json.h. */
#include "json.h"

static void put(struct json *json, char c)
{
	if (json->length == sizeof(json->text))
		plat_panic(__FILE__, __LINE__, "record line longer than JSON_LINE_MAX");
	json->text[json->length++] = c;
}

static void put_text(struct json *json, const char *text)
{
	while (*text)
		put(json, *text++);
}

static void put_unsigned(struct json *json, uint64_t value)
{
	char digits[20];
	int n = 0;

	do {
		digits[n++] = '0' + value % 10;
		value /= 10;
	} while (value);
	while (n)
		put(json, digits[--n]);
}

static void put_hex(struct json *json, uint64_t value, int digits)
{
	while (digits)
		put(json, "0123456789abcdef"[value >> (4 * --digits) & 15]);
}

static void put_quoted(struct json *json, const char *text)
{
	put(json, '"');
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\') {
			put(json, '\\');
			put(json, c);
		} else if (c < 0x20) {
			put_text(json, "\\u");
			put_hex(json, c, 4);
		} else {
			put(json, c);
		}
	}
	put(json, '"');
}

static void put_name(struct json *json, const char *name)
{
	if (json->comma)
		put(json, ',');
	json->comma = true;
	if (name) {
		put_quoted(json, name);
		put(json, ':');
	}
}

void json_begin(struct json *json)
{
	json->length = 0;
	json->comma = false;
	put(json, '{');
}

void json_end(struct json *json)
{
	put(json, '}');
	host_emit(json->text, json->length);
}

void json_open(struct json *json, const char *name, char bracket)
{
	put_name(json, name);
	put(json, bracket);
	json->comma = false;
}

void json_close(struct json *json, char bracket)
{
	put(json, bracket);
	json->comma = true;
}

void json_put_string(struct json *json, const char *name, const char *value)
{
	put_name(json, name);
	if (value)
		put_quoted(json, value);
	else
		put_text(json, "null");
}

void json_put_unsigned(struct json *json, const char *name, uint64_t value)
{
	put_name(json, name);
	put_unsigned(json, value);
}

void json_put_signed(struct json *json, const char *name, int64_t value)
{
	put_name(json, name);
	if (value < 0)
		put(json, '-');
	put_unsigned(json, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void json_put_bool(struct json *json, const char *name, bool value)
{
	put_name(json, name);
	put_text(json, value ? "true" : "false");
}

void json_put_null(struct json *json, const char *name)
{
	json_put_string(json, name, NULL);
}

void json_thousandths(struct json *json, const char *name, uint64_t value)
{
	uint64_t part = value % 1000;

	json_put_unsigned(json, name, value / 1000);
	if (!part)
		return;
	put(json, '.');
	put(json, '0' + part / 100);
	put(json, '0' + part / 10 % 10);
	put(json, '0' + part % 10);
}

void json_hex(struct json *json, const char *name, uint64_t value)
{
	put_name(json, name);
	put(json, '"');
	put_hex(json, value, 16);
	put(json, '"');
}

void json_decimal_string(struct json *json, const char *name, uint64_t value)
{
	put_name(json, name);
	put(json, '"');
	put_unsigned(json, value);
	put(json, '"');
}
