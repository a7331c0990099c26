import { Tracing } from '../../lib/tracing.ts';
import { ChangeStages } from './changeStages.ts';
import { EventHub } from './eventHub.ts';
import { Hub } from './hub.ts';
import type { AgentNotice, Notice, RuleNotice } from './notice.ts';

/** Everyone on this server who wants to hear of a committed change. */
export class Switchboard {
  readonly stages: ChangeStages;
  readonly feeds: Hub;
  readonly ruleEvents = new EventHub<RuleNotice>();
  readonly agentEvents = new EventHub<AgentNotice>();

  constructor(tracing = new Tracing()) {
    this.stages = new ChangeStages(tracing);
    this.feeds = new Hub(this.stages);
  }

  deliver({ hosts, rules, agents, trace }: Notice): void {
    for (const host of hosts) this.feeds.wake(host, trace);
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
