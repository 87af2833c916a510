/* SPDX-License-Identifier: GPL-2.0-only */
/* subjects.c - see subjects.h. */
#include "subjects.h"

const struct subject *const *host_subjects(void)
{
	static const struct subject *const all[] = {
#define LIBRARY(name, file, package, about) &subject_##name,
#include "libraries.def"
#undef LIBRARY
		&subject_native,
		NULL,
	};

	return all;
}
