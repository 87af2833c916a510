/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * soak.c - the streams for a long time: every answer to every policy question gets millions
 * of operations from the seeded generator, on one random machine after the other.
 *
 * usage: soak [STREAM QUESTION=ANSWER]
 *
 * Without arguments: all, SOAK_OPERATIONS (10,000,000) an answer, a line each. With them: one
 * episode, that of TRI_SEED; this is how a divergence is repeated. Each answer runs in a
 * process of its own, so that one that diverges does not end the others.
 * Exit code: 0 nothing diverged, 1 something did, 2 usage.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/stream/stream.h"

/* Of one machine: long enough to fill and fragment it; a new one costs some thousand. */
#define EPISODE 50000UL

/* What a running answer tells, even if it dies. */
struct progress {
	unsigned long operations;
	enum stream stream;
	uint64_t seed; /* of the episode */
};
static struct progress *progress;

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static enum tri_question question_of(enum tri_policy_value answer)
{
	enum tri_question q = 0;

	while (strcmp(tri_question_info[q].name, tri_policy_info[answer].question))
		q++;
	return q;
}

static void episode(enum stream which, enum tri_policy_value answer, uint64_t seed)
{
	struct source source = source_of_seed(seed, EPISODE);

	progress->stream = which;
	progress->seed = seed;
	stream_run(which, &source, answer);
	progress->operations += source.taken;
}

/* The streams that ask the question take turns. */
static void answer_all(enum tri_policy_value answer, uint64_t seed, unsigned long operations)
{
	enum tri_question question = question_of(answer);

	while (progress->operations < operations) {
		for (unsigned int which = 0; which < STREAM_COUNT; which++) {
			if (!stream_asks(which, question))
				continue;
			/* Any constant: seeds in a row give unlike sequences after a few steps. */
			seed = seed * 0xd1342543de82ef95 + 1;
			episode(which, answer, seed);
		}
	}
}

/* True if it came to its end. */
static bool soak(enum tri_policy_value answer, uint64_t seed, unsigned long operations)
{
	const struct tri_policy_info *info = &tri_policy_info[answer];
	double began = seconds();
	int status = 0;
	pid_t child;

	*progress = (struct progress){0};
	fflush(NULL);
	child = fork();
	if (child < 0) {
		perror("soak: fork");
		exit(1);
	}
	if (!child) {
		answer_all(answer, seed, operations);
		exit(0);
	}
	while (waitpid(child, &status, WNOHANG) == 0) {
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r%s=%s: %lu of %lu\033[K\r", info->question, info->answer,
				progress->operations, operations);
		usleep(100000);
	}
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\033[K");
	printf("%s=%s: %lu operations, %.1f seconds, divergences %d\n", info->question,
	       info->answer, progress->operations, seconds() - began, status != 0);
	if (status)
		printf("  repeat: TRI_SEED=%#lx build/release/tests/fuzz/soak %s %s=%s\n",
		       progress->seed, stream_info[progress->stream].name, info->question,
		       info->answer);
	fflush(stdout);
	return !status;
}

static int soak_all(uint64_t seed)
{
	const char *text = getenv("SOAK_OPERATIONS");
	unsigned long operations = text ? strtoul(text, NULL, 10) : 10000000;
	int code = 0;

	for (unsigned int answer = 0; answer < TRI_POLICY_COUNT; answer++) {
		if (!soak(answer, seed + answer, operations))
			code = 1;
	}
	return code;
}

static int soak_one(const char *name, const char *setting, uint64_t seed)
{
	unsigned int which = 0, answer = 0;
	char text[128];

	while (which < STREAM_COUNT && strcmp(name, stream_info[which].name))
		which++;
	for (; answer < TRI_POLICY_COUNT; answer++) {
		snprintf(text, sizeof(text), "%s=%s", tri_policy_info[answer].question,
			 tri_policy_info[answer].answer);
		if (!strcmp(text, setting))
			break;
	}
	if (which == STREAM_COUNT || answer == TRI_POLICY_COUNT) {
		fprintf(stderr, "soak: no stream %s or no policy %s\n", name, setting);
		return 2;
	}
	episode(which, answer, seed);
	printf("%lu operations, divergences 0\n", progress->operations);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t seed = test_seed();

	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (progress == MAP_FAILED) {
		perror("soak: mmap");
		return 1;
	}
	if (argc == 1)
		return soak_all(seed);
	if (argc == 3)
		return soak_one(argv[1], argv[2], seed);
	fprintf(stderr, "usage: soak [STREAM QUESTION=ANSWER]\n");
	return 2;
}
