import { ChangeStages } from './changeStages.ts';
import { EventHub } from './eventHub.ts';
import { Hub } from './hub.ts';
import type { AgentNotice, Notice, RuleNotice } from './notice.ts';

/** Everyone on this server who wants to hear of a committed change. */
export class Switchboard {
  readonly stages = new ChangeStages();
  readonly feeds = new Hub(this.stages);
  readonly ruleEvents = new EventHub<RuleNotice>();
  readonly agentEvents = new EventHub<AgentNotice>();

  deliver({ hosts, rules, agents }: Notice): void {
    for (const host of hosts) this.feeds.wake(host);
    this.ruleEvents.publish(rules);
    this.agentEvents.publish(agents);
  }

  /** Notices may have been lost: everyone looks for themselves. */
  deliverUnknown(): void {
    this.feeds.wakeAll();
    this.ruleEvents.publishReload();
    this.agentEvents.publishReload();
  }
}
