/* SPDX-License-Identifier: GPL-2.0-only */
/* limits.c - mmap() says ENOMEM for several limits; a few tiny mappings more tell them apart. */
#include "limits.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "host.h"
#include "spare.h"

void limits_explain(const char *what, size_t bytes, int error, const char *setting)
{
	unsigned long mib = bytes >> 20;
	struct rlimit space;

	/* Past vm.max_map_count even these fail; where space is short, they still fit. */
	if (error != ENOMEM)
		host_error("no %s of %lu MiB: %s", what, mib, strerror(error));
	else if (!spare_fit())
		host_error("no %s: too many mappings; raise sysctl vm.max_map_count", what);
	else if (!getrlimit(RLIMIT_AS, &space) && space.rlim_cur != RLIM_INFINITY)
		host_error("no %s: %lu MiB of address space, but the limit is %lu MiB; "
			   "raise ulimit -v or lower %s",
			   what, mib, (unsigned long)space.rlim_cur >> 20, setting);
	else
		host_error("no %s: %lu MiB of address space are not to be had; lower %s", what, mib,
			   setting);
}
