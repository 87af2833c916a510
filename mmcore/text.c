/* SPDX-License-Identifier: GPL-2.0-only */
/* text.c - the little of printf that files like those under /proc need. */
#include "text.h"

/* One conversion as written between % and its letter. */
struct conversion {
	bool left, zeros;
	unsigned int width;
};

void text_end(struct text *text)
{
	if (text->used)
		text->write(text->arg, text->piece, text->used);
	text->used = 0;
}

static void add_char(struct text *text, char c)
{
	if (text->used == sizeof(text->piece))
		text_end(text);
	text->piece[text->used++] = c;
}

static void add_padded(struct text *text, const char *from, unsigned int length,
		       const struct conversion *how)
{
	unsigned int padding = how->width > length ? how->width - length : 0;

	for (unsigned int i = 0; i < padding && !how->left; i++)
		add_char(text, how->zeros ? '0' : ' ');
	for (unsigned int i = 0; i < length; i++)
		add_char(text, from[i]);
	for (unsigned int i = 0; i < padding && how->left; i++)
		add_char(text, ' ');
}

static void add_number(struct text *text, unsigned long number, unsigned int base,
		       const struct conversion *how)
{
	char digits[20], *first = digits + sizeof(digits);

	do
		*--first = "0123456789abcdef"[number % base];
	while (number /= base);
	add_padded(text, first, (unsigned int)(digits + sizeof(digits) - first), how);
}

static void add_word(struct text *text, const char *word, const struct conversion *how)
{
	unsigned int length = 0;

	while (word[length])
		length++;
	add_padded(text, word, length, how);
}

static const char *read_conversion(const char *fmt, struct conversion *how)
{
	*how = (struct conversion){.width = 0};
	for (; *fmt == '-' || *fmt == '0'; fmt++) {
		how->left |= *fmt == '-';
		how->zeros |= *fmt == '0';
	}
	for (; *fmt >= '0' && *fmt <= '9'; fmt++)
		how->width = how->width * 10 + (unsigned int)(*fmt - '0');
	return fmt;
}

/* The next argument, as "lu" or "zu" says it is wide; @wide is what stands before the letter. */
#define next_unsigned(args, wide) \
	((wide) ? va_arg(args, unsigned long) : va_arg(args, unsigned int))

static void add_signed(struct text *text, long number, const struct conversion *how)
{
	/* A sign goes before the padding's zeros: widths are for numbers that have none. */
	if (number < 0)
		add_char(text, '-');
	add_number(text, number < 0 ? -(unsigned long)number : (unsigned long)number, 10, how);
}

void text_add_args(struct text *text, const char *fmt, va_list args)
{
	struct conversion how;
	bool wide;
	char c;

	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			add_char(text, *fmt);
			continue;
		}
		fmt = read_conversion(fmt + 1, &how);
		wide = *fmt == 'l' || *fmt == 'z';
		fmt += wide;
		switch (*fmt) {
		case 's':
			add_word(text, va_arg(args, const char *), &how);
			break;
		case 'c':
			c = (char)va_arg(args, int);
			add_padded(text, &c, 1, &how);
			break;
		case 'd':
			add_signed(text, wide ? va_arg(args, long) : va_arg(args, int), &how);
			break;
		case 'u':
			add_number(text, next_unsigned(args, wide), 10, &how);
			break;
		case 'x':
			add_number(text, next_unsigned(args, wide), 16, &how);
			break;
		case 'p':
			add_char(text, '0');
			add_char(text, 'x');
			add_number(text, (unsigned long)va_arg(args, void *), 16, &how);
			break;
		default: /* "%%" */
			add_char(text, *fmt);
		}
	}
}

void text_add(struct text *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_add_args(text, fmt, args);
	va_end(args);
}
