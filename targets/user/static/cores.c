/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cores.c - in place of ../cores.c where the program is static: it knows the word, and who starts
 * it for a case that has one starts the other program.
 */
#include "cores.h"

#include <stdio.h>

#include "bench.h"

const struct subject *cores_open(const struct case_config *config, const struct arm_config *arm)
{
	(void)config;
	host_error("core=%s: a static program loads none; start trimm-user", arm->build);
	return NULL;
}

void cores_begin(const struct case_config *config)
{
	(void)config;
}

int cores_check(const char *path)
{
	printf("%s is for another program: a static one loads none; start trimm-user\n", path);
	return 1;
}
