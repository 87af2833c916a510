/* SPDX-License-Identifier: GPL-2.0-only */
/* paged.c - text that grows by pages; see paged.h. */
#include "paged.h"

#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

int paged_init(struct paged *paged, size_t max)
{
	*paged = (struct paged){.max_pages = DIV_ROUND_UP(max, PAGE_SIZE)};
	paged->page = kvcalloc(paged->max_pages, sizeof(*paged->page), GFP_KERNEL);
	return paged->page ? 0 : -ENOMEM;
}

void paged_exit(struct paged *paged)
{
	paged_clear(paged);
	kvfree(paged->page);
	paged->page = NULL;
}

void paged_clear(struct paged *paged)
{
	while (paged->nr_pages)
		free_page((unsigned long)paged->page[--paged->nr_pages]);
	paged->length = 0;
}

size_t paged_room(const struct paged *paged)
{
	return paged->nr_pages * PAGE_SIZE - paged->length;
}

size_t paged_left(const struct paged *paged)
{
	return paged->max_pages * PAGE_SIZE - paged->length;
}

char *paged_page(bool may_sleep)
{
	gfp_t how = may_sleep ? GFP_KERNEL | __GFP_NORETRY : GFP_NOWAIT;

	return (char *)__get_free_page(how | __GFP_NOWARN);
}

bool paged_add(struct paged *paged, char *page)
{
	if (paged->nr_pages == paged->max_pages)
		return false;
	paged->page[paged->nr_pages++] = page;
	return true;
}

void paged_append(struct paged *paged, const char *from, size_t length)
{
	while (length) {
		size_t within = offset_in_page(paged->length);
		size_t piece = min_t(size_t, length, PAGE_SIZE - within);

		memcpy(paged->page[paged->length / PAGE_SIZE] + within, from, piece);
		paged->length += piece;
		from += piece;
		length -= piece;
	}
}

size_t paged_read(const struct paged *paged, size_t at, char *to, size_t length)
{
	size_t done = 0;

	if (at >= paged->length)
		return 0;
	length = min(length, paged->length - at);
	while (done < length) {
		size_t within = offset_in_page(at + done);
		size_t piece = min_t(size_t, length - done, PAGE_SIZE - within);

		memcpy(to + done, paged->page[(at + done) / PAGE_SIZE] + within, piece);
		done += piece;
	}
	return done;
}
