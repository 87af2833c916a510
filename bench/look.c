/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * look.c - answer questions about the cores of a running case.
 *
 * A question is "WHAT ARM": a name of shows.def and an arm's number. It is answered between
 * two slices, so no clock is running; an unasked harness pays one load a slice. The first
 * line of an answer is "ok ARM'S TEXT", "wait WHY" (ask again later) or "no WHY".
 */
#include "look.h"

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

static enum tri_show find(const char *name, size_t length)
{
	unsigned int i = 0;

	while (i < TRI_SHOW_COUNT && !is_word(tri_show_info[i].name, name, length))
		i++;
	return i;
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

static void answer(struct bench_case *bench, const char *question)
{
	size_t length = 0;
	struct arm_state *arm;
	enum tri_show what;
	long number;

	while (question[length] && question[length] != ' ')
		length++;
	what = find(question, length);
	number = question[length] ? number_of(question + length + 1) : 0;
	if (what == TRI_SHOW_COUNT) {
		head("no ", "there is nothing of that name to show");
		return;
	}
	if (number < 0 || number >= (long)bench->nr_arms) {
		head("no ", "the case has no such arm");
		return;
	}
	arm = &bench->arms[number];
	if (!bench->config->arm[number].subject->has_core) {
		head("no ", "this arm's subject keeps its memory where trimm can't look");
		return;
	}
	if (!arm->bench.core) {
		head("wait ", "the arm is not open yet");
		return;
	}
	head("ok ", bench->config->arm[number].text);
	tri_show(arm->bench.core, what, pass_on, NULL);
}

void look_if_asked(struct bench_case *bench)
{
	const char *question = host_question();

	if (!question)
		return;
	answer(bench, question);
	host_answer(NULL, 0);
}
