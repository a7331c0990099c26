import { readdir, readFile } from 'node:fs/promises';

/** What processes have used, and hold. */
export interface Used {
  readonly cpuMs: number;
  readonly residentMiB: number;
}

export async function footprintOf(pids: readonly number[]): Promise<Used> {
  const used = await Promise.all(pids.map(usedBy));
  return {
    cpuMs: used.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    residentMiB: used.reduce((sum, { residentMiB }) => sum + residentMiB, 0),
  };
}

/** Everything that a process started, and what that started. */
export async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    threads.map((thread) =>
      readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''),
    ),
  );
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  const grandchildren = await Promise.all(children.map(childrenOf));
  return [...children, ...grandchildren.flat()];
}

async function usedBy(pid: number): Promise<Used> {
  const [cpuMs, status] = await Promise.all([
    cpuMsOf(pid),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  const [, residentKiB = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return { cpuMs, residentMiB: Number(residentKiB) / 1024 };
}

/** proc(5): the first figure of a thread's schedstat is its time on a core, in nanoseconds. */
async function cpuMsOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(
    threads.map(async (thread) => {
      const stat = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      return Number(stat.split(' ')[0]);
    }),
  );
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}
