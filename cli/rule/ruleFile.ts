import type { Document, LineCounter } from 'yaml';
import { messageOf, UserError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import type { CreateQosRuleInput, Direction } from '../../schema/generated/graphql.ts';
import { directions } from '../commands/options.ts';
import { exitCodes } from '../exitCodes.ts';
import { ruleView } from './view.ts';

/** The rules of a file, and where in it each thing stands. */
export interface RuleFile {
  readonly rules: readonly CreateQosRuleInput[];
  /** `rules[3].maxKbps` as a place in the file: `rules.yaml:17 maxKbps`. */
  readonly placeOf: (field: string) => string;
}

const textFields = ['portId', 'tenantId', 'networkId', 'description'] as const;
const numberFields = [
  ...['maxKbps', 'maxBurstKbps', 'maxKpps', 'maxBurstKpps', 'minKbps', 'dscpMark'],
] as const;
const inputFields: readonly string[] = [...textFields, ...numberFields, 'direction'];

/** What `rule list` writes beside them says how a rule is, not how it shall be. */
const saidOnly = ruleView.columns.map(({ key }) => key).filter((key) => !inputFields.includes(key));

/**
 * Parses YAML or JSON (which is YAML): a list of rules, or `rules:` with one. Throws a usage error with
 * every fault and its line. Ranges are the server's to judge.
 */
export async function parseRuleFile(name: string, text: string): Promise<RuleFile> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) throw usage(`${name}:${lines.linePos(broken.pos[0]).line}: ${sentenceOf(broken)}`);
  const content: unknown = document.toJS();
  const isList = Array.isArray(content);
  const entries: unknown = isList ? content : (content as { rules?: unknown } | null)?.rules;
  if (!Array.isArray(entries)) {
    throw usage(`${name}: there must be a list of rules, or "rules:" with one.`);
  }
  const placeOf = (field: string) => place(name, document, lines, isList, field);
  const faults: string[] = [];
  const rules = entries.map((entry: unknown, index) =>
    ruleOf(entry, (field, sentence) => {
      faults.push(`${placeOf(`rules[${index}]${field && `.${field}`}`)}: ${sentence}`);
    }),
  );
  if (faults.length > 0) throw usage(faults.join('\n'));
  return { rules, placeOf };
}

type Blame = (field: string, sentence: string) => void;

/** An entry as the server takes it. What is wrong with it is told, and what comes back then is of no use. */
function ruleOf(entry: unknown, blame: Blame): CreateQosRuleInput {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    blame('', 'a rule must have fields like "portId: …" and "maxKbps: 10000".');
    return { portId: '' };
  }
  const rule: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    if (saidOnly.includes(key) || value === null) continue;
    if (!inputFields.includes(key)) blame(key, unknownField(key));
    else rule[key] = fieldOf(key, value, blame);
  }
  if (rule.portId === undefined) blame('', 'a rule must name its portId.');
  // Every field was checked above for the type that it has here.
  return rule as unknown as CreateQosRuleInput;
}

function fieldOf(key: string, value: unknown, blame: Blame): unknown {
  if (key === 'direction') return directionOf(value, blame);
  const isText = (textFields as readonly string[]).includes(key);
  // A name of digits only is a number in YAML.
  if (isText && (typeof value === 'string' || typeof value === 'number')) return String(value);
  if (!isText && Number.isInteger(value)) return value;
  blame(key, `${key} must be ${isText ? 'text' : 'a whole number'}, not ${JSON.stringify(value)}.`);
  return undefined;
}

function directionOf(value: unknown, blame: Blame): Direction | undefined {
  const found = directions.find((one) => one === String(value).toUpperCase());
  if (!found) blame('direction', `direction must be ${directions.join(' or ')}, not ${value}.`);
  return found;
}

function unknownField(key: string): string {
  const meant = nearest(key, inputFields);
  const hint = meant ? `did you mean ${meant}?` : `it has ${inputFields.join(', ')}.`;
  return `a rule has no field ${key}; ${hint}`;
}

/** The nearest thing to a field that stands in the file: a value, else the rule that lacks it. */
function place(
  name: string,
  document: Document,
  lines: LineCounter,
  isList: boolean,
  field: string,
): string {
  const match = /^rules\[(?<index>\d+)\](?:\.(?<key>\w+))?/.exec(field);
  if (!match) return `${name}: ${field}`;
  const entry = [...(isList ? [] : ['rules']), Number(match.groups?.index)];
  const key = match.groups?.key;
  const node = (key && document.getIn([...entry, key], true)) || document.getIn(entry, true);
  const offset = (node as { range?: readonly number[] } | undefined)?.range?.[0];
  const line = offset === undefined ? '' : `:${lines.linePos(offset).line}`;
  return `${name}${line}`;
}

/** What the parser says, without the place, which stands before it, and the lines that it quotes. */
const sentenceOf = ({ message }: Error): string =>
  message.replace(/ at line \d+, column \d+:\n.*/s, '.');

const usage = (sentence: string): UserError => new UserError(sentence, exitCodes.usage);

/** The text of a file, or of standard input for `-`. */
export async function readRuleFile(file: string): Promise<string> {
  try {
    if (file === '-') {
      const { text } = await import('node:stream/consumers');
      return await text(process.stdin);
    }
    const { readFile } = await import('node:fs/promises');
    return await readFile(file, 'utf8');
  } catch (error) {
    throw usage(`The rules cannot be read: ${messageOf(error)}.`);
  }
}
