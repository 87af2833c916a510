/* SPDX-License-Identifier: GPL-2.0-only */
/* subjects.c - see subjects.h. */
#include "subjects.h"
#include "cores.h"

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

const struct host_loader *host_loader(void)
{
	static const struct host_loader loader = {
		.about = "another build of mmcore, made by `make core`: a path, or a name in "
			 "$TRIMM_CORES",
		.open = cores_open,
		.begin = cores_begin,
	};

	return &loader;
}
