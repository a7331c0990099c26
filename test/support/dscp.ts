import { runIn } from '../../scripts/lab/command.ts';
import type { Endpoint } from '../../scripts/lab/traffic.ts';

/** The six bits that a packet came with, and the two of ECN beside them. */
export interface Mark {
  readonly dscp: number;
  readonly ecn: number;
}

export interface Marks {
  readonly ipv4: Mark;
  readonly ipv6: Mark;
}

/** What `from` marks its own packets with: something that no rule of a test asks for, and ECN's ECT(1). */
const sent = { dscp: 26, ecn: 1 };
let lastPort = 30_000;

/** Sends a packet of each family, and resolves with the traffic class that each was received with (RFC 2474, RFC 3168). */
export async function receivedMarks(from: Endpoint, to: Endpoint): Promise<Marks> {
  lastPort += 1;
  const python = (end: Endpoint, script: string, ...args: string[]) =>
    (end.runIn ?? runIn)(end.netns, '/usr/bin/python3', ['-c', script, String(lastPort), ...args]);
  const tos = String((sent.dscp << 2) | sent.ecn);
  const [answer] = await Promise.all([python(to, receiver), python(from, sender, to.address, tos)]);
  const { ipv4, ipv6 } = JSON.parse(answer) as Record<keyof Marks, number>;
  return { ipv4: markOf(ipv4), ipv6: markOf(ipv6) };
}

function markOf(trafficClass: number): Mark {
  return { dscp: trafficClass >> 2, ecn: trafficClass & 3 };
}

/** By the kernel's own word of each packet's header, ip(7) and ipv6(7); then whoever sent them is told to stop. */
const receiver = `
import json, socket, sys
port, classes = int(sys.argv[1]), {}
def listen(family, level, option):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.settimeout(15)
    s.setsockopt(level, option, 1)
    if family == socket.AF_INET6: s.setsockopt(level, socket.IPV6_V6ONLY, 1)
    s.bind(('', port))
    return s
six = listen(socket.AF_INET6, socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS)
four = listen(socket.AF_INET, socket.IPPROTO_IP, socket.IP_RECVTOS)
for name, s in (('ipv6', six), ('ipv4', four)):
    _, ancillary, _, sender = s.recvmsg(100, 100)
    classes[name] = int.from_bytes(ancillary[0][2], sys.byteorder)
four.sendto(b'seen', sender)
print(json.dumps(classes))
`;

/** IPv6 to all of the link, ff02::1, for no address is known; again and again, for nobody may listen yet, or the link's address be new. */
const sender = `
import socket, sys, time
port, address, tos = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
four = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
four.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
four.settimeout(0.05)
six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, tos)
for attempt in range(300):
    try:
        six.sendto(b'look', ('ff02::1', port, 0, socket.if_nametoindex('eth0')))
        four.sendto(b'look', (address, port))
        four.recv(100)
        break
    except OSError: time.sleep(0.05)
else: sys.exit('%s did not answer.' % address)
`;
