/* SPDX-License-Identifier: GPL-2.0-only */
/* night_find.h - which of the files of RESULTS/nights is meant. */
#ifndef CLI_NIGHT_FIND_H
#define CLI_NIGHT_FIND_H

/*
 * The file of a night, malloc()ed: @name is an id, the unique beginning of one, "latest", or a
 * path. 0, or TRIMM_FAILED after one line.
 */
int night_find(const char *name, char **path);

#endif /* CLI_NIGHT_FIND_H */
