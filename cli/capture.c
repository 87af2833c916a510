/* SPDX-License-Identifier: GPL-2.0-only */
/* capture.c - see capture.h. */
#include "capture.h"
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char *read_all(int fd)
{
	size_t length = 0, size = 4096;
	char *text = cli_alloc(NULL, size);
	ssize_t n;

	while ((n = read(fd, text + length, size - length - 1)) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		length += n < 0 ? 0 : n;
		if (size - length == 1)
			text = cli_alloc(text, size *= 2);
	}
	text[length] = 0;
	return text;
}

static int spawn(char *const *argv, bool silent, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (silent)
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -error;
}

int capture(char *const *argv, bool silent, char **text)
{
	int pipe_fd[2], status, error;
	char *printed;
	pid_t pid;

	if (text)
		*text = NULL;
	if (pipe2(pipe_fd, O_CLOEXEC))
		return -errno;
	error = spawn(argv, silent, pipe_fd[1], &pid);
	close(pipe_fd[1]);
	if (error) {
		close(pipe_fd[0]);
		return error;
	}
	printed = read_all(pipe_fd[0]);
	close(pipe_fd[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (text)
		*text = printed;
	else
		free(printed);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
