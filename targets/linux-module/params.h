/* SPDX-License-Identifier: GPL-2.0-only */
/* params.h - the settings in force (host_param_set()); their defaults are module parameters. */
#ifndef LINUX_MODULE_PARAMS_H
#define LINUX_MODULE_PARAMS_H

#include "tri.h"

size_t params_memory(void);
size_t params_window(void);
size_t params_dma(void);
size_t params_dma32(void);
/* A flush of more pages drops all translations instead. */
unsigned long params_invlpg_max(void);
/* A plugin of the emulator counts between marks: a module parameter, of who started the guest. */
bool params_counted(void);
/* Each case begins with the defaults. */
void params_reset(void);

#endif /* LINUX_MODULE_PARAMS_H */
