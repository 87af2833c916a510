/* SPDX-License-Identifier: GPL-2.0-only */
/* archive.h - an initramfs that grows: files added behind those it has; see archive.c. */
#ifndef LAUNCH_ARCHIVE_H
#define LAUNCH_ARCHIVE_H

/* A copy of the file @path, in memory; its descriptor, or -1 after one line. */
int archive_open(const char *path);
/* The file @path as @name (no slash in front; its folder is there already). 0, or -1 after a line.
 */
int archive_add(int archive, const char *path, const char *name);
/* The same, of its contents. */
int archive_add_text(int archive, const char *text, const char *name);
/* A folder, for files that come behind it. */
int archive_add_folder(int archive, const char *name);
/* No more will be added. */
int archive_end(int archive);

#endif /* LAUNCH_ARCHIVE_H */
