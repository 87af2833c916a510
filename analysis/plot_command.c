/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_command.c - the command that measures again what one figure shows; see
 * plot_command.h. A run's command is `trimm run SPEC -- SPEC ...`; a spec is workloads and
 * words name=value, in which lists and ranges make arms or cases.
 */
#include "plot_command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct command {
	const struct plot_case *at;
	const struct plot_sweep *sweep;
	char *buffer;
	size_t size, length;
	bool too_long; /* half a command would measure something else */
};

static void say(struct command *command, const char *format, ...)
{
	size_t left = command->size - command->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(command->buffer + command->length, left, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= left)
		command->too_long = true;
	else
		command->length += (size_t)length;
}

/* Do the arms of the case differ in this parameter? */
static bool makes_arms(const struct plot_case *at, const char *name)
{
	for (size_t i = 1; i < at->nr_arms; i++) {
		if (!json_equal(json_object_get(at->arm[0]->params, name),
				json_object_get(at->arm[i]->params, name)))
			return true;
	}
	return false;
}

/* A word of the spec; where it made several cases, only what the figure shows of it. */
static void say_word(struct command *command, const char *word)
{
	const char *equals = strchr(word, '=');
	char name[64], value[256];

	snprintf(name, sizeof(name), "%.*s", (int)(equals - word), word);
	if ((!strchr(equals, ',') && !strstr(equals, "..")) || makes_arms(command->at, name) ||
	    (command->sweep && !strcmp(command->sweep->param, name)))
		say(command, " %s", word);
	else
		say(command, " %s=%s", name,
		    bench_param(command->at->arm[0], name, value, sizeof(value)));
}

/* The spec that names the workload; its end in *end. */
static char **find_spec(char **words, size_t n, const char *workload, char ***end)
{
	char **first = words, **last = words + n;
	bool named = false;

	for (char **word = words; word <= last; word++) {
		if (word == last || !strcmp(*word, "--")) {
			*end = word;
			if (named)
				return first;
			first = word + 1;
		} else if (!strcmp(*word, workload)) {
			named = true;
		}
	}
	return NULL;
}

/*
 * Where and how the whole command measures is said by options, anywhere in it, unless the spec has
 * a word of its own for that.
 */
static void say_choices(struct command *command, char **words, size_t n, char **spec, char **end)
{
	static const struct {
		const char *option, *letter, *word; /* no word: the option takes no value */
	} choices[] = {
		{"--target", "-T", "target="},
		{"--mode", "-m", "mode="},
		{"--on-host", "-o", NULL},
	};

	for (size_t c = 0; c < sizeof(choices) / sizeof(choices[0]); c++) {
		const char *option = choices[c].option, *word = choices[c].word, *value = NULL;
		size_t length = strlen(option);
		bool given = false;

		for (char **own = spec; word && own < end; own++)
			given |= !strncmp(*own, word, strlen(word));
		for (size_t i = 0; i < n && !given; i++) {
			if (!strcmp(words[i], option) || !strcmp(words[i], choices[c].letter))
				value = !word ? "" : i + 1 < n ? words[i + 1] : NULL;
			else if (!strncmp(words[i], option, length) && words[i][length] == '=')
				value = words[i] + length + 1;
		}
		if (value)
			say(command, " %s%s%s", option, *value ? " " : "", value);
	}
}

#define WORDS_MAX 256
void plot_command(const struct run *run, const struct plot_case *at, const struct plot_sweep *sweep,
		  char *buffer, size_t size)
{
	const char *text = json_string_value(json_object_get(run->head, "command"));
	struct command command = {at, sweep, buffer, size, 0, false};
	char *copy, *save = NULL, *words[WORDS_MAX], **spec, **end;
	size_t n = 0;

	*buffer = '\0';
	if (!text || strncmp(text, "trimm run ", 10) != 0)
		return;
	copy = strdup(text + 10);
	for (char *word = copy ? strtok_r(copy, " ", &save) : NULL; word && n < WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		words[n++] = word;
	spec = find_spec(words, n, at->workload, &end);
	if (spec)
		say(&command, "trimm run %s", at->workload);
	for (char **word = spec; spec && word < end; word++) {
		if (strchr(*word, '=') && **word != '-')
			say_word(&command, *word);
	}
	if (spec)
		say_choices(&command, words, n, spec, end);
	if (command.too_long)
		*buffer = '\0';
	free(copy);
}
