import fc from 'fast-check';
import type { Datapath } from './datapaths.ts';
import { anyPort, deviceOf } from './lab.ts';

/** Something that somebody did by tc to a device, past the database. */
export type KernelScar = { readonly of: 'kernel'; readonly port: number } & (
  | { readonly kind: 'dropPolicer' | 'dropFilter' | 'passAll' | 'dropQueues' | 'otherQdisc' }
  | { readonly kind: 'changePolicer'; readonly rate: string }
  | { readonly kind: 'dropClass'; readonly id: string }
  | { readonly kind: 'changeClass'; readonly id: string; readonly rates: string }
);

/** Queue 0, the first two that are a guarantee's, and what all of them share. */
const classId = fc.constantFrom('1:1', '1:5001', '1:5002', '1:fffe');

export function kernelScar(datapath: Datapath): fc.Arbitrary<KernelScar> {
  const head = { of: fc.constant('kernel' as const), port: anyPort(datapath) };
  return fc.oneof(
    fc.record({
      ...head,
      kind: fc.constantFrom('dropPolicer', 'dropFilter', 'passAll', 'dropQueues', 'otherQdisc'),
    }),
    fc.record({
      ...head,
      kind: fc.constant('changePolicer'),
      rate: fc.constantFrom('1mbit', '90mbit'),
    }),
    fc.record({ ...head, kind: fc.constant('dropClass'), id: classId }),
    fc.record({
      ...head,
      kind: fc.constant('changeClass'),
      id: classId,
      rates: fc.constantFrom('rate 12kbit ceil 90mbit', 'rate 3mbit ceil 3mbit'),
    }),
  );
}

/** What tc is told. It refuses what is about nothing that is there. */
export function tcCommands(scar: KernelScar): readonly string[] {
  const device = `dev ${deviceOf(scar.port)}`;
  switch (scar.kind) {
    case 'dropPolicer':
      return [`qdisc del ${device} ingress`];
    case 'dropFilter':
      return [`filter del ${device} ingress`];
    case 'passAll':
      return otherPolicer(device, 'rate 1mbit burst 100k conform-exceed pass/continue');
    case 'changePolicer':
      return otherPolicer(device, `rate ${scar.rate} burst 100k conform-exceed drop/continue`);
    case 'dropQueues':
      return [`qdisc del ${device} root`];
    case 'otherQdisc':
      return [`qdisc replace ${device} root netem delay 1ms`];
    case 'dropClass':
      return [`class del ${device} classid ${scar.id}`];
    case 'changeClass': {
      const parent = scar.id === '1:fffe' ? '1:' : '1:fffe';
      return [`class change ${device} parent ${parent} classid ${scar.id} htb ${scar.rates}`];
    }
  }
}

/** Where there is an ingress qdisc: in the place of the filter that Open vSwitch made. */
function otherPolicer(device: string, police: string): string[] {
  const filter = `${device} parent ffff:`;
  return [
    `filter del ${filter}`,
    `filter add ${filter} prio 1 protocol all matchall action police ${police}`,
  ];
}
