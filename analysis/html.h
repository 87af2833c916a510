/* SPDX-License-Identifier: GPL-2.0-only */
/* html.h - writing HTML in which text from elsewhere can't become markup. */
#ifndef ANALYSIS_HTML_H
#define ANALYSIS_HTML_H

#include <stdio.h>

/*
 * Write @pattern, each $ in it replaced by the next argument, a string, escaped for text
 * and quoted attributes. As many arguments as dollars, then NULL: html() adds it.
 */
#define html(...) html_put(__VA_ARGS__, NULL)
void html_put(FILE *out, const char *pattern, ...) __attribute__((sentinel));

#endif /* ANALYSIS_HTML_H */
