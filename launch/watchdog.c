/* SPDX-License-Identifier: GPL-2.0-only */
/* watchdog.c - see watchdog.h. */
#include "watchdog.h"

void watchdog_start(struct watchdog *watchdog, unsigned int seconds, int64_t now_ms)
{
	*watchdog = (struct watchdog){.patience_ms = seconds * 1000L, .alive_ms = now_ms};
}

bool watchdog_check(struct watchdog *watchdog, uint64_t signs, int64_t now_ms)
{
	if (signs != watchdog->signs) {
		watchdog->signs = signs;
		watchdog->alive_ms = now_ms;
	}
	return !watchdog->patience_ms || now_ms - watchdog->alive_ms < watchdog->patience_ms;
}
