/* SPDX-License-Identifier: GPL-2.0-only */
/* subject.c - the list of subjects. */
#include "subject.h"

#define SUBJECTS_MAX 16

const char *const subject_family_name[SUBJECT_FAMILIES] = {
	[SUBJECT_VMALLOC] = "vmalloc",	 [SUBJECT_KMALLOC] = "kmalloc",
	[SUBJECT_KVMALLOC] = "kvmalloc", [SUBJECT_PAGES] = "pages",
	[SUBJECT_CACHE] = "kmem_cache",	 [SUBJECT_VMALLOC_HUGE] = "vmalloc_huge",
	[SUBJECT_VMAP] = "vmap",	 [SUBJECT_VM_MAP_RAM] = "vm_map_ram",
};

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
