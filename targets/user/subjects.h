/* SPDX-License-Identifier: GPL-2.0-only */
/* subjects.h - the subjects only this target has. */
#ifndef USER_SUBJECTS_H
#define USER_SUBJECTS_H

#include "subject.h"

extern const struct subject subject_native;
#define LIBRARY(name, file, package, about) extern const struct subject subject_##name;
#include "libraries.def"
#undef LIBRARY

/*
 * The C library reads once, as the process starts, how much thread-local memory to set aside
 * for libraries loaded later: where the words name one that is too late, start once more.
 */
void libraries_make_room(int argc, char **argv);

#endif /* USER_SUBJECTS_H */
