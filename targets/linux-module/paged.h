/* SPDX-License-Identifier: GPL-2.0-only */
/* paged.h - text that grows by pages up to a bound, and never moves. Who locks: the owner. */
#ifndef LINUX_MODULE_PAGED_H
#define LINUX_MODULE_PAGED_H

#include <linux/types.h>

struct paged {
	char **page;
	unsigned int nr_pages, max_pages;
	size_t length;
};

/* Nothing in it; up to @max bytes, rounded up to pages. May sleep. 0 or -ENOMEM. */
int paged_init(struct paged *paged, size_t max);
void paged_exit(struct paged *paged);
/* Give all pages back: length 0. */
void paged_clear(struct paged *paged);
/* Bytes that fit without another page. */
size_t paged_room(const struct paged *paged);
/* Bytes that fit at all. */
size_t paged_left(const struct paged *paged);
/* A page for paged_add(); NULL: there is none. With @may_sleep it is tried harder for. */
char *paged_page(bool may_sleep);
/* One more page of room. False: it is at its bound, and the page still the caller's. */
bool paged_add(struct paged *paged, char *page);
/* @length bytes, for which there is room. */
void paged_append(struct paged *paged, const char *from, size_t length);
/* Up to @length bytes from @at on; how many there were. */
size_t paged_read(const struct paged *paged, size_t at, char *to, size_t length);

#endif /* LINUX_MODULE_PAGED_H */
