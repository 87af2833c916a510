/* SPDX-License-Identifier: GPL-2.0-only */
/* say.h - a line to the user from inside QEMU, on stderr. */
#ifndef TLBMODEL_SAY_H
#define TLBMODEL_SAY_H

void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A line, then the end of QEMU with exit code 1: what follows could not be counted. */
void say_and_end(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif /* TLBMODEL_SAY_H */
