/* SPDX-License-Identifier: GPL-2.0-only */
/* subjects.c - what only this target has beside mmcore. */
#include "host.h"

const struct subject *const *host_subjects(void)
{
	static const struct subject *const none[] = {NULL};

	return none;
}
