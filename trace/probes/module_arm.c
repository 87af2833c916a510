/* SPDX-License-Identifier: GPL-2.0-only */
/* module_arm.c - see module_arm.h. */
#include "module_arm.h"
#include "module_arm.skel.h"
#include "say.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

struct module_arm *module_arm_open(int control_fd)
{
	struct module_arm *module = module_arm__open();
	int err = module ? bpf_map__reuse_fd(module->maps.control, control_fd) : -errno;

	if (!err)
		err = module_arm__load(module);
	if (!err)
		err = module_arm__attach(module);
	if (!err)
		return module;
	if (err == -ENOENT)
		say("--module: no tracepoint trimm:arm; load trimm.ko first");
	else
		say("--module: tracepoint trimm:arm: %s", strerror(-err));
	module_arm_close(module);
	return NULL;
}

void module_arm_close(struct module_arm *module)
{
	module_arm__destroy(module);
}
