import type { Logger } from '../../lib/log.ts';
import type { TokenSigner } from '../domain/tokenSigner.ts';
import type { Doorbell } from '../feed/doorbell.ts';
import type { FeedReading } from '../feed/hostQosChanges.ts';
import type { Presence } from '../feed/presence.ts';
import type { Switchboard } from '../feed/switchboard.ts';
import type { Bulks } from './bulk.ts';
import type { EmFor } from './emFor.ts';
import type { Settings } from './settings.ts';

/** What the services work with. One of these a server. */
export interface Services {
  readonly emFor: EmFor;
  readonly doorbell: Doorbell;
  readonly switchboard: Switchboard;
  readonly presence: Presence;
  readonly bulk: Bulks;
  readonly feed?: FeedReading;
  readonly log: Logger;
  readonly tokens: TokenSigner;
  readonly settings: Settings;
}
