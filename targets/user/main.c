/* SPDX-License-Identifier: GPL-2.0-only */
/* main.c - trimm-user: the harness with this target beneath it; words are its command. */
#include <stdio.h>
#include <string.h>

#include "cores.h"
#include "describe_trace.h"
#include "harness.h"
#include "model.h"
#include "perf.h"
#include "questions.h"
#include "stop.h"
#include "subjects.h"

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("trimm-user " TRIMM_VERSION);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "trace"))
		return describe_trace(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "core"))
		return cores_check(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "perf"))
		return perf_about();
	if (model_open())
		return 1;
	libraries_make_room(argc, argv);
	stop_on_signals();
	/* An answer's work would be counted: who starts us refuses instead. */
	if (!model_watches())
		questions_open();
	return bench_main(argc - 1, argv + 1);
}
