/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * layout.h - one process is one layout, and layout lies: where code and data happen to lie decides
 * which of them meet in a set of a cache, of a TLB, of the branch predictors. With process=K that
 * is another one in each process, for all that the program places, and the same for equal K but for
 * what the kernel adds of its own. Without it the kernel chooses alone.
 */
#ifndef USER_LAYOUT_H
#define USER_LAYOUT_H

#include <stddef.h>

void layout_choose(unsigned long process);
/* Below @n; 0 where nothing was chosen. */
unsigned long layout_number(unsigned long n);
/* Take so many pages of address space that what is mapped next lies elsewhere. */
void layout_skip(void);
/*
 * Where to map @bytes: free now, whole 2 MiB and some pages away from where the kernel would have
 * put them. NULL, for it to choose, where nothing was chosen.
 */
void *layout_place(size_t bytes);

#endif /* USER_LAYOUT_H */
