/* SPDX-License-Identifier: GPL-2.0-only */
/* main.c - trimm-qemu: which target it is to run; see launch.h. */
#include "launch.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("trimm-qemu " TRIMM_VERSION);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "probe"))
		return launch_probe();
	if (argc > 2 && !strcmp(argv[1], "kernel"))
		return launch_kernel(argc - 2, argv + 2);
	if (argc > 2 && !strcmp(argv[1], "user"))
		return launch_user(argc - 2, argv + 2);
	if (argc > 2 && !strcmp(argv[1], "module"))
		return launch_module(argc - 2, argv + 2);
	launch_error("say what to run: `trimm-qemu kernel|module|user WORD...`");
	return LAUNCH_USAGE;
}
