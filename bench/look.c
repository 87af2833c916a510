/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * look.c - answer questions about the cores of a running case.
 *
 * A question is "WHAT ARM": a name of shows.def, or "check" (tri_check(), whose faults are lines
 * to the user), and an arm's number, or "all". It is answered between two slices, so no clock is
 * running and no worker inside a core; an unasked harness pays one load a slice. The first line of
 * an answer is "ok ARM'S TEXT", "wait WHY" (ask again later) or "no WHY". "all" is "ok all", then
 * for each arm a line "arm NUMBER: ITS TEXT" and its answer, or in brackets why it has none.
 */
#include "look.h"
#include "text.h"

/* After the shows. */
enum { LOOK_CHECK = TRI_SHOW_COUNT, LOOK_COUNT };

static const char not_open[] = "the arm is not open yet";

static void say(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	host_answer(text, length);
}

static void head(const char *how, const char *why)
{
	say(how);
	say(why);
	say("\n");
}

static void pass_on(void *arg, const char *piece, size_t length)
{
	(void)arg;
	host_answer(piece, length);
}

/* Is @known the word of @length at @name, and no longer? */
static bool is_word(const char *known, const char *name, size_t length)
{
	size_t i = 0;

	while (i < length && known[i] == name[i])
		i++;
	return i == length && !known[i];
}

/* A tri_show, LOOK_CHECK, or LOOK_COUNT: nothing. */
static unsigned int find(const char *name, size_t length)
{
	unsigned int i = 0;

	if (is_word("check", name, length))
		return LOOK_CHECK;
	while (i < TRI_SHOW_COUNT && !is_word(tri_show_info[i].name, name, length))
		i++;
	return i < TRI_SHOW_COUNT ? i : LOOK_COUNT;
}

/* Digits to the end of @text; -1 if it is anything else. */
static long number_of(const char *text)
{
	long number = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || number > BENCH_ARMS_MAX)
			return -1;
		number = number * 10 + (*text - '0');
	}
	return number;
}

/* Why there is nothing to say of an arm, or NULL. */
static const char *obstacle(const struct bench_case *bench, const struct arm_state *arm)
{
	if (!bench->config->arm[arm->number].subject->core)
		return "this arm's subject keeps its memory where trimm can't look";
	return arm->bench.core ? NULL : not_open;
}

static void look_at(const struct bench_case *bench, const struct arm_state *arm, unsigned int what)
{
	const struct core_calls *calls = bench->config->arm[arm->number].subject->core;
	struct text text = {.write = pass_on};

	if (what != LOOK_CHECK) {
		calls->show(arm->bench.core, what, pass_on, NULL);
		return;
	}
	text_add(&text, "%lu faults\n", calls->check(arm->bench.core));
	text_end(&text);
}

static void answer_all(const struct bench_case *bench, unsigned int what)
{
	head("ok ", "all");
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		const struct arm_state *arm = &bench->arms[i];
		const char *why = obstacle(bench, arm);
		struct text text = {.write = pass_on};

		text_add(&text, "arm %u: %s\n", i, bench->config->arm[arm->number].text);
		if (why)
			text_add(&text, "(%s)\n", why);
		text_end(&text);
		if (!why)
			look_at(bench, arm, what);
	}
}

static void answer(struct bench_case *bench, const char *question)
{
	const struct arm_state *arm;
	size_t length = 0;
	unsigned int what;
	const char *why;
	long number;

	while (question[length] && question[length] != ' ')
		length++;
	what = find(question, length);
	if (what == LOOK_COUNT) {
		head("no ", "there is nothing of that name to show");
		return;
	}
	if (question[length] && !strcmp(question + length + 1, "all")) {
		answer_all(bench, what);
		return;
	}
	number = question[length] ? number_of(question + length + 1) : 0;
	if (number < 0 || number >= (long)bench->nr_arms) {
		head("no ", "the case has no such arm");
		return;
	}
	arm = &bench->arms[number];
	why = obstacle(bench, arm);
	if (why) {
		head(why == not_open ? "wait " : "no ", why);
		return;
	}
	head("ok ", bench->config->arm[arm->number].text);
	look_at(bench, arm, what);
}

void look_if_asked(struct bench_case *bench)
{
	const char *question = host_question();

	if (!question)
		return;
	answer(bench, question);
	host_answer(NULL, 0);
}
