/* SPDX-License-Identifier: GPL-2.0-only */
/* traced.c - a tracer beside the case: a bare machine has none. */
#include "host.h"
#include "point_rings.h"

bool host_tracer(void)
{
	return false;
}

void host_tracer_arm(long bench)
{
	points_arm(bench);
}

bool host_tracer_begin(unsigned long first, unsigned int arms)
{
	(void)first;
	(void)arms;
	return false;
}

bool host_tracer_switch(bool on)
{
	(void)on;
	return false;
}

void host_tracer_blocks(long bench, bool on, uint64_t ops, const uint64_t *ps, unsigned long n)
{
	(void)bench;
	(void)on;
	(void)ops;
	(void)ps;
	(void)n;
}

const char *host_tracer_end(void)
{
	return NULL;
}
