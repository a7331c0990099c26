/** A reason to stop that is a sentence for the user. */
export class Failure extends Error {}

/** To standard error: standard output belongs to the program that follows. */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}
