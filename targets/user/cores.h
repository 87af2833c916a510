/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cores.h - core=NAME: builds of mmcore as shared objects (make core), each a subject of its own.
 * A NAME without a slash is $TRIMM_CORES/NAME.so.
 */
#ifndef USER_CORES_H
#define USER_CORES_H

#include "subject.h"

struct case_config;
struct arm_config;

/* host_loader()'s two; see host.h. */
const struct subject *cores_open(const struct case_config *config, const struct arm_config *arm);
void cores_begin(const struct case_config *config);
/*
 * `trimm-user core FILE`: does it fit this program? The exit code: 0, or 1 after one line on stdout
 * that begins with @path.
 */
int cores_check(const char *path);

#endif /* USER_CORES_H */
