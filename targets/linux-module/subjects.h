/* SPDX-License-Identifier: GPL-2.0-only */
/* subjects.h - the subject only this target has. */
#ifndef LINUX_MODULE_SUBJECTS_H
#define LINUX_MODULE_SUBJECTS_H

#include "subject.h"

extern const struct subject subject_native;

#endif /* LINUX_MODULE_SUBJECTS_H */
