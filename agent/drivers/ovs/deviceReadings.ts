import { deviceKey } from './judge.ts';
import type { TcReader } from './tc.ts';
import type { DeviceQuestion } from './tcBatch.ts';

/** What tc prints, by `deviceKey`: each device is asked once, however many limits it is asked for. */
export async function readDevices(
  tc: TcReader,
  questions: readonly DeviceQuestion[],
): Promise<Map<string, string>> {
  const asked = new Map(questions.map((each) => [deviceKey(each.device, each.show), each]));
  if (asked.size === 0) return new Map();
  const answers = await tc.ask([...asked.values()]);
  return new Map([...asked.keys()].map((key, index) => [key, answers[index] ?? '']));
}
