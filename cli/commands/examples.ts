import type { Command } from 'commander';

/** Commands that one would type, below the help of the command that they show; `#` begins what is said of one. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  sluice: [
    'sluice rule create --port-id 5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c --max-kbps 10000 --wait',
    'sluice rule list --status FAILED --status DEGRADED',
    'sluice host show host-a',
  ],
  'rule create': [
    'sluice rule create --tenant-id acme --port-id 5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c --max-kbps 10000 --wait',
    'sluice rule create --port-id 5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c --direction ingress --max-kbps 50000 --max-burst-kbps 40000',
    'id=$(sluice rule create --port-id 5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c --dscp-mark 46 -f value -c id)',
  ],
  'rule update': [
    'sluice rule update "$id" --max-kbps 20000 --wait=30',
    'sluice rule update "$id" --max-burst-kbps none --expected-version 3',
  ],
  'rule list': [
    'sluice rule list --host host-a --status FAILED',
    'sluice rule list --sort-key max-kbps:desc --limit 10 -c id -c limit -c status',
    'sluice rule list --tenant-id acme -f yaml > rules.yaml   # rule apply takes it back',
  ],
  'rule show': ['sluice rule show "$id"', 'sluice rule show "$id" -f json'],
  'rule delete': ['sluice rule delete "$id" --wait'],
  'rule apply': [
    'sluice rule apply -f rules.yaml --dry-run',
    'sluice rule apply -f rules.yaml --prune --tenant-id acme --wait=120',
    'sluice rule apply -f - --yes < rules.json',
  ],
  'rule watch': [
    'sluice rule watch --tenant-id acme',
    'sluice rule watch --status FAILED -f json   # one object a line',
  ],
  'agent list': ['sluice agent list --no-alive', 'sluice agent list --watch'],
  'agent show': ['sluice agent show host-a'],
  'agent set': [
    'sluice agent set host-a --disable --description "new NIC on Tuesday"',
    'sluice agent set host-a --enable --description none',
  ],
  'agent delete': ['sluice agent delete host-a'],
  'port list': ['sluice port list --host host-a', 'sluice port list --tenant-id acme -f csv'],
  'port show': ['sluice port show 5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c'],
  'port bind': [
    'sluice port bind 5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c host-b --wait   # before a guest moves there',
  ],
  'port unbind': ['sluice port unbind 5e0b3a1c-6f27-4c0e-9a55-0d5f0f1a2b3c host-a --wait'],
  'host show': ['sluice host show host-a', 'sluice host show host-a -f json'],
  'quota show': [
    'sluice quota show acme',
    "sluice quota show -f json   # of the token's own tenant",
  ],
  'quota list': ['sluice quota list'],
  'quota set': [
    'sluice quota set acme --rules 5000',
    'sluice quota set acme --rules -1   # any number',
  ],
  'quota delete': ['sluice quota delete acme   # the default holds again'],
  'extension show': ['sluice extension show'],
  'audit list': [
    'sluice audit list --tenant-id acme --limit 20',
    'sluice audit list --object-id "$id" -f json',
    'sluice audit list --since 2h --action credential.copied --action port.claimRefused',
  ],
  'credential list': ['sluice credential list --host host-a'],
  'credential enrol': [
    'sluice credential enrol host-c --expires 15m --out host-c.token',
    'sluice credential enrol host-c | ssh host-c "umask 077; cat > /etc/sluice/enrol.token"',
  ],
  'credential revoke': ['sluice credential revoke 0b5cf0c1-6f3c-4c5e-9d0c-3c6f3a1d2e4f'],
  'context set': [
    'sluice context set lab --server https://sluice.example:4000/graphql --token-file ~/lab.token --ca-file ~/lab-ca.pem',
  ],
  'context use': ['sluice context use lab', 'sluice context use --none'],
  completion: [
    'source <(sluice completion bash)   # in ~/.bashrc',
    'source <(sluice completion zsh)    # in ~/.zshrc, after compinit',
    'sluice completion fish > ~/.config/fish/completions/sluice.fish',
  ],
};

const afterwards =
  '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 not allowed, 5 conflict, 6 the wait ran out, 130 interrupted.';

/** Adds to each command's help its examples, and to the program's what its exit codes mean. */
export function addExamples(command: Command, path = ''): void {
  const lines = examples[path || command.name()] ?? [];
  if (lines.length > 0) {
    command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
  if (path === '') command.addHelpText('after', afterwards);
  for (const child of command.commands) addExamples(child, `${path} ${child.name()}`.trim());
}
