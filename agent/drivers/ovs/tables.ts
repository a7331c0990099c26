import { cfgColumns } from '../../ovsdb/currentCfg.ts';
import { integer, map, optional, set, single, string, uuid } from '../../ovsdb/notation.ts';
import type { Contents } from '../../ovsdb/replica.ts';
import { defineTable, type Row } from '../../ovsdb/table.ts';

/** What this driver reads and writes of Open vSwitch's database (ovs-vswitchd.conf.db(5)). */
const openVSwitch = defineTable('Open_vSwitch', {
  ...cfgColumns,
  ovs_version: optional(string),
});

export const bridges = defineTable('Bridge', {
  name: single(string),
  ports: set(uuid),
  datapath_type: single(string),
  external_ids: map(string, string),
});

export const ports = defineTable('Port', {
  name: single(string),
  interfaces: set(uuid),
  qos: optional(uuid),
});

export const interfaces = defineTable('Interface', {
  name: single(string),
  type: single(string),
  ofport: optional(integer),
  ifindex: optional(integer),
  mtu: optional(integer),
  /** Why it could not be opened. */
  error: optional(string),
  /** Bits per second. */
  link_speed: optional(integer),
  /** Of a patch port, its `peer`. */
  options: map(string, string),
  /** `driver_name` tells hardware from what only looks like it. */
  status: map(string, string),
  external_ids: map(string, string),
  ingress_policing_rate: single(integer),
  ingress_policing_burst: single(integer),
  /** Open vSwitch 2.16 brought these two. */
  ingress_policing_kpkts_rate: single(integer),
  ingress_policing_kpkts_burst: single(integer),
});

export const qos = defineTable('QoS', {
  type: single(string),
  queues: map(integer, uuid),
  other_config: map(string, string),
  external_ids: map(string, string),
});

export const queues = defineTable('Queue', {
  other_config: map(string, string),
  external_ids: map(string, string),
});

export const followed = {
  Open_vSwitch: openVSwitch,
  Bridge: bridges,
  Port: ports,
  Interface: interfaces,
  QoS: qos,
  Queue: queues,
};

export type Database = Contents<typeof followed>;
export type BridgeRow = Row<typeof bridges.columns>;
export type PortRow = Row<typeof ports.columns>;
export type InterfaceRow = Row<typeof interfaces.columns>;
export type QosRow = Row<typeof qos.columns>;
export type QueueRow = Row<typeof queues.columns>;
