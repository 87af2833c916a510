/* SPDX-License-Identifier: GPL-2.0-only */
/* run_case.c - see run_case.h. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness.h"
#include "run_case.h"
#include "targets/user/model.h"

static const char head[] =
	"{\"t\":\"run\",\"schema\":\"trimm/1\",\"run_id\":\"20260101T000000-0000\",\"started\":"
	"\"2026-01-01T00:00:00Z\",\"reason\":\"run\",\"command\":\"test\",\"subject\":{\"git_sha\":"
	"null,\"dirty\":false},\"harness\":{\"git_sha\":null,\"version\":\"test\"},\"build\":{"
	"\"cc\":"
	"\"\",\"cflags\":\"\"},\"machine\":{\"fp\":\"0000000000000000\",\"cpu\":\"\",\"cpus\":1,"
	"\"memory_mib\":1,\"virt\":\"none\"},\"env\":{\"kernel\":\"\"}}\n";

static struct mailbox mailboxes[MAILBOXES];
bool run_case_modelled;
char run_case_models[1024];

static void take_models(const char *path)
{
	char command[256];
	FILE *lines;

	snprintf(command, sizeof(command), "sed -n '/\"t\":\"model\"/p' %s", path);
	lines = popen(command, "r");
	assert_non_null(lines);
	run_case_models[fread(run_case_models, 1, sizeof(run_case_models) - 1, lines)] = 0;
	assert_int_equal(pclose(lines), 0);
	snprintf(command, sizeof(command), "sed -i '/\"t\":\"model\"/d' %s", path);
	assert_int_equal(system(command), 0);
}

int run_case(const char *text, struct run **run)
{
	char path[] = "/tmp/trimm-test-case.XXXXXX", buffer[512], fd_text[16];
	struct run_error error = {.text = ""};
	int fd = mkstemp(path), status;
	pid_t child;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, head, strlen(head)), strlen(head));
	child = fork();
	if (!child) {
		char *words[24];
		int n = 0;

		snprintf(fd_text, sizeof(fd_text), "%d", fd);
		setenv("TRIMM_RECORD_FD", fd_text, 1);
		model_mailbox = run_case_modelled ? mailboxes : NULL;
		snprintf(buffer, sizeof(buffer), "%s", text);
		for (char *word = strtok(buffer, " "); word; word = strtok(NULL, " "))
			words[n++] = word;
		_exit(bench_main(n, words));
	}
	waitpid(child, &status, 0);
	close(fd);
	if (run) {
		take_models(path);
		/* Progress is for the command, which takes it out of the stream. */
		snprintf(buffer, sizeof(buffer), "sed -i '/\"t\":\"progress\"/d' %s", path);
		assert_int_equal(system(buffer), 0);
		/* The command adds the series, which needs the machine. */
		snprintf(buffer, sizeof(buffer),
			 "sed -i 's/^{\"t\":\"bench\",/&\"series\":\"0000000000000000\",/' %s",
			 path);
		assert_int_equal(system(buffer), 0);
		if (run_load(path, run, &error))
			fail_msg("%s: %s", text, error.text);
	}
	unlink(path);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

double run_case_exact(const struct bench *bench, const char *name)
{
	const struct counter *counter = bench_counter(bench, "exact", name);

	assert_non_null(counter);
	assert_true(counter->has_value);
	return counter->value;
}

void run_case_on_one_cpu(void)
{
	cpu_set_t one = {0};

	CPU_SET(sched_getcpu(), &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
}
