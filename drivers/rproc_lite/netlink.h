/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_NETLINK_H
#define RL_NETLINK_H

/* The generic netlink family "rproc_lite". Once each, at load and unload. */
int rl_netlink_init(void);
void rl_netlink_exit(void);

#endif /* RL_NETLINK_H */
