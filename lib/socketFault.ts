import { messageOf } from './errors.ts';

/** What went wrong with a socket of Open vSwitch's; where a right is missing, what gives it. */
export function socketFault(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES') return messageOf(error);
  return (
    `${messageOf(error)}: user ${process.geteuid?.()}, as whom this program runs, may not open it. Open vSwitch makes its sockets anew ` +
    'with each start and each bridge; packaging/openvswitch/grant-access gives them to a group (docs/hardening.md)'
  );
}
