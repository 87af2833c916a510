/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_script.c - a figure's script and data; see plot_script.h. */
#include "plot_script.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Text of analysis/NAME.gp, taken in at build time from the project's root. */
#define TEMPLATE(name)                                                    \
	__asm__(".section .rodata\n"                                      \
		"template_" #name ": .incbin \"analysis/" #name ".gp\"\n" \
		".byte 0\n"                                               \
		".previous\n");                                           \
	extern const char template_##name[]
#define PLOT(name) TEMPLATE(name);
#include "plots.def"
#undef PLOT
TEMPLATE(style);

static const struct {
	const char *name, *text;
} templates[] = {
#define PLOT(name) {#name, template_##name},
#include "plots.def"
#undef PLOT
};

void script_name(char *name, size_t size, const char *const *parts)
{
	size_t used = 0;

	for (; *parts; parts++) {
		if (!**parts)
			continue;
		if (used && used + 1 < size)
			name[used++] = '-';
		for (const char *c = *parts; *c && used + 1 < size; c++)
			name[used++] = isascii(*c) && (isalnum(*c) || *c == '_') ? *c : '-';
	}
	name[used] = '\0';
}

static FILE *file_open(const char *directory, const char *name, const char *suffix)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s%s", directory, name, suffix) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return fopen(path, "w");
}

int script_open(struct script *script, const struct plot_cases *cases, const char *directory,
		const char *const *parts)
{
	int err;

	*script = (struct script){.cases = cases, .directory = directory};
	script_name(script->name, sizeof(script->name), parts);
	script->script = file_open(directory, script->name, ".gp");
	if (!script->script)
		return -errno;
	script->data = file_open(directory, script->name, ".dat");
	if (!script->data) {
		err = -errno;
		fclose(script->script);
		return err;
	}
	fprintf(script->script,
		"# SPDX-License-Identifier: GPL-2.0-only\n"
		"# Draw it again, in this folder: gnuplot %s.gp\n"
		"name = '%s'\ndata = '%s.dat'\n",
		script->name, script->name, script->name);
	return 0;
}

/* A gnuplot string in single quotes, in which only a quote means anything. */
static void put_string(FILE *out, const char *text)
{
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', out);
		putc(iscntrl((unsigned char)*text) ? ' ' : *text, out);
	}
	putc('\'', out);
}

void script_text(struct script *script, const char *variable, const char *value)
{
	fprintf(script->script, "%s = ", variable);
	put_string(script->script, value);
	putc('\n', script->script);
}

void script_number(struct script *script, const char *variable, double value)
{
	fprintf(script->script, "%s = %.17g\n", variable, value);
}

void script_arms(struct script *script, size_t n, const struct bench *const *arms)
{
	char name[64];

	fprintf(script->script, "series = %zu\narray label[series]\narray colour[series]\n", n);
	for (size_t i = 0; i < n; i++) {
		plot_arm_name(arms[i], name, sizeof(name));
		fprintf(script->script, "label[%zu] = ", i + 1);
		put_string(script->script, name);
		fprintf(script->script, "; colour[%zu] = 0x%06X\n", i + 1,
			plot_arm_colour(script->cases, name));
	}
}

void script_relabel(struct script *script, size_t i, const struct bench *arm, const char *suffix)
{
	char name[64], label[128];

	snprintf(label, sizeof(label), "%s%s", plot_arm_name(arm, name, sizeof(name)), suffix);
	fprintf(script->script, "label[%zu] = ", i + 1);
	put_string(script->script, label);
	putc('\n', script->script);
}

void script_block(struct script *script, const char *about)
{
	if (script->blocks++)
		fputs("\n\n", script->data);
	fputs("# ", script->data);
	for (; *about; about++)
		putc(iscntrl((unsigned char)*about) ? ' ' : *about, script->data);
	putc('\n', script->data);
}

static int file_close(FILE *file)
{
	int failed = ferror(file);

	if (fclose(file))
		return errno ? -errno : -EIO;
	return failed ? -EIO : 0;
}

int script_close(struct script *script, const char *template)
{
	int err_script, err_data;

	fputs("\n", script->script);
	fputs(template_style, script->script);
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
		if (strcmp(templates[i].name, template) == 0)
			fprintf(script->script, "\n%s", templates[i].text);
	}
	err_script = file_close(script->script);
	err_data = file_close(script->data);
	return err_script ? err_script : err_data;
}

int script_start(const char *directory, const char *name, pid_t *pid)
{
	char file[PATH_MAX];
	char *argv[] = {"gnuplot", file, NULL};
	posix_spawn_file_actions_t actions;
	int err;

	snprintf(file, sizeof(file), "%s.gp", name);
	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	/* Complaints about odd data are no concern of the user; a failure shows in the status. */
	err = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (!err)
		err = posix_spawn_file_actions_addchdir_np(&actions, directory);
	if (!err)
		err = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

int script_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

int script_run(const char *directory, const char *name)
{
	pid_t pid;
	int err = script_start(directory, name, &pid);

	return err ? err : script_wait(pid);
}
