/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_about.h - what a trace says of itself, asked of the program that replays it. */
#ifndef CLI_TRACE_ABOUT_H
#define CLI_TRACE_ABOUT_H

#include <jansson.h>

/* 0 and *@about, to be json_decref()ed; or an exit code after one line: nothing of it is good. */
int trace_about(const char *path, json_t **about);

#endif /* CLI_TRACE_ABOUT_H */
