/* SPDX-License-Identifier: GPL-2.0-only */
/* report_frame.c - see report_frame.h. A page holds its style, so that it can be sent alone. */
#include "report_frame.h"
#include "html.h"
#include "report_place.h"

#include <math.h>

/* analysis/report.css, taken in at build time from the project's root. */
__asm__(".section .rodata\n"
	"report_style: .incbin \"analysis/report.css\"\n"
	".byte 0\n"
	".previous\n");
extern const char report_style[];

void frame_head(FILE *out, const struct report_link *home, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n" REPORT_MARK
	      "\n<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
	      "<meta name=color-scheme content=\"light dark\">\n",
	      out);
	html(out, "<title>$: $</title>\n<style>\n", home->text, title);
	fputs(report_style, out);
	fputs("</style>\n</head>\n<body>\n<header>\n", out);
	if (home->href)
		html(out, "<p class=product><a href=\"$\">$</a></p>\n", home->href, home->text);
	else
		html(out, "<p class=product>$</p>\n", home->text);
	html(out, "<h1>$</h1>\n", title);
}

void frame_nav(FILE *out, const struct report_link *links, size_t n)
{
	fputs("<nav aria-label=Sections>", out);
	for (size_t i = 0; i < n; i++)
		html(out, "$<a href=\"$\">$</a>", i ? " " : "", links[i].href, links[i].text);
	fputs("</nav>\n</header>\n<main>\n", out);
}

void frame_foot(FILE *out)
{
	fputs("</main>\n</body>\n</html>\n", out);
}

const char *frame_tone(int exit_code)
{
	return exit_code == 0 ? "fine" : exit_code == 3 ? "bad" : "unclear";
}

const char *frame_tag(enum verdict verdict)
{
	return verdict == VERDICT_REGRESSED ? "bad" : verdict == VERDICT_IMPROVED ? "good" : "none";
}

const char *frame_value(double value, const char *unit, char *buffer, size_t size)
{
	if (isnan(value))
		snprintf(buffer, size, "–");
	else
		compare_format_value(value, unit, buffer, size);
	return buffer;
}
