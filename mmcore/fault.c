/* SPDX-License-Identifier: GPL-2.0-only */
/* fault.c - count the calls at each site and say which of them shall fail. See fault.h. */
#include "fault.h"

#include "core.h"

#if TRI_CHECK_LEVEL >= 1
void tri_fault_set(struct tri_core *core, enum tri_fault_site site, const struct tri_fault *fault)
{
	struct fault_state *state = &core->fault[site];

	*state = (struct fault_state){.fault = *fault};
	plat_spin_init(&state->lock);
}

unsigned long tri_fault_calls(const struct tri_core *core, enum tri_fault_site site)
{
	return __atomic_load_n(&core->fault[site].calls, __ATOMIC_RELAXED);
}

unsigned long tri_fault_failures(const struct tri_core *core, enum tri_fault_site site)
{
	return __atomic_load_n(&core->fault[site].failures, __ATOMIC_RELAXED);
}

/* Xorshift: a number below 1,000,000. */
static unsigned long random_ppm(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (unsigned long)(*state >> 11) % 1000000;
}

/* Locked. */
static bool call_fails(struct fault_state *state, unsigned long size)
{
	struct tri_fault *fault = &state->fault;

	if (size < fault->size_min || (fault->size_max && size > fault->size_max))
		return false;
	state->calls++;
	if (!fault->interval || state->calls <= fault->after ||
	    (state->calls - fault->after - 1) % fault->interval)
		return false;
	if (fault->ppm && random_ppm(&fault->random) >= fault->ppm)
		return false;
	if (fault->times && state->failures >= fault->times)
		return false;
	state->failures++;
	return true;
}

bool fault_fails(struct tri_core *core, enum tri_fault_site site, unsigned long size)
{
	struct fault_state *state = &core->fault[site];
	unsigned long saved = tri_lock(&state->lock);
	bool fails = call_fails(state, size);

	tri_unlock(&state->lock, saved);
	return fails;
}
#endif
