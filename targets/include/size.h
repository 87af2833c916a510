/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * size.h - sizes as users write them: "4096", "64M". Whoever includes it has EINVAL and ERANGE
 * already: they are the C library's in one target and plat_types.h's in another.
 */
#ifndef TARGETS_SIZE_H
#define TARGETS_SIZE_H

#include <stddef.h>

#define SIZE_HIGHEST (1UL << 40)

/* What a size must be. */
struct size_rule {
	size_t lowest, highest, step; /* highest: at most SIZE_HIGHEST; a multiple of step */
};

/* "K" is 10, "M" 20 ...; no suffix 0; -1: none of them. */
static inline int size_shift(const char *suffix)
{
	static const char suffixes[] = "KMGT";

	if (!*suffix)
		return 0;
	for (int i = 0; suffixes[i]; i++)
		if ((*suffix & ~0x20) == suffixes[i])
			return suffix[1] ? -1 : 10 * (i + 1);
	return -1;
}

/* 0, -EINVAL (no size, or no multiple) or -ERANGE; *bytes is then as before. */
static inline int size_parse(const char *text, const struct size_rule *rule, size_t *bytes)
{
	unsigned long number = 0;
	int shift;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	for (; *text >= '0' && *text <= '9'; text++) {
		number = number * 10 + (unsigned long)(*text - '0');
		if (number > SIZE_HIGHEST)
			return -ERANGE;
	}
	shift = size_shift(text);
	if (shift < 0)
		return -EINVAL;
	if (number > rule->highest >> shift || number << shift < rule->lowest)
		return -ERANGE;
	if ((number << shift) % rule->step)
		return -EINVAL;
	*bytes = number << shift;
	return 0;
}

#endif /* TARGETS_SIZE_H */
