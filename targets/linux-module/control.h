/* SPDX-License-Identifier: GPL-2.0-only */
/* control.h - the files in debugfs (lines.h). */
#ifndef LINUX_MODULE_CONTROL_H
#define LINUX_MODULE_CONTROL_H

/* At load, after all else here: from then on cases are started. 0 or -errno. */
int control_init(void);
/* At unload, before all else: on return no file is in use. */
void control_exit(void);

#endif /* LINUX_MODULE_CONTROL_H */
