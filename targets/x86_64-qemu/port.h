/* SPDX-License-Identifier: GPL-2.0-only */
/* port.h - instructions C has no words for: I/O ports, model-specific and control registers. */
#ifndef X86_64_QEMU_PORT_H
#define X86_64_QEMU_PORT_H

#include <stdbool.h>
#include <stdint.h>

static inline void port_out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_out16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t port_in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint64_t msr_read(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void msr_write(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr"
			 :
			 : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
			 : "memory");
}

enum { CPUID_A, CPUID_B, CPUID_C, CPUID_D };

static inline void cpuid(uint32_t leaf, uint32_t out[4])
{
	__asm__ volatile("cpuid"
			 : "=a"(out[CPUID_A]), "=b"(out[CPUID_B]), "=c"(out[CPUID_C]),
			   "=d"(out[CPUID_D])
			 : "a"(leaf), "c"(0));
}

static inline uint64_t cr2_read(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr2, %0" : "=r"(value));
	return value;
}

static inline uint64_t cr3_read(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr3, %0" : "=r"(value));
	return value;
}

static inline uint64_t cr4_read(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

static inline void cr3_write(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

static inline void cr4_write(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

/* Interrupts off; what they were, for irq_restore(). */
static inline uint64_t irq_save(void)
{
	uint64_t flags;

	__asm__ volatile("pushf; pop %0; cli" : "=r"(flags) : : "memory");
	return flags;
}

static inline bool irq_were_on(uint64_t flags)
{
	return flags & 1 << 9;
}

static inline void irq_restore(uint64_t flags)
{
	if (irq_were_on(flags))
		__asm__ volatile("sti" : : : "memory");
}

static inline bool irq_on(void)
{
	uint64_t flags;

	__asm__ volatile("pushf; pop %0" : "=r"(flags));
	return irq_were_on(flags);
}

/* What every wait does: under icount it ends this CPU's turn. */
static inline void cpu_pause(void)
{
	__asm__ volatile("pause" : : : "memory");
}

/* Until an NMI or for good. */
static inline void cpu_halt(void)
{
	__asm__ volatile("cli; hlt" : : : "memory");
}

#endif /* X86_64_QEMU_PORT_H */
