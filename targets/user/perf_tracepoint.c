/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf_tracepoint.c - see perf_tracepoint.h.
 *
 * Where nobody has mounted tracefs, root needs no mount to read it: since Linux 5.2 a file system
 * can be opened that is attached nowhere (fsmount(2)), which no other process sees and which is
 * gone when its descriptor is closed.
 */
#include "perf_tracepoint.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* tracefs without a place, or -1. */
static int open_detached(void)
{
	int context = fsopen("tracefs", FSOPEN_CLOEXEC), mount = -1;

	if (context < 0)
		return -1;
	if (!fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(context, FSMOUNT_CLOEXEC, 0);
	close(context);
	return mount;
}

/* The folder events/ of tracefs; or -errno as of perf_tracepoint_id(). */
static int open_events(void)
{
	static const char *const mounted[] = {"/sys/kernel/tracing/events",
					      "/sys/kernel/debug/tracing/events"};
	int tracefs, events;

	for (size_t i = 0; i < sizeof(mounted) / sizeof(mounted[0]); i++) {
		events = open(mounted[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (events >= 0)
			return events;
		if (errno == EACCES || errno == EPERM)
			return -EACCES;
	}
	tracefs = open_detached();
	if (tracefs < 0)
		return errno == EPERM || errno == EACCES ? -EACCES : -ENODEV;
	events = openat(tracefs, "events", O_PATH | O_DIRECTORY | O_CLOEXEC);
	close(tracefs);
	return events < 0 ? -ENODEV : events;
}

int perf_tracepoint_id(const char *name, uint64_t *id)
{
	const char *colon = strchr(name, ':');
	char path[NAME_MAX], text[32];
	int events = open_events(), file, error = 0;
	ssize_t got;

	if (events < 0)
		return events;
	snprintf(path, sizeof(path), "%.*s/%s/id", (int)(colon - name), name, colon + 1);
	file = openat(events, path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		error = errno == EACCES || errno == EPERM ? -EACCES : -ENOENT;
	close(events);
	if (error)
		return error;
	got = read(file, text, sizeof(text) - 1);
	close(file);
	if (got <= 0)
		return -ENOENT;
	text[got] = '\0';
	*id = strtoull(text, NULL, 10);
	return 0;
}
