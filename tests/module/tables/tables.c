/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tables.c - a module that shows /sys/kernel/debug/tables: the entries of the page tables' third
 * level (each of 1 GiB) that Linux keeps for vmalloc's addresses, "ADDRESS ENTRY" a line, those
 * that are none left out. So a test sees whether another module has left them as they were.
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <linux/seq_file.h>

static struct dentry *file;

/* Of any address space: all have these tables in common. */
static void show_below(struct seq_file *to, pgd_t *pgd, unsigned long addr)
{
	p4d_t *p4d = p4d_offset(pgd, addr);

	if (pgd_none(*pgd) || p4d_none(*p4d))
		return;
	for (unsigned long end = addr + P4D_SIZE; addr != end; addr += PUD_SIZE) {
		/* The CPU may set these at any time: they are no one's doing. */
		u64 entry = pud_val(READ_ONCE(*pud_offset(p4d, addr))) &
			    ~(u64)(_PAGE_ACCESSED | _PAGE_DIRTY);

		if (entry)
			seq_printf(to, "%lx %llx\n", addr, entry);
	}
}

static int tables_show(struct seq_file *to, void *unused)
{
	for (unsigned long addr = VMALLOC_START & P4D_MASK; addr < VMALLOC_END; addr += P4D_SIZE)
		show_below(to, pgd_offset(current->active_mm, addr), addr);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tables);

static int __init tables_init(void)
{
	file = debugfs_create_file("tables", 0400, NULL, NULL, &tables_fops);
	return PTR_ERR_OR_ZERO(file);
}

static void __exit tables_exit(void)
{
	debugfs_remove(file);
}

module_init(tables_init);
module_exit(tables_exit);
MODULE_DESCRIPTION("shows the entries of vmalloc's page tables, for tests");
MODULE_LICENSE("GPL");
