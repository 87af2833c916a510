/* SPDX-License-Identifier: GPL-2.0-only */
/* watchdog.h - how long a guest has given no sign of life: no word, and no heartbeat. */
#ifndef LAUNCH_WATCHDOG_H
#define LAUNCH_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

struct watchdog {
	int64_t patience_ms; /* 0: for ever */
	int64_t alive_ms;    /* when the last sign came */
	uint64_t signs;
};

void watchdog_start(struct watchdog *watchdog, unsigned int seconds, int64_t now_ms);
/* @signs is any number that changes with each sign of life. False: it hangs. */
bool watchdog_check(struct watchdog *watchdog, uint64_t signs, int64_t now_ms);

#endif /* LAUNCH_WATCHDOG_H */
