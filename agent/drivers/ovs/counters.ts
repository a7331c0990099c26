import type { MeterStats } from '../../openflow/meters.ts';
import { queueText } from './tcText.ts';

/** What one limit let pass and dropped; null where its mechanism does not tell. */
export interface Counters {
  readonly bytes: bigint | null;
  readonly packets: bigint;
  readonly droppedBytes: bigint | null;
  readonly droppedPackets: bigint | null;
}

/**
 * Meters that a packet passes one after the other: what the last one let through has passed all. Null where
 * one of them is gone, or the switch does not count (OpenFlow 1.3.5 §A.3.5: such a counter has all bits set).
 */
export function meterCounters(meters: readonly (MeterStats | undefined)[]): Counters | null {
  let passed: Count | null = null;
  const dropped = { packets: 0n, bytes: 0n };
  for (const meter of meters) {
    if (!meter || meter.packetsIn === notCounted || meter.bytesIn === notCounted) return null;
    passed = { packets: meter.packetsIn, bytes: meter.bytesIn };
    for (const { packets, bytes } of meter.bands) {
      passed = { packets: passed.packets - packets, bytes: passed.bytes - bytes };
      dropped.packets += packets;
      dropped.bytes += bytes;
    }
  }
  return passed && { ...passed, droppedBytes: dropped.bytes, droppedPackets: dropped.packets };
}

interface Count {
  readonly packets: bigint;
  readonly bytes: bigint;
}

const notCounted = 0xffff_ffff_ffff_ffffn;

/** A class's figures stand below its line. */
const htbSent = /\n\s*Sent (\d+) bytes (\d+) pkts? \(dropped (\d+),/;

/**
 * The kernel counts what leaves a class, and what finds it full: 15,654 of 17,562 packets, the 1,905 others sent
 * (measured, OVS 3.1.0). From the userspace datapath frames come through a packet socket and are lost before they
 * reach the class: 0 dropped in tc, and 0 in Interface.statistics:tx_dropped, with 7,700 lost (measured).
 */
export function htbCounters(text: string, queueId: number, isUserspace: boolean): Counters | null {
  const [, bytes, packets, dropped] = htbSent.exec(queueText(text, queueId) ?? '') ?? [];
  if (bytes === undefined || packets === undefined || dropped === undefined) return null;
  return {
    bytes: BigInt(bytes),
    packets: BigInt(packets),
    droppedBytes: null,
    droppedPackets: isUserspace ? null : BigInt(dropped),
  };
}

const policed = /\bpolice\b[\s\S]*?Sent (\d+) bytes (\d+) pkts? \(dropped (\d+),/;

/** A policer's bytes are of what reached it, and its drops are counted in packets only (kernel, act_police.c). */
export function policeCounters(text: string): Counters | null {
  const [, , reached, dropped] = policed.exec(text) ?? [];
  if (reached === undefined || dropped === undefined) return null;
  return {
    bytes: null,
    packets: BigInt(reached) - BigInt(dropped),
    droppedBytes: null,
    droppedPackets: BigInt(dropped),
  };
}

/** Null where one of them is not there. */
export function sum(counters: readonly (Counters | null)[]): Counters | null {
  let total: Counters = { bytes: 0n, packets: 0n, droppedBytes: 0n, droppedPackets: 0n };
  for (const each of counters) {
    if (!each) return null;
    total = {
      bytes: plus(total.bytes, each.bytes),
      packets: total.packets + each.packets,
      droppedBytes: plus(total.droppedBytes, each.droppedBytes),
      droppedPackets: plus(total.droppedPackets, each.droppedPackets),
    };
  }
  return total;
}

function plus(a: bigint | null, b: bigint | null): bigint | null {
  return a === null || b === null ? null : a + b;
}
