/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prepared.c - see prepared.h. In the source tree what is prepared lies under its build/, made
 * of its sources; an installed program finds sources beside itself and keeps it in the user's
 * cache.
 */
#include "prepared.h"
#include "launch.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

char *prepared_file(const struct prepared *prepared, const char *name)
{
	return launch_format("%s/%s", prepared->folder, name);
}

/* guest/prepare, and in *@tree the folder it keeps its results in; free() both. */
static char *find_prepare(char **tree)
{
	char *installed = launch_beside("src/guest/prepare");
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (access(installed, X_OK)) {
		free(installed);
		*tree = launch_beside("../guest");
		return launch_beside("../../guest/prepare");
	}
	if (cache && *cache == '/')
		*tree = launch_format("%s/trimm/guest", cache);
	else
		*tree = launch_format("%s/.cache/trimm/guest", home ? home : "");
	return installed;
}

/* A kernel given by its path gets a folder of its own, named after it. */
static char *folder_of(const char *tree, const char *kernel)
{
	uint64_t hash = 14695981039346656037UL;
	char path[PATH_MAX];

	if (!strchr(kernel, '/'))
		return launch_format("%s/%s", tree, kernel);
	if (!realpath(kernel, path))
		snprintf(path, sizeof(path), "%s", kernel);
	for (const char *byte = path; *byte; byte++)
		hash = (hash ^ (unsigned char)*byte) * 1099511628211UL;
	return launch_format("%s/path-%016lx", tree, hash);
}

/* A process group of its own would keep a Ctrl-C from it: it shares ours, and dies with us. */
static int run_prepare(const char *program, const char *kernel, const char *folder, bool module)
{
	pid_t parent = getpid(), child;
	int status;

	/* Nor is it for whoever asked and was ended by a signal of its own. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(LAUNCH_FAILED);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		if (module)
			execl(program, program, kernel, folder, (char *)NULL);
		else
			execl(program, program, "--kernel-only", kernel, folder, (char *)NULL);
		launch_error("%s: %m", program);
		_exit(LAUNCH_FAILED);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0 && WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : LAUNCH_FAILED;
}

static int read_release(struct prepared *prepared)
{
	char *path = prepared_file(prepared, "release");
	FILE *file = fopen(path, "re");

	if (!file || !fgets(prepared->release, sizeof(prepared->release), file)) {
		launch_error("%s: %s", path, file ? "is empty" : strerror(errno));
		if (file)
			fclose(file);
		free(path);
		return LAUNCH_FAILED;
	}
	fclose(file);
	free(path);
	prepared->release[strcspn(prepared->release, "\n")] = '\0';
	return 0;
}

/* Where what boots @kernel is, or would be; and guest/prepare, for free(), unless it is given. */
static int find(struct prepared *prepared, const char *kernel, char **program)
{
	const char *given = getenv(PREPARED_FOLDER);
	char *tree;

	*program = NULL;
	*prepared = (struct prepared){.as_it_is = given && *given};
	if (prepared->as_it_is) {
		prepared->folder = launch_format("%s", given);
		return 0;
	}
	if (!strchr(kernel, '/') && strcmp(kernel, "6.1") && strcmp(kernel, "6.12")) {
		launch_error("kernel=%s: give 6.1, 6.12, the folder of a built tree (with a / in "
			     "it), or BZIMAGE:HEADERS",
			     kernel);
		return LAUNCH_USAGE;
	}
	*program = find_prepare(&tree);
	prepared->folder = folder_of(tree, kernel);
	free(tree);
	return 0;
}

int prepared_find(struct prepared *prepared, const char *kernel)
{
	char *program;
	int code = find(prepared, kernel, &program);

	free(program);
	return code;
}

int prepared_get(struct prepared *prepared, const char *kernel, bool module)
{
	char *program;
	int code = find(prepared, kernel, &program);

	if (!code && program)
		code = run_prepare(program, kernel, prepared->folder, module);
	free(program);
	return code ? code : read_release(prepared);
}
