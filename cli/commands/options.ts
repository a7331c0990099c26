import { Argument, InvalidArgumentError, Option } from 'commander';
import { formats } from '../output/column.ts';
import { statuses } from '../output/status.ts';

/*
 * Options that several commands have. The name between the brackets says what stands there, and
 * completion offers it: <rule-id>, <port-id>, <network-id>, <tenant>, <host>, <agent>, <credential-id>, <file>.
 */

export const directions = ['EGRESS', 'INGRESS'] as const;

export const formatOptions = (): Option[] => [
  new Option('-f, --format <format>', 'how to print it').choices(formats).default('table'),
  new Option('-c, --column <column>', 'print this column only; repeat for more').argParser(collect),
];

/** Limits of a rule. `none` clears a field where there is something to clear. */
export const limitOptions = (parse: (text: string) => number | 'none'): Option[] => [
  new Option('--max-kbps <number>', 'kilobits (1000 bit) per second').argParser(parse),
  new Option('--max-burst-kbps <number>', 'kilobits (1000 bit)').argParser(parse),
  new Option('--max-kpps <number>', 'thousand packets per second').argParser(parse),
  new Option('--max-burst-kpps <number>', 'thousand packets').argParser(parse),
  new Option('--min-kbps <number>', 'guaranteed kilobits per second').argParser(parse),
  new Option('--dscp-mark <number>', 'mark in the IP header, EGRESS only').argParser(parse),
];

export const ruleFilterOptions = (): Option[] => [
  new Option('--id <rule-id>', 'this rule; repeat for more').argParser(collect),
  new Option('--tenant-id <tenant>', "this tenant's; repeat for more").argParser(collect),
  new Option('--network-id <network-id>', 'on this network; repeat for more').argParser(collect),
  new Option('--port-id <port-id>', 'for this port; repeat for more').argParser(collect),
  directionOption('for this direction'),
  new Option('--host <host>', 'to be enforced on this host; repeat for more').argParser(collect),
  new Option('--status <status>', 'with this status there, or on any host; repeat for more')
    .choices(statuses)
    .argParser(collectChoice(statuses)),
];

export const pageOptions = (): Option[] => [
  new Option('--limit <number>', 'so many at most; without it all').argParser(positive),
  new Option('--marker <id>', 'go on after this one, the last of the list before'),
];

export const waitOption = (): Option =>
  new Option(
    '--wait [seconds]',
    'until every host concerned has settled; 60 seconds if no number is given',
  ).argParser(seconds);

export const expectedVersionOption = (): Option =>
  new Option(
    '--expected-version <number>',
    'refuse if the rule has another version by now',
  ).argParser(positive);

export const directionOption = (help: string): Option =>
  new Option('--direction <direction>', help).choices(directions).argParser(choice(directions));

export const ruleArgument = (): Argument => new Argument('<rule-id>', 'the rule');
export const portArgument = (): Argument => new Argument('<port-id>', 'the port');
export const agentArgument = (): Argument => new Argument('<agent>', "the agent's host, or its id");
export const hostArgument = (): Argument => new Argument('<host>', 'the host');

export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** One of the choices, whatever its case. */
function choice<Choice extends string>(choices: readonly Choice[]) {
  return (text: string): Choice => {
    const found = choices.find((one) => one === text.toUpperCase().replaceAll('-', '_'));
    if (found === undefined) throw new InvalidArgumentError(`It must be ${choices.join(' or ')}.`);
    return found;
  };
}

function collectChoice<Choice extends string>(choices: readonly Choice[]) {
  const parse = choice(choices);
  return (text: string, before: readonly Choice[] = []): Choice[] => [...before, parse(text)];
}

/** The server knows the ranges; what is no whole number never gets there. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function wholeNumberOrNone(text: string): number | 'none' {
  if (text === 'none') return text;
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number, or none.');
  return Number(text);
}

export function positive(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}

const dayInSeconds = 86_400;

function seconds(text: string): number {
  const number = wholeNumber(text);
  if (number > dayInSeconds) throw new InvalidArgumentError('It must be 86400 (a day) or less.');
  return number;
}
