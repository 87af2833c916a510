/* SPDX-License-Identifier: GPL-2.0-only */
/* directory.h - make folders, and remove them with all that is in them. */
#ifndef CLI_DIRECTORY_H
#define CLI_DIRECTORY_H

/* 0, also if there is none; or -errno. Links are removed, not followed. */
int directory_remove(const char *path);
/* Files of it that end in @suffix, as old as that: what was being written when its writer died. */
void directory_remove_files(const char *path, const char *suffix, unsigned int seconds);
/* A folder and those above it, if missing. 0 or -errno. */
int directory_make(const char *path);

#endif /* CLI_DIRECTORY_H */
