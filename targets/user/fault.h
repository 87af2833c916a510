/* SPDX-License-Identifier: GPL-2.0-only */
/* fault.h - a bad access to a window ends the process with one line that says why. */
#ifndef USER_FAULT_H
#define USER_FAULT_H

/* May be repeated. A handler that is already there (a sanitizer's) keeps all other faults. */
void fault_catch(void);
/* Let this slot's thread take faults even when its own stack has run out. */
void fault_use_stack(void);

#endif /* USER_FAULT_H */
