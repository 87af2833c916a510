/* SPDX-License-Identifier: GPL-2.0-only */
/* words.h - lines to the user of the case that runs; nobody hears them otherwise. */
#ifndef LINUX_MODULE_WORDS_H
#define LINUX_MODULE_WORDS_H

#include <stdarg.h>

/* One line; text.h's formats. Any context but NMI. */
void words_say(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

#endif /* LINUX_MODULE_WORDS_H */
