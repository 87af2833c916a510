/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verb_test_vmalloc.c - trimm test_vmalloc: the words of tools/testing/selftests/mm/test_vmalloc.sh
 * and of the module it loads, as a run like any other. One case is one test, a block is one repeat,
 * and a worker is a thread; workers of different tests never run at the same time, as the module's
 * do whose order is shuffled.
 */
#include "cli.h"
#include "measure.h"
#include "results.h"
#include "targets.h"
#include "vmalloc_summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which of the module's words a test heeds. */
enum { NR_PAGES = 1 << 0, USE_HUGE = 1 << 1, NR_PCPU_OBJECTS = 1 << 2 };
enum loops { LOOPS, SHIFTS, OBJECTS };

static const struct test {
	const char *name;
	enum loops loops;
	unsigned int words;
} tests[] = {
#define TEST(name, loops, words) {#name, loops, words},
#include "test_vmalloc.def"
#undef TEST
};
enum { NR_TESTS = sizeof(tests) / sizeof(tests[0]) };

/* The module's own numbers, with its defaults: one of them for nr_threads=0, too. */
enum number { MASK, THREADS, LOOP_COUNT, REPEATS, SEQUENTIAL, PCPU_OBJECTS, NR_NUMBERS };
static const struct {
	const char *name;
	unsigned long def, min, max;
} numbers[NR_NUMBERS] = {
	[MASK] = {"run_test_mask", 0x7fffffff, 1, 0x7fffffff},
	[THREADS] = {"nr_threads", 1, 0, 65535},
	[LOOP_COUNT] = {"test_loop_count", 1000000, 1, 1000000000},
	[REPEATS] = {"test_repeat_count", 1, 1, 1000},
	[SEQUENTIAL] = {"sequential_test_order", 0, 0, 1},
	[PCPU_OBJECTS] = {"nr_pcpu_objects", 35000, 1, 65536},
};

static const struct {
	const char *name, *words;
} presets[] = {
	{"performance", "sequential_test_order=1 test_repeat_count=3"},
	{"smoke", "test_loop_count=10000 test_repeat_count=10"},
	{"stress", "nr_threads=all test_repeat_count=20"},
};
enum { NR_PRESETS = sizeof(presets) / sizeof(presets[0]) };

struct arguments {
	unsigned long number[NR_NUMBERS];
	bool all_threads;		 /* one on each CPU of the target */
	const char *nr_pages, *use_huge; /* words; NULL: as the test has it */
	struct list ours;		 /* words of trimm run */
	bool any, quiet;
};

static int set_number(struct arguments *arguments, enum number which, const char *value)
{
	char *end;

	errno = 0;
	arguments->number[which] = strtoul(value, &end, 0);
	if (!errno && *end == 0 && *value >= '0' && *value <= '9' &&
	    arguments->number[which] >= numbers[which].min &&
	    arguments->number[which] <= numbers[which].max)
		return 0;
	cli_error("%s=%s: give a number, %lu to %lu", numbers[which].name, value,
		  numbers[which].min, numbers[which].max);
	return TRIMM_USAGE;
}

/* What trimm run calls by another name than the module: said twice, one of them would be lost. */
static const char *said_otherwise(const char *word, size_t length)
{
	static const struct {
		const char *ours, *theirs;
	} names[] = {
		{"loops", "test_loop_count"},
		{"blocks", "test_repeat_count"},
		{"cpus", "nr_threads"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].ours) == length && !strncmp(names[i].ours, word, length))
			return names[i].theirs;
	return NULL;
}

static int add_word(struct arguments *arguments, const char *word)
{
	size_t length = strcspn(word, "=");
	const char *value = word + length + 1, *theirs = said_otherwise(word, length);

	if (theirs) {
		cli_error("%s: test_vmalloc says it as %s=", word, theirs);
		return TRIMM_USAGE;
	}
	if (!strcmp(word, "nr_threads=all")) {
		arguments->all_threads = true;
		return 0;
	}
	for (unsigned int i = 0; i < NR_NUMBERS; i++) {
		if (strlen(numbers[i].name) != length || strncmp(numbers[i].name, word, length))
			continue;
		arguments->all_threads &= i != THREADS;
		return set_number(arguments, i, value);
	}
	if (!strncmp(word, "nr_pages=", length + 1))
		arguments->nr_pages = word;
	else if (!strncmp(word, "use_huge=", length + 1))
		arguments->use_huge = word;
	else
		list_add(&arguments->ours, "%s", word);
	return 0;
}

static int add_preset(struct arguments *arguments, const char *name)
{
	const char *names[NR_PRESETS + 1] = {NULL};
	char text[128], *save = NULL;
	int code = 0;

	for (size_t i = 0; i < NR_PRESETS; i++) {
		names[i] = presets[i].name;
		if (strcmp(name, names[i]))
			continue;
		snprintf(text, sizeof(text), "%s", presets[i].words);
		for (char *word = strtok_r(text, " ", &save); word && !code;
		     word = strtok_r(NULL, " ", &save))
			code = add_word(arguments, word);
		return code;
	}
	cli_error_unknown("preset", name, names, "trimm test_vmalloc --help");
	return TRIMM_USAGE;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	int code = 0;

	switch (key) {
	case 'q':
		arguments->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		arguments->any = true;
		code = strchr(arg, '=') ? add_word(arguments, arg) : add_preset(arguments, arg);
		if (code)
			exit(code);
		return 0;
	case ARGP_KEY_END:
		/* As the kernel's script, which measures nothing unless told what. */
		if (!arguments->any)
			argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = (const struct argp_option[]){{"quiet", 'q', NULL, 0, "No progress", 0}, {0}},
	.parser = parse,
	.args_doc = "[performance|stress|smoke] [NAME=VALUE...]",
	.doc = "The kernel's vmalloc tests by the words of its test_vmalloc.sh, in one new run "
	       "file; "
	       "at the end the lines its module would log.\v"
	       "  trimm test_vmalloc smoke\n"
	       "  trimm test_vmalloc run_test_mask=7 nr_threads=2 test_loop_count=100000\n"
	       "  trimm test_vmalloc performance flush=lazy,eager\n"
	       "  trimm test_vmalloc run_test_mask=1 nr_pages=1,4,16 impl=mmcore,native "
	       "target=module kernel=6.12\n\n"
	       "run_test_mask=N, all tests: 1 fix_size_alloc_test, 2 full_fit_alloc_test, "
	       "4 long_busy_list_alloc_test, 8 random_size_alloc_test, 16 fix_align_alloc_test, "
	       "32 random_size_align_alloc_test, 64 align_shift_alloc_test, 128 pcpu_alloc_test, "
	       "256 kvfree_rcu_1_arg_vmalloc_test, 512 kvfree_rcu_2_arg_vmalloc_test, "
	       "1024 vm_map_ram_test, 2048 no_block_alloc_test, 4096 vrealloc_test. "
	       "test_loop_count=1000000, test_repeat_count=1, nr_threads=1 (all: one a CPU), "
	       "sequential_test_order=0, nr_pages=1, use_huge=0, nr_pcpu_objects=35000.\n\n"
	       "performance is sequential_test_order=1 test_repeat_count=3, smoke "
	       "test_loop_count=10000 test_repeat_count=10, stress nr_threads=all "
	       "test_repeat_count=20; words after one change it. All other words are those of "
	       "`trimm run`: policies, impl=, memory=, target=, kernel=, seed= (of the order, "
	       "too).\n\n"
	       "One test runs at a time, on all threads. avg is the time of all loops together, "
	       "without a warm-up and without clock reads; timing=op and warmup=N bring them "
	       "back. align_shift_alloc_test and pcpu_alloc_test are one pass, as the kernel's: 64 "
	       "loops, and two for each object. A test that may fail has its repeats counted as "
	       "xfailed if it did.",
	.children = (const struct argp_child[]){{.argp = &results_argp},
						{.argp = &target_choice_argp},
						{0}},
};

static unsigned long loops_of(const struct arguments *arguments, const struct test *test)
{
	switch (test->loops) {
	case SHIFTS:
		return 64;
	case OBJECTS:
		return 2 * arguments->number[PCPU_OBJECTS];
	default:
		return arguments->number[LOOP_COUNT];
	}
}

static bool is_ours(const struct arguments *arguments, const char *name)
{
	for (size_t i = 0; i < arguments->ours.n; i++)
		if (!strncmp(arguments->ours.item[i], name, strlen(name)))
			return true;
	return false;
}

static int add_number(struct spec *spec, const char *name, unsigned long value)
{
	char word[64];

	snprintf(word, sizeof(word), "%s=%lu", name, value);
	return spec_add(spec, word);
}

static int fill_spec(const struct arguments *arguments, const struct test *test, struct spec *spec)
{
	unsigned long threads = arguments->number[THREADS] ? arguments->number[THREADS] : 1;
	int code = spec_add(spec, test->name);

	if (!code)
		code = add_number(spec, "loops", loops_of(arguments, test));
	if (!code)
		code = add_number(spec, "blocks", arguments->number[REPEATS]);
	if (!code && !arguments->all_threads)
		code = add_number(spec, "cpus", threads);
	if (!code && test->words & NR_PCPU_OBJECTS)
		code = add_number(spec, "nr_pcpu_objects", arguments->number[PCPU_OBJECTS]);
	if (!code && test->words & NR_PAGES && arguments->nr_pages)
		code = spec_add(spec, arguments->nr_pages);
	if (!code && test->words & USE_HUGE && arguments->use_huge)
		code = spec_add(spec, arguments->use_huge);
	if (!code && !is_ours(arguments, "timing="))
		code = spec_add(spec, "timing=none");
	if (!code && !is_ours(arguments, "warmup="))
		code = spec_add(spec, "warmup=0");
	for (size_t i = 0; i < arguments->ours.n && !code; i++)
		code = spec_add(spec, arguments->ours.item[i]);
	return code;
}

/* A permutation that follows from seed= alone (splitmix64, Steele et al. 2014). */
static void shuffle(const struct arguments *arguments, unsigned int *order)
{
	unsigned long state = 1;

	for (size_t i = 0; i < arguments->ours.n; i++)
		if (!strncmp(arguments->ours.item[i], "seed=", 5))
			state = strtoul(arguments->ours.item[i] + 5, NULL, 10);
	for (unsigned int i = NR_TESTS - 1; i > 0; i--) {
		unsigned long z = state += 0x9e3779b97f4a7c15;
		unsigned int with, kept = order[i];

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		with = (z ^ z >> 31) % (i + 1);
		order[i] = order[with];
		order[with] = kept;
	}
}

static int make_plan(const struct arguments *arguments, struct targets *targets, struct plan *plan)
{
	unsigned int order[NR_TESTS], chosen = 0;
	int code = 0;

	for (unsigned int i = 0; i < NR_TESTS; i++)
		order[i] = i;
	if (!arguments->number[SEQUENTIAL])
		shuffle(arguments, order);
	for (unsigned int i = 0; i < NR_TESTS && !code; i++) {
		struct spec spec = {.nr_params = 0};

		if (!(arguments->number[MASK] & 1UL << order[i]))
			continue;
		chosen++;
		code = fill_spec(arguments, &tests[order[i]], &spec);
		if (!code)
			code = targets_plan(targets, &spec, plan);
		spec_free(&spec);
	}
	if (!chosen) {
		cli_error("run_test_mask=%lu: no test has such a bit; the last one's is %lu",
			  arguments->number[MASK], 1UL << (NR_TESTS - 1));
		code = TRIMM_USAGE;
	}
	return code ? code : plan_check(plan);
}

static int show(const char *path)
{
	struct run_error error;
	struct run *run;

	if (run_load(path, &run, &error)) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	vmalloc_summary_print(run, stdout);
	printf("%s\n", path);
	run_free(run);
	return 0;
}

int verb_test_vmalloc(int argc, char **argv)
{
	struct arguments arguments = {.any = false};
	char **command = cli_command("test_vmalloc", argc, argv), *path = NULL;
	struct targets targets = {NULL};
	struct plan plan = {.nr_cases = 0};
	int code, after = 0;

	for (unsigned int i = 0; i < NR_NUMBERS; i++)
		arguments.number[i] = numbers[i].def;
	cli_parse(&argp, argc, argv, &arguments);
	code = make_plan(&arguments, &targets, &plan);
	if (!code) {
		struct measure_options options = {results_directory(), "run", command,
						  arguments.quiet};

		code = measure(&plan, &options, &path);
	}
	if (path) {
		after = results_add(path);
		if (show(path))
			after = TRIMM_FAILED;
	}
	free(path);
	plan_free(&plan);
	targets_close(&targets);
	list_free(&arguments.ours);
	free(command);
	return code ? code : after;
}
