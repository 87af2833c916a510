/* SPDX-License-Identifier: GPL-2.0-only */
/* test_config.c - settings by name, the tables behind them, and what init refuses. */
#include <string.h>

#include "model_platform.h"

static struct tri_config config;

static void defaults(void **state)
{
	struct tri_config other = {.cpus = 7, .window_start = 8, .nr_runs = 9};

	(void)state;
	tri_config_default(&other);
	assert_int_equal(other.policy[TRI_QUESTION_flush], TRI_POLICY_flush_lazy);
	for (int i = 0; i < TRI_TUNABLE_COUNT; i++)
		assert_int_equal(other.tunable[i], tri_tunable_info[i].def);
	/* The machine is not ours to default. */
	assert_int_equal(other.cpus, 7);
	assert_int_equal(other.window_start, 8);
	assert_int_equal(other.nr_runs, 9);
}

static void policies_by_name(void **state)
{
	(void)state;
	tri_config_default(&config);
	for (int i = 0; i < TRI_POLICY_COUNT; i++) {
		const struct tri_policy_info *info = &tri_policy_info[i];

		assert_int_equal(tri_config_set(&config, info->question, info->answer), 0);
		assert_string_equal(tri_config_policy(&config, info->question), info->answer);
	}
	assert_int_equal(tri_config_set(&config, "flush", "eager"), 0);
	assert_int_equal(config.policy[TRI_QUESTION_flush], TRI_POLICY_flush_eager);
	assert_int_equal(tri_config_set(&config, "flush", "never"), -EINVAL);
	assert_int_equal(tri_config_set(&config, "flush", ""), -EINVAL);
	assert_int_equal(tri_config_set(&config, "flushy", "lazy"), -ENOENT);
	assert_int_equal(config.policy[TRI_QUESTION_flush], TRI_POLICY_flush_eager);
	assert_null(tri_config_policy(&config, "pcp_high"));
}

/* How often @answers has a word on @question; what it says is then in @answer. */
static unsigned int words_on(const char *answers, const char *question, char answer[32])
{
	const char *equals = strchr(answers, '=');
	unsigned int n = 0;

	for (; equals; equals = strchr(equals + 1, '=')) {
		const char *word = equals;
		size_t length = strcspn(equals + 1, " ");

		while (word > answers && word[-1] != ' ')
			word--;
		if (strncmp(word, question, equals - word) || question[equals - word])
			continue;
		assert_true(length > 0 && length < 32);
		memcpy(answer, equals + 1, length);
		answer[length] = 0;
		n++;
	}
	return n;
}

static void eras_answer_every_question_once(void **state)
{
	(void)state;
	for (int i = 0; i < TRI_ERA_COUNT; i++) {
		const struct tri_era_info *era = &tri_era_info[i];
		char answer[32];

		tri_config_default(&config);
		assert_int_equal(tri_config_set(&config, "era", era->name), 0);
		for (int q = 0; q < TRI_QUESTION_COUNT; q++) {
			const char *question = tri_question_info[q].name;

			assert_int_equal(words_on(era->answers, question, answer), 1);
			assert_string_equal(tri_config_policy(&config, question), answer);
		}
		assert_true(era->about[0]);
		assert_null(strchr(era->about, '|'));
		for (int other = 0; other < i; other++)
			assert_string_not_equal(era->name, tri_era_info[other].name);
	}
}

static void eras_by_name(void **state)
{
	struct tri_config before;

	(void)state;
	tri_config_default(&config);
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 77;
	assert_int_equal(tri_config_set(&config, "era", "6.9"), 0);
	assert_string_equal(tri_config_policy(&config, "areas"), "nodes");
	assert_string_equal(tri_config_policy(&config, "flush"), "lazy");
	assert_int_equal(config.tunable[TRI_TUNABLE_lazy_max_pages], 77);
	assert_int_equal(tri_config_set(&config, "era", "2.6.27"), 0);
	assert_string_equal(tri_config_policy(&config, "areas"), "list");
	assert_string_equal(tri_config_policy(&config, "flush"), "eager-global");
	/* What is said later counts. */
	assert_int_equal(tri_config_set(&config, "flush", "lazy-percpu"), 0);
	assert_string_equal(tri_config_policy(&config, "areas"), "list");
	assert_string_equal(tri_config_policy(&config, "flush"), "lazy-percpu");
	memcpy(&before, &config, sizeof(config));
	assert_int_equal(tri_config_set(&config, "era", "2.6"), -EINVAL);
	assert_int_equal(tri_config_set(&config, "era", ""), -EINVAL);
	assert_int_equal(tri_config_set(&config, "era", "6.99"), -EINVAL);
	assert_memory_equal(&before, &config, sizeof(config));
}

static void tunables_by_name(void **state)
{
	(void)state;
	tri_config_default(&config);
	assert_int_equal(tri_config_set(&config, "lazy_max_pages", "4096"), 0);
	assert_int_equal(config.tunable[TRI_TUNABLE_lazy_max_pages], 4096);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "0"), -ERANGE);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "1"), 0);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "1024"), 0);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "1025"), -ERANGE);
	/* 2^64 + 1 and more must not wrap into range. */
	assert_int_equal(tri_config_set(&config, "pcp_batch", "18446744073709551617"), -ERANGE);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "99999999999999999999999"), -ERANGE);
	assert_int_equal(tri_config_set(&config, "pcp_batch", ""), -EINVAL);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "-1"), -EINVAL);
	assert_int_equal(tri_config_set(&config, "pcp_batch", " 1"), -EINVAL);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "1k"), -EINVAL);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "0x10"), -EINVAL);
	assert_int_equal(tri_config_set(&config, "", "1"), -ENOENT);
	assert_int_equal(config.tunable[TRI_TUNABLE_pcp_batch], 1024);
}

static void tables_are_sound(void **state)
{
	(void)state;
	for (int i = 0; i < TRI_TUNABLE_COUNT; i++) {
		const struct tri_tunable_info *info = &tri_tunable_info[i];

		assert_in_range(info->def, info->min, info->max);
		assert_true(!i || strcmp(tri_tunable_info[i - 1].name, info->name) < 0);
	}
	for (int i = 1; i < TRI_POLICY_COUNT; i++)
		assert_true(strcmp(tri_policy_info[i - 1].question, tri_policy_info[i].question) <=
			    0);
	assert_string_equal(tri_event_info[TRI_EVENT_flush_range].name, "flush_range");
	assert_int_equal(tri_event_info[TRI_EVENT_flush_range].better, TRI_BETTER_LOWER);
	assert_int_equal(tri_event_info[TRI_EVENT_purge_ticks_max].kind, TRI_MAX);
}

static void events_merge(void **state)
{
	struct tri_core *core;

	(void)state;
	model_config(&config, 3, 1024, 4UL << 20);
	core = model_start(&config);
	tri_events_reset(core);
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		plat_slot = cpu;
		tri_count(core, TRI_EVENT_pages_split, 10 + cpu);
		tri_count_max(core, TRI_EVENT_purge_ticks_max, cpu == 1 ? 50 : 20);
	}
	plat_slot = 0;
	tri_count_max(core, TRI_EVENT_purge_ticks_max, 5);
	assert_int_equal(model_event(core, TRI_EVENT_pages_split), 33);
	assert_int_equal(model_event(core, TRI_EVENT_purge_ticks_max), 50);
	tri_events_reset(core);
	assert_int_equal(model_event(core, TRI_EVENT_pages_split), 0);
	assert_int_equal(model_event(core, TRI_EVENT_purge_ticks_max), 0);
	model_stop(core);
}

/* Each line spoils one thing of a configuration that is otherwise right. */
static void init_refuses(void **state)
{
	static const struct tri_run unaligned[] = {{512, 1024}}, empty[] = {{1024, 0}};
	static const struct tri_run unsorted[] = {{4096, 1}, {1024, 1}};
	static const struct tri_run overlap[] = {{1024, 1025}, {2048, 1}};
	static const struct tri_run high[] = {{1UL << 32, 1024}};
	static struct tri_core unused;

#define REFUSED(word, spoil)                                                \
	do {                                                                \
		model_config(&config, 1, 1024, 4UL << 20);                  \
		assert_true(tri_core_size(&config));                        \
		spoil;                                                      \
		assert_int_equal(tri_core_size(&config), 0);                \
		assert_int_equal(tri_core_init(&unused, &config), -EINVAL); \
		assert_non_null(strstr(model.last_log, word));              \
	} while (0)

	(void)state;
	model.quiet = true;
	REFUSED("CPUs", config.cpus = 0);
	REFUSED("CPUs", config.cpus = TRI_MAX_CPUS + 1);
	REFUSED("window", config.window_start = 0);
	REFUSED("window", config.window_start += TRI_PAGE_SIZE);
	REFUSED("window", config.window_end += TRI_PAGE_SIZE);
	REFUSED("4 MiB", config.window_end -= 2UL << 20);
	REFUSED("4 MiB", config.window_end = config.window_start - (4UL << 20));
	REFUSED("16 TiB", config.window_end += 16UL << 40);
	REFUSED("runs", config.nr_runs = 0);
	REFUSED("runs", config.nr_runs = TRI_MAX_RUNS + 1);
	REFUSED("largest block", config.runs = unaligned);
	REFUSED("empty", config.runs = empty);
	REFUSED("sorted", (config.runs = unsorted, config.nr_runs = 2));
	REFUSED("overlap", (config.runs = overlap, config.nr_runs = 2));
	REFUSED("16 TiB", config.runs = high);
	REFUSED("zone", config.zone_end[ZONE_DMA] = 1000);
	REFUSED("zone", config.zone_end[ZONE_DMA32] = 2049);
	REFUSED("DMA32", (config.zone_end[ZONE_DMA] = 4096, config.zone_end[ZONE_DMA32] = 2048));
	REFUSED("policy", config.policy[TRI_QUESTION_flush] = TRI_POLICY_COUNT);
	REFUSED("tunable", config.tunable[TRI_TUNABLE_pcp_batch] = 0);
	model.quiet = false;
#undef REFUSED
}

/* A window of 8 GiB wants 8 tables, and the pool a frame: 9 do, 8 do not. */
static void too_few_frames(void **state)
{
	struct tri_core *core;
	size_t size;

	(void)state;
	model_config(&config, 1, 9, 8UL << 30);
	core = model_start(&config);
	model_stop(core);
	model_config(&config, 1, 8, 8UL << 30);
	size = tri_core_size(&config);
	core = aligned_alloc(TRI_PAGE_SIZE, size);
	memset(core, 0, size);
	plat_arena = calloc(1024 + 8, TRI_PAGE_SIZE);
	model.quiet = true;
	assert_int_equal(tri_core_init(core, &config), -ENOMEM);
	model.quiet = false;
	free(plat_arena);
	free(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(policies_by_name),
		cmocka_unit_test(eras_answer_every_question_once),
		cmocka_unit_test(eras_by_name),
		cmocka_unit_test(tunables_by_name),
		cmocka_unit_test(tables_are_sound),
		cmocka_unit_test(events_merge),
		cmocka_unit_test(init_refuses),
		cmocka_unit_test(too_few_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
