/* SPDX-License-Identifier: GPL-2.0-only */
/* subject.c - the list of subjects. */
#include "subject.h"

#define SUBJECTS_MAX 16

const char *const subject_family_name[SUBJECT_FAMILIES] = {
#define FAMILY(symbol, name, about) name,
#include "families.def"
#undef FAMILY
};

const char *subject_lacks(const struct subject *subject, enum subject_family family)
{
	static const char *const lacking[SUBJECT_FAMILIES] = {
#define FAMILY(symbol, name, about) "this impl= offers no " name,
#include "families.def"
#undef FAMILY
	};

	return subject->lacks[family] ?: lacking[family];
}

const struct subject *const *subjects_all(void)
{
	static const struct subject *all[SUBJECTS_MAX + 1] = {
#define SUBJECT(name) &subject_##name,
#include "subjects.def"
#undef SUBJECT
	};
	const struct subject *const *host = host_subjects();
	unsigned int n = 0;

	while (all[n] && all[n] != *host)
		n++;
	while (*host && n < SUBJECTS_MAX)
		all[n++] = *host++;
	return all;
}
