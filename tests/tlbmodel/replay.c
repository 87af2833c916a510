/* SPDX-License-Identifier: GPL-2.0-only */
/* replay.c - events to calls of the model; see replay.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "replay.h"
#include "trace.h"

/* What the event under way says that the page tables hold. */
static struct tlb_mapping mapping_of(void *event, uint64_t address)
{
	unsigned int detail = *(uint64_t *)event >> 9 & 7;

	(void)address;
	if ((*(uint64_t *)event & 7) == TRACE_UNMAPPED)
		return (struct tlb_mapping){detail + 1, false, TLB_4K, false};
	return (struct tlb_mapping){4 - (detail & 3), true, (enum tlb_size)(detail & 3),
				    detail & 4};
}

struct tlb_counts replay(const struct tlb_shape *shape, const uint64_t *events, size_t n)
{
	struct tlb_counts counts;
	uint64_t event = 0;
	struct tlb *tlb = tlb_new(shape, mapping_of, &event);

	assert_non_null(tlb);
	for (size_t i = 0; i < n; i++) {
		uint64_t address = events[i] & ~4095UL;

		event = events[i];
		switch (event & 7) {
		case TRACE_EMPTY:
			tlb_empty(tlb);
			break;
		case TRACE_ACCESS:
		case TRACE_UNMAPPED:
			tlb_access(tlb, address);
			break;
		case TRACE_DROP_PAGE:
			tlb_drop_page(tlb, address);
			break;
		case TRACE_DROP_RANGE:
			tlb_drop_range(tlb, address, (events[++i] & ~4095UL) + 4096);
			break;
		case TRACE_CR3:
			tlb_load_cr3(tlb, (event >> 12 & 4095) | (event & 1UL << 63));
			break;
		case TRACE_DROP_ALL:
			tlb_drop_all(tlb);
			break;
		default:
			fail_msg("event %zu is of no kind", i);
		}
	}
	counts = *tlb_counts(tlb);
	tlb_free(tlb);
	return counts;
}

void expect_counts(const struct tlb_counts *got, const struct tlb_counts *expected)
{
	assert_int_equal(got->dtlb_misses, expected->dtlb_misses);
	assert_int_equal(got->stlb_misses, expected->stlb_misses);
	assert_int_equal(got->walk_steps, expected->walk_steps);
	assert_int_equal(got->dropped, expected->dropped);
}
