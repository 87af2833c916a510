/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.h - the machine, its state and this build, as the `run` line records them. */
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

#include <jansson.h>

json_t *machine_record(void);	   /* machine: what it is; fp names it */
json_t *machine_environment(void); /* env: how it is set up just now */
json_t *machine_build(void);	   /* build */
json_t *machine_source(void);	   /* subject: git_sha, dirty; null outside a source tree */

/* "none", "kvm-guest", "tcg-guest", ... from the CPU's own answer. */
const char *machine_virtualisation(void);

#endif /* CLI_MACHINE_H */
