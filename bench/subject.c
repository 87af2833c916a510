/* SPDX-License-Identifier: GPL-2.0-only */
/* subject.c - the list of subjects. */
#include "subject.h"

const struct subject *const *subjects_all(void)
{
	static const struct subject *const all[] = {
#define SUBJECT(name) &subject_##name,
#include "subjects.def"
#undef SUBJECT
		NULL};

	return all;
}
