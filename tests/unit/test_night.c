/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_night.c - a night survives its file, a damaged file is refused in one line, and what counts
 * and time come to together.
 */
#include "night.h"
#include "run_files.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators". */
static uint64_t state_of_chance;

static uint64_t chance(uint64_t n)
{
	uint64_t x = state_of_chance += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return (x ^ (x >> 31)) % n;
}

/* Of all sizes, none of them short in binary; now and then there is none. */
static double some_number(void)
{
	return chance(8) ? exp((double)chance(1000) / 20 - 20) / 3 : NAN;
}

static double some_count(void)
{
	return chance(8) ? (double)chance(1ULL << 53) : NAN;
}

static const char *some_text(struct night *night)
{
	static const char *const texts[] = {"nr_pages=1 cpus=2", "\"quoted\" \\ and\ttabs",
					    "µs and ü, as UTF-8", "x", "a: b, [c] {d}"};

	return night_text(night, texts[chance(5)]);
}

static const char *some_hex(struct night *night, unsigned int digits)
{
	char hex[41];

	for (unsigned int i = 0; i < digits; i++)
		hex[i] = "0123456789abcdef"[chance(16)];
	hex[digits] = '\0';
	return night_text(night, hex);
}

static const char *some_id(struct night *night)
{
	char id[32];

	snprintf(id, sizeof(id), "20261122T%06u-%04x", (unsigned int)chance(240000),
		 (unsigned int)chance(65536));
	return night_text(night, id);
}

static struct night_commit some_commit(struct night *night)
{
	return (struct night_commit){some_hex(night, 40), some_text(night),
				     "2026-11-22T07:08:09+00:00", chance(2)};
}

static void some_case(struct night *night)
{
	struct night_case *item = night_add_case(night);

	assert_non_null(item);
	item->series = some_hex(night, 16);
	item->workload = some_text(night);
	item->label = chance(2) ? "" : some_text(night);
	item->target = "user";
	item->verdict = (enum night_verdict)chance(NIGHT_VERDICTS);
	if (chance(4) == 0) {
		item->accepted_commit = some_hex(night, 40);
		item->accepted_reason = some_text(night);
	}
	item->has_exact = chance(4);
	item->has_time = chance(4);
	if (item->has_exact) {
		item->exact.verdict = (enum verdict)chance(VERDICT_COUNT);
		item->exact.why = chance(2) ? NULL : some_text(night);
		item->exact.nr_counters = chance(5);
		item->exact.counters = night_counters(night, item->exact.nr_counters);
		assert_non_null(item->exact.counters);
	}
	for (size_t i = 0; i < item->exact.nr_counters; i++)
		item->exact.counters[i] = (struct night_counter){
			.name = some_text(night),
			.unit = some_text(night),
			.better = (enum better)chance(3),
			.reference = some_count(),
			.head = some_count(),
			.verdict = (enum verdict)chance(VERDICT_COUNT),
		};
	if (item->has_time)
		item->time = (struct night_time){
			.verdict = (enum verdict)chance(VERDICT_COUNT),
			.metric = some_text(night),
			.unit = some_text(night),
			.why = chance(2) ? NULL : some_text(night),
			.reference = some_number(),
			.head = some_number(),
			.ratio = some_number(),
			.low = some_number(),
			.high = some_number(),
			.floor = some_number(),
			.effect = some_number(),
			.n = chance(100),
			.again = (enum verdict)chance(VERDICT_COUNT + 1),
			.again_ratio = NAN,
			.again_low = NAN,
			.again_high = NAN,
		};
	if (item->has_time && item->time.again != VERDICT_COUNT) {
		item->time.again_ratio = some_number();
		item->time.again_low = some_number();
		item->time.again_high = some_number();
	}
}

static struct night *some_night(uint64_t seed, size_t nr_cases)
{
	struct night *night = night_new();

	assert_non_null(night);
	state_of_chance = seed;
	night->id = some_id(night);
	night->started = "2026-11-22T02:00:00Z";
	night->finished = chance(2) ? NULL : "2026-11-22T02:14:59Z";
	night->status = chance(2) ? "ok" : "partial";
	night->why = chance(2) ? NULL : some_text(night);
	night->repo = some_text(night);
	night->suite = some_text(night);
	night->version = "0.1.0";
	night->summary = chance(2) ? NULL : some_text(night);
	night->machine = chance(2) ? NULL : some_hex(night, 16);
	night->head = some_commit(night);
	night->reference = some_commit(night);
	night->threshold = 0.001 * (double)(1 + chance(50));
	night->gate = (enum night_gate)chance(3);
	night->exit = (int)chance(6) - 1;
	for (int part = 0; part < NIGHT_PARTS; part++)
		for (uint64_t n = chance(40); n; n--)
			assert_int_equal(night_add_run(night, part, some_id(night)), 0);
	for (size_t i = 0; i < nr_cases; i++)
		some_case(night);
	return night;
}

static void same_number(double a, double b)
{
	if (!(isnan(a) && isnan(b)))
		assert_true(a == b);
}

static void same_text(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void same_commit(const struct night_commit *a, const struct night_commit *b)
{
	same_text(a->commit, b->commit);
	same_text(a->subject, b->subject);
	same_text(a->author_date, b->author_date);
	assert_int_equal(a->dirty, b->dirty);
}

static void same_exact(const struct night_exact *a, const struct night_exact *b)
{
	assert_int_equal(a->verdict, b->verdict);
	same_text(a->why, b->why);
	assert_int_equal(a->nr_counters, b->nr_counters);
	for (size_t i = 0; i < a->nr_counters; i++) {
		same_text(a->counters[i].name, b->counters[i].name);
		same_text(a->counters[i].unit, b->counters[i].unit);
		assert_int_equal(a->counters[i].better, b->counters[i].better);
		assert_int_equal(a->counters[i].verdict, b->counters[i].verdict);
		same_number(a->counters[i].reference, b->counters[i].reference);
		same_number(a->counters[i].head, b->counters[i].head);
	}
}

static void same_time(const struct night_time *a, const struct night_time *b)
{
	assert_int_equal(a->verdict, b->verdict);
	same_text(a->metric, b->metric);
	same_text(a->unit, b->unit);
	same_text(a->why, b->why);
	same_number(a->reference, b->reference);
	same_number(a->head, b->head);
	same_number(a->ratio, b->ratio);
	same_number(a->low, b->low);
	same_number(a->high, b->high);
	same_number(a->floor, b->floor);
	same_number(a->effect, b->effect);
	assert_int_equal(a->n, b->n);
	assert_int_equal(a->again, b->again);
	same_number(a->again_ratio, b->again_ratio);
	same_number(a->again_low, b->again_low);
	same_number(a->again_high, b->again_high);
}

static void same_cases(const struct night *a, const struct night *b)
{
	assert_int_equal(a->nr_cases, b->nr_cases);
	for (size_t i = 0; i < a->nr_cases; i++) {
		same_text(a->cases[i].series, b->cases[i].series);
		same_text(a->cases[i].workload, b->cases[i].workload);
		same_text(a->cases[i].label, b->cases[i].label);
		same_text(a->cases[i].target, b->cases[i].target);
		same_text(a->cases[i].accepted_commit, b->cases[i].accepted_commit);
		same_text(a->cases[i].accepted_reason, b->cases[i].accepted_reason);
		assert_int_equal(a->cases[i].verdict, b->cases[i].verdict);
		assert_int_equal(a->cases[i].has_exact, b->cases[i].has_exact);
		assert_int_equal(a->cases[i].has_time, b->cases[i].has_time);
		if (a->cases[i].has_exact)
			same_exact(&a->cases[i].exact, &b->cases[i].exact);
		if (a->cases[i].has_time)
			same_time(&a->cases[i].time, &b->cases[i].time);
	}
}

static void same_night(const struct night *a, const struct night *b)
{
	same_text(a->id, b->id);
	same_text(a->started, b->started);
	same_text(a->finished, b->finished);
	same_text(a->status, b->status);
	same_text(a->why, b->why);
	same_text(a->repo, b->repo);
	same_text(a->suite, b->suite);
	same_text(a->version, b->version);
	same_text(a->summary, b->summary);
	same_text(a->machine, b->machine);
	same_commit(&a->head, &b->head);
	same_commit(&a->reference, &b->reference);
	same_number(a->threshold, b->threshold);
	assert_int_equal(a->gate, b->gate);
	assert_int_equal(a->exit, b->exit);
	for (int part = 0; part < NIGHT_PARTS; part++) {
		assert_int_equal(a->runs[part].nr, b->runs[part].nr);
		for (size_t i = 0; i < a->runs[part].nr; i++)
			same_text(a->runs[part].id[i], b->runs[part].id[i]);
	}
	same_cases(a, b);
}

static void must_save(const struct night *night, const char *path)
{
	struct run_error error;

	if (night_save(night, path, &error))
		fail_msg("%s", error.text);
}

static struct night *must_load(const char *path)
{
	struct night *night;
	struct run_error error;

	if (night_load(path, &night, &error))
		fail_msg("%s", error.text);
	return night;
}

/* What is loaded is what was saved, to the last bit. */
static void test_save_and_load(void **state)
{
	char *path = files_path("nights/20261122T020000-ab12.json");
	char *partial = files_path("nights/20261122T020000-ab12.json.partial");

	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		struct night *saved = some_night(seed, seed % 50), *loaded;

		must_save(saved, path);
		loaded = must_load(path);
		assert_string_equal(loaded->path, path);
		same_night(saved, loaded);
		night_free(loaded);
		night_free(saved);
	}
	assert_int_not_equal(access(partial, F_OK), 0);
	free(partial);
	free(path);
}

/* True if it was refused, in one line that names the file. */
static bool is_refused(const char *path, const char *bytes, size_t length)
{
	struct run_error error = {""};
	struct night *night;

	files_write(path, bytes, length);
	if (!night_load(path, &night, &error)) {
		night_free(night);
		return false;
	}
	assert_null(night);
	assert_int_equal(strncmp(error.text, path, strlen(path)), 0);
	assert_null(strchr(error.text, '\n'));
	assert_true(strlen(error.text) > strlen(path) + 8);
	return true;
}

static void test_cut_and_damaged_files(void **state)
{
	char *whole = files_path("whole.json"), *path = files_path("damaged.json"), *bytes;
	struct night *night = some_night(7, 4);
	size_t length;

	(void)state;
	must_save(night, whole);
	bytes = files_read(whole, &length);
	/* The last two bytes are the closing brace and the newline behind it. */
	for (size_t cut = 0; cut < length - 1; cut++)
		assert_true(is_refused(path, bytes, cut));
	for (size_t i = 0; i < 4000; i++) {
		size_t at = chance(length - 1);
		char was = bytes[at];

		/* No control character may stand in JSON, but for white space between values. */
		bytes[at] = (char)(1 + chance(8));
		assert_true(is_refused(path, bytes, length));
		bytes[at] = (char)(1 + chance(255));
		is_refused(path, bytes, length);
		bytes[at] = was;
	}
	assert_false(is_refused(path, bytes, length));
	free(bytes);
	night_free(night);
	free(path);
	free(whole);
}

/* Each field of each object taken out, then set to what it can't be. */
static void test_fields(void **state)
{
	char *whole = files_path("whole.json"), *path = files_path("field.json"), *text;
	struct night *night = some_night(3, 1);
	const char *key;
	json_t *json, *value;
	void *next;

	(void)state;
	night->exit = 3;
	must_save(night, whole);
	json = json_load_file(whole, 0, NULL);
	assert_non_null(json);
	json_object_foreach_safe(json, next, key, value)
	{
		char name[32];

		snprintf(name, sizeof(name), "%s", key);
		json_incref(value);
		json_object_set_new(json, name, json_pack("{s:f}", "no", 0.5));
		text = json_dumps(json, 0);
		/* A reason is a text, if there is one. */
		assert_true(is_refused(path, text, strlen(text)));
		free(text);
		json_object_set_new(json, name, value);
	}
	json_decref(json);
	night_free(night);
	free(path);
	free(whole);
}

static void test_newer_version(void **state)
{
	static const char newer[] = "{\"schema\":\"trimm-night/2\",\"night\":\"x\"}";
	static const char other[] = "{\"schema\":\"trimm-calibration/1\"}";
	char *path = files_path("newer.json");
	struct run_error error;
	struct night *night;

	(void)state;
	assert_true(is_refused(path, newer, strlen(newer)));
	night_load(path, &night, &error);
	assert_non_null(strstr(error.text, "newer.json: format trimm-night/2; this program reads "
					   "trimm-night/1: take a newer one"));
	assert_true(is_refused(path, other, strlen(other)));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(night_load(path, &night, &error), -1);
	assert_non_null(strstr(error.text, "newer.json: No such file"));
	free(path);
}

/* What could not be read again is not written, and what was there before stays. */
static void test_what_is_not_saved(void **state)
{
	char *path = files_path("kept.json"), *nowhere = files_path("kept.json/below.json");
	struct night *night = some_night(5, 2), *kept;
	struct run_error error;

	(void)state;
	must_save(night, path);
	night->gate = GATE_TIME;
	night->machine = "not hex";
	assert_int_equal(night_save(night, path, &error), -1);
	assert_non_null(strstr(error.text, "not written, as it would not be read: machine"));
	night->machine = NULL;
	assert_int_equal(night_save(night, nowhere, &error), -1);
	assert_non_null(strstr(error.text, "can't write: Not a directory"));
	/* Git takes subjects of any bytes. */
	night->head.subject = "fen\xeatre";
	must_save(night, path);
	kept = must_load(path);
	assert_string_equal(kept->head.subject, "fen?tre");
	night_free(kept);
	night_free(night);
	free(nowhere);
	free(path);
}

#define NONE VERDICT_COUNT

static void test_combined(void **state)
{
	static const struct {
		enum verdict exact, time, again;
		enum night_verdict verdict;
	} given[] = {
		{VERDICT_REGRESSED, VERDICT_REGRESSED, VERDICT_REGRESSED, NIGHT_REGRESSION},
		{VERDICT_REGRESSED, VERDICT_REGRESSED, NONE, NIGHT_REGRESSION_COUNTED},
		{VERDICT_REGRESSED, VERDICT_UNCHANGED, NONE, NIGHT_REGRESSION_COUNTED},
		{VERDICT_REGRESSED, VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE,
		 NIGHT_REGRESSION_COUNTED},
		{VERDICT_REGRESSED, VERDICT_NOT_COMPARABLE, NONE, NIGHT_REGRESSION_COUNTED},
		{VERDICT_REGRESSED, NONE, NONE, NIGHT_REGRESSION_COUNTED},
		{VERDICT_REGRESSED, VERDICT_IMPROVED, NONE, NIGHT_TRADE_OFF},
		{VERDICT_IMPROVED, VERDICT_REGRESSED, VERDICT_REGRESSED, NIGHT_TRADE_OFF},
		{VERDICT_IMPROVED, VERDICT_REGRESSED, VERDICT_UNCHANGED, NIGHT_IMPROVEMENT},
		{VERDICT_IMPROVED, VERDICT_UNCHANGED, NONE, NIGHT_IMPROVEMENT},
		{VERDICT_UNCHANGED, VERDICT_REGRESSED, VERDICT_REGRESSED, NIGHT_SLOWDOWN},
		{VERDICT_UNCHANGED, VERDICT_REGRESSED, VERDICT_UNCHANGED, NIGHT_INCONCLUSIVE},
		{VERDICT_UNCHANGED, VERDICT_REGRESSED, VERDICT_INCONCLUSIVE, NIGHT_INCONCLUSIVE},
		{VERDICT_UNCHANGED, VERDICT_REGRESSED, VERDICT_IMPROVED, NIGHT_INCONCLUSIVE},
		{VERDICT_UNCHANGED, VERDICT_REGRESSED, NONE, NIGHT_INCONCLUSIVE},
		{VERDICT_UNCHANGED, VERDICT_INCONCLUSIVE, VERDICT_REGRESSED, NIGHT_INCONCLUSIVE},
		{VERDICT_UNCHANGED, VERDICT_INCONCLUSIVE, VERDICT_UNCHANGED, NIGHT_NO_DIFFERENCE},
		{VERDICT_UNCHANGED, VERDICT_INCONCLUSIVE, NONE, NIGHT_INCONCLUSIVE},
		{VERDICT_UNCHANGED, VERDICT_UNCHANGED, NONE, NIGHT_NO_DIFFERENCE},
		{VERDICT_UNCHANGED, VERDICT_IMPROVED, NONE, NIGHT_IMPROVEMENT},
		{VERDICT_UNCHANGED, VERDICT_NOT_COMPARABLE, NONE, NIGHT_NOT_COMPARABLE},
		{VERDICT_UNCHANGED, NONE, NONE, NIGHT_NO_DIFFERENCE},
		{VERDICT_UNCHANGED, VERDICT_SKIPPED, NONE, NIGHT_NO_DIFFERENCE},
		{VERDICT_INCONCLUSIVE, VERDICT_UNCHANGED, NONE, NIGHT_INCONCLUSIVE},
		{VERDICT_INCONCLUSIVE, VERDICT_REGRESSED, VERDICT_REGRESSED, NIGHT_SLOWDOWN},
		{VERDICT_NOT_COMPARABLE, VERDICT_REGRESSED, VERDICT_REGRESSED,
		 NIGHT_NOT_COMPARABLE},
		{VERDICT_SKIPPED, VERDICT_SKIPPED, NONE, NIGHT_SKIPPED},
		{VERDICT_NOT_APPLICABLE, NONE, NONE, NIGHT_SKIPPED},
		{NONE, VERDICT_REGRESSED, VERDICT_REGRESSED, NIGHT_SLOWDOWN},
		{NONE, NONE, NONE, NIGHT_SKIPPED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++) {
		struct night_exact exact = {.verdict = given[i].exact};
		struct night_time time = {.verdict = given[i].time, .again = given[i].again};
		enum night_verdict verdict = night_combine(given[i].exact == NONE ? NULL : &exact,
							   given[i].time == NONE ? NULL : &time);

		if (verdict != given[i].verdict)
			fail_msg("line %zu: %s, not %s", i, night_verdict_name(verdict),
				 night_verdict_name(given[i].verdict));
	}
}

static void test_exit_codes(void **state)
{
	/* By gate: both, exact, time. */
	static const int code[NIGHT_VERDICTS][3] = {
		[NIGHT_REGRESSION] = {3, 3, 3},	  [NIGHT_REGRESSION_COUNTED] = {3, 3, 0},
		[NIGHT_SLOWDOWN] = {3, 0, 3},	  [NIGHT_TRADE_OFF] = {4, 4, 4},
		[NIGHT_IMPROVEMENT] = {0, 0, 0},  [NIGHT_NO_DIFFERENCE] = {0, 0, 0},
		[NIGHT_INCONCLUSIVE] = {4, 4, 4}, [NIGHT_NOT_COMPARABLE] = {4, 4, 4},
		[NIGHT_SKIPPED] = {77, 77, 77},
	};
	struct night *night = night_new();
	char text[200];

	(void)state;
	assert_int_equal(night_exit_code(night), 4);
	night_add_case(night);
	for (int verdict = 0; verdict < NIGHT_VERDICTS; verdict++) {
		night->cases[0].verdict = (enum night_verdict)verdict;
		for (int gate = 0; gate < 3; gate++) {
			night->gate = (enum night_gate)gate;
			assert_int_equal(night_exit_code(night), code[verdict][gate]);
			assert_int_equal(night_gate_from_name(night_gate_name(night->gate)), gate);
		}
	}
	assert_int_equal(night_gate_from_name("none"), -1);
	night->gate = GATE_BOTH;
	night->cases[0].verdict = NIGHT_REGRESSION;
	assert_string_equal(night_summary(night, text, sizeof(text)),
			    "trimm: regressed 1, improved 0, unchanged 0, inconclusive 0, "
			    "not comparable 0, skipped 0");
	/* Accepted ones give no alarm, and are told of. */
	night->cases[0].accepted_commit = "5eed";
	night->cases[0].accepted_reason = "wanted";
	assert_int_equal(night_exit_code(night), 0);
	night_add_case(night)->verdict = NIGHT_TRADE_OFF;
	night_add_case(night)->verdict = NIGHT_IMPROVEMENT;
	night_add_case(night);
	assert_string_equal(night_summary(night, text, sizeof(text)),
			    "trimm: regressed 0, improved 1, unchanged 0, inconclusive 0, "
			    "not comparable 0, skipped 1, trade-off 1, accepted 1");
	assert_int_equal(night_exit_code(night), 4);
	night_add_case(night)->verdict = NIGHT_SLOWDOWN;
	assert_int_equal(night_exit_code(night), 3);
	night_clear_cases(night);
	assert_int_equal(night->nr_cases, 0);
	night_free(night);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_save_and_load),
		cmocka_unit_test(test_cut_and_damaged_files),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_newer_version),
		cmocka_unit_test(test_what_is_not_saved),
		cmocka_unit_test(test_combined),
		cmocka_unit_test(test_exit_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
