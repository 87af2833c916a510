/* SPDX-License-Identifier: GPL-2.0-only */
/* nearest.h - what the user may have meant. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

/* The one of @names (ended by NULL) that takes fewest edits from @word; NULL if none is near. */
const char *nearest_name(const char *word, const char *const *names);

#endif /* CLI_NEAREST_H */
