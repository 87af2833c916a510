/* SPDX-License-Identifier: GPL-2.0-only */
/* test_schema.c - the shipped schema on good and faulty records, and the compiler's errors. */
#include "schema.h"

#include "run_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNTER                                                                             \
	"{\"t\":\"counter\",\"bench\":0,\"phase\":\"exact\",\"name\":\"x\",\"unit\":\"u\"," \
	"\"better\":\"lower\",\"class\":\"exact\",\"source\":\"mmcore\","

static void expect(const char *record, const char *why_expected)
{
	char why[300] = "";
	json_t *json = json_loads(record, JSON_DECODE_ANY, NULL);
	bool good = schema_check(schema_records(), json, why, sizeof(why));

	json_decref(json);
	if (!why_expected) {
		assert_string_equal(why, "");
		assert_true(good);
		return;
	}
	assert_false(good);
	if (!strstr(why, why_expected))
		fail_msg("%s: said \"%s\", not \"%s\"", record, why, why_expected);
}

/* Records of every type, as the harness writes them. */
static void test_made_run(void **state)
{
	struct record_shape shape = record_shape_default();
	char *path = files_make_run("schema.ndjson", &shape), *line;
	size_t length, lines = 0;
	char *text = files_read(path, &length);

	(void)state;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++)
		expect(line, NULL);
	assert_true(lines > 100);
	free(text);
	free(path);
}

static void test_counter(void **state)
{
	(void)state;
	expect(COUNTER "\"value\":1,\"avail\":\"ok\"}", NULL);
	expect(COUNTER "\"value\":1.5,\"avail\":\"ok\",\"later\":[1]}", NULL);
	expect(COUNTER "\"value\":null,\"avail\":\"denied\",\"why\":\"EPERM\"}", NULL);
	expect(COUNTER "\"value\":null,\"avail\":\"ok\"}",
	       "counter.value: must be a number, is null");
	expect(COUNTER "\"value\":0,\"avail\":\"denied\",\"why\":\"x\"}",
	       "counter.value: must be null, is 0");
	expect(COUNTER "\"value\":null,\"avail\":\"denied\"}", "counter.why: missing");
	expect(COUNTER "\"avail\":\"ok\"}", "counter.value: missing");
	expect(COUNTER "\"value\":\"1\",\"avail\":\"ok\"}",
	       "counter.value: must be null or a number");
	expect(COUNTER "\"value\":1,\"avail\":\"maybe\"}", "counter.avail: must be one of [\"ok\"");
	expect(COUNTER "\"value\":1,\"avail\":\"ok\",\"per_cpu\":[1,\"a\"]}",
	       "counter.per_cpu[1]: must be a number, is \"a\"");
	expect(COUNTER "\"value\":1,\"avail\":\"ok\",\"ops\":-1}",
	       "counter.ops: must be at least 0, is -1");
	expect(COUNTER "\"value\":1,\"avail\":\"ok\",\"ops\":1.5}",
	       "counter.ops: must be an integer, is 1.5");
}

static void test_tags(void **state)
{
	(void)state;
	expect("{}", "t: missing");
	expect("{\"t\":\"nonsense\"}", "t: must be one of the 11 known, is \"nonsense\"");
	expect("{\"t\":1}", "t: must be one of");
	expect("[]", "must be an object, is []");
	expect("{\"t\":\"note\",\"level\":\"loud\",\"text\":\"\"}", "note.level: must be one of");
	expect("{\"t\":\"end\",\"run_id\":\"x\",\"status\":\"ok\",\"benches\":0,\"skipped\":0,"
	       "\"failed\":0}",
	       "end.run_id: must look like");
}

static void test_buckets(void **state)
{
#define INTERVAL                                                                              \
	"{\"t\":\"interval\",\"bench\":0,\"metric\":\"free\",\"unit\":\"ns\",\"start_ns\":0," \
	"\"len_ns\":1,\"scheme\":\"loglin\",\"sub_bits\":2,\"max\":9,\"buckets\":"
	(void)state;
	expect(INTERVAL "[[1,2],[3,4]]}", NULL);
	expect(INTERVAL "[[1,2],[3]]}", "interval.buckets[1]: must hold at least 2 values");
	expect(INTERVAL "[[1,2,3]]}", "interval.buckets[0]: must hold at most 2 values");
	expect(INTERVAL "[[1,-2]]}", "interval.buckets[0][1]: must be at least 0, is -2");
}

static void refuses(const char *text, const char *why_expected)
{
	char why[200];
	struct schema *schema = schema_compile(text, strlen(text), why, sizeof(why));

	assert_null(schema);
	if (!strstr(why, why_expected))
		fail_msg("%s: said \"%s\", not \"%s\"", text, why, why_expected);
}

/* A keyword that nobody checks must not slip in. */
static void test_compile_errors(void **state)
{
	(void)state;
	refuses("{", "line 1");
	refuses("[]", "must be an object");
	refuses("{\"uniqueItems\":true}", "uniqueItems: unknown keyword");
	refuses("{\"type\":\"text\"}", "type: unknown keyword, or a value");
	refuses("{\"properties\":{\"a\":{\"pattern\":\"(\"}}}", "pattern:");
	refuses("{\"$ref\":\"#/$defs/none\"}", "there is no #/$defs/none");
	refuses("{\"$ref\":\"other.json\"}", "only #/$defs/NAME");
	refuses("{\"oneOf\":[{\"type\":\"object\"}]}", "no property tells");
	refuses("{\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/a\"}}},\"$ref\":\"#/$defs/a\"}",
		"$ref:");
	refuses("{\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/a\"}}},"
		"\"items\":{\"$ref\":\"#/$defs/a\"}}",
		"refers to itself");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_run),       cmocka_unit_test(test_counter),
		cmocka_unit_test(test_tags),	       cmocka_unit_test(test_buckets),
		cmocka_unit_test(test_compile_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
