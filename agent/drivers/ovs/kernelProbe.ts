import { spawn } from 'node:child_process';
import type { KernelCapabilities } from './hostCapabilities.ts';

/** What Open vSwitch would make: an htb qdisc, and a policer under one of two filters, as its versions do. */
const police = 'action police rate 1mbit burst 100k conform-exceed drop';
const script = `qdisc add dev lo root handle 1: htb
qdisc add dev lo handle ffff: ingress
filter add dev lo parent ffff: protocol all prio 1 matchall ${police}
filter add dev lo parent ffff: protocol all prio 49 basic ${police}
`;
const answerWithinMs = 5_000;

/** Tries the kernel in a network namespace that ends with the try, so that nothing is touched. */
export async function probeKernel(): Promise<KernelCapabilities> {
  const output = await runInFreshNamespace();
  if (output === null) return { tcHtb: null, tcPolice: null };
  const failedLines = [...output.matchAll(/Command failed -:(\d)/g)].map(([, line]) =>
    Number(line),
  );
  const works = (line: number) => !failedLines.includes(line);
  return { tcHtb: works(1), tcPolice: works(2) && (works(3) || works(4)) };
}

/** What tc said; null where namespaces cannot be made, as in most containers. */
function runInFreshNamespace(): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('unshare', ['--net', 'tc', '-force', '-batch', '-'], {
      timeout: answerWithinMs,
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stdin.on('error', () => undefined); // Its end says more.
    child.on('error', () => resolve(null));
    child.on('close', () => resolve(/^unshare:/m.test(output) ? null : output));
    child.stdin.end(script);
  });
}
