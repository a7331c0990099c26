import { roles } from '../../../../src/domain/actor.ts';
import type { Cells, Row, Section } from './matrix.ts';

/** The matrix as docs/reference/authorization.md has it. */
export const printed = (sections: readonly Section[]): string => `# Who gets what

Printed by \`npm run authorization\` from the answers of a real server, to every field of the schema that it serves, for a caller of each role; a test compares it with what it answers now. Which roles a field is for stands in \`src/graphql/access/rules.ts\`, what is behind it in [security](../security.md).

Each cell says what the caller gets of an object of its own, and after the stroke of a foreign one: another tenant's for a member or reader, another host's for an agent. One word is both.

- **value**: what is there. **null**: nothing, in its place. **empty**: a list without entries, no event.
- **FORBIDDEN**, **NOT_FOUND**: an error with this code. A foreign object's answer is to the letter that of one that never was.
- Without a credential everything is UNAUTHENTICATED.
${sections.map(sectionText).join('')}`;

function sectionText({ path, rows }: Section): string {
  const title = rows[0]?.type === path ? path : `${rows[0]?.type}, by \`${path}\``;
  const head = `| field | ${roles.join(' | ')} |\n|---|${roles.map(() => '---|').join('')}\n`;
  const alike = Map.groupBy(rows, rowText);
  const lines = [...alike].map(
    ([cells, fields]) => `| ${fields.map(nameText).join(', ')} | ${cells} |\n`,
  );
  return `\n## ${title}\n${head}${lines.join('')}`;
}

const nameText = ({ field }: Row): string => `\`${field}\``;
const rowText = ({ cells }: Row): string => roles.map((role) => cellText(cells[role])).join(' | ');
const cellText = ({ own, foreign }: Cells): string =>
  own === foreign ? own : `${own} / ${foreign}`;
