/* SPDX-License-Identifier: GPL-2.0-only */
/* progress.c - see progress.h. There is one stderr, so there is one state. */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static struct {
	bool active, terminal, shown;
	size_t nr_cases, started; /* cases begun */
	double start;		  /* seconds */
	char group[64], label[160];
} progress;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

static int columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? 80 : size.ws_col;
}

static void format_left(double done, char *text, size_t size)
{
	double left = (now() - progress.start) * (1 - done) / done;

	/* The first per cent tells nothing about the rest. */
	if (done < 0.01)
		snprintf(text, size, "--:--");
	else
		snprintf(text, size, "%d:%02d", (int)left / 60, (int)left % 60);
}

void progress_start(size_t nr_cases, bool quiet)
{
	memset(&progress, 0, sizeof(progress));
	progress.active = !quiet;
	progress.terminal = isatty(STDERR_FILENO);
	progress.nr_cases = nr_cases;
	progress.start = now();
}

void progress_case(const char *group, const char *label)
{
	progress.started++;
	if (progress.active && !progress.terminal && strcmp(progress.group, group))
		fprintf(stderr, "trimm: %s, from case %zu of %zu\n", group, progress.started,
			progress.nr_cases);
	snprintf(progress.group, sizeof(progress.group), "%s", group);
	snprintf(progress.label, sizeof(progress.label), "%s", label);
	progress_update(0, "starts");
}

void progress_update(double done, const char *text)
{
	enum { BAR = 20 };
	static const char full[] = "####################", empty[] = "....................";
	char line[512], left[32];
	double all;
	int bar;

	if (!progress.active || !progress.terminal)
		return;
	done = done < 0 ? 0 : done > 1 ? 1 : done;
	all = (progress.started - 1 + done) / progress.nr_cases;
	bar = (int)(all * BAR);
	format_left(all, left, sizeof(left));
	snprintf(line, sizeof(line), "%.*s%.*s %3.0f %% %s left  %s: %s", bar, full, BAR - bar,
		 empty, 100 * all, left, progress.label, text);
	fprintf(stderr, "\r\033[K%.*s", columns() - 1, line);
	progress.shown = true;
}

void progress_clear(void)
{
	if (progress.shown)
		fputs("\r\033[K", stderr);
	progress.shown = false;
}

void progress_stop(void)
{
	progress_clear();
	progress.active = false;
}
