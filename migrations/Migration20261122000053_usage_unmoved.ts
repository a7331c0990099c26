import { Migration } from '@mikro-orm/migrations';

/**
 * An agent reports all that its limits have counted once, and from then on what has moved and that the rest has not
 * (decision 15). What is reported so belongs together: `usage_samples` has by host which sample was the last whole
 * one, and when the host last looked at all that is of it or came after. A row's own `at` is when it was written.
 */
export class Migration20261122000053_usage_unmoved extends Migration {
  override up(): void {
    this.addSql(`
      create table usage_samples (
        host text collate "C" primary key,
        since timestamptz(3) not null,
        at timestamptz(3) not null
      ) with (fillfactor = 70)`);
    this.addSql('alter table qos_usage add column sample timestamptz(3)');
    this.addSql('alter table usage_samples enable row level security');
    this.addSql(
      `create policy server on usage_samples using (${isUnbound}) with check (${isUnbound})`,
    );
    this.addSql(`
      create policy tenant on usage_samples for select using (exists (
        select from port_bindings b join ports p on p.id = b.port_id
        where b.host = usage_samples.host and p.tenant_id = ${tenant}))`);

    // The host's row is locked first: of two reports the later sees what the earlier one left, and a late one of a
    // sample that is not the last any more changes nothing. Where a new one begins, what the one before had is as new
    // as the last word of it, for as long as it is not in the new one. Nothing is compared by the clock alone, which
    // may be set back.
    // When the counting began: an agent that was started anew finds counters that are older than itself. If they are
    // no lower than they were, what is recorded still holds; if they are, they began after the last look.
    this.addSql(`
      create function sluice_report_usage(p_host text, p_usage jsonb, p_since timestamptz)
      returns table (accepted integer, sample timestamptz) language plpgsql volatile as $$
      #variable_conflict use_column
      declare
        v_last usage_samples;
        v_sample timestamptz(3);
        v_accepted integer;
      begin
        select * into v_last from usage_samples s where s.host = p_host for update;
        if not found and p_since is null then
          insert into usage_samples (host, since, at) values (p_host, '-infinity', '-infinity')
            on conflict do nothing;
          select * into v_last from usage_samples s where s.host = p_host for update;
        end if;
        if p_since is not null and p_since is distinct from v_last.since then
          return query select 0, null::timestamptz;
          return;
        end if;
        if p_since is null and v_last.at > v_last.since then
          update qos_usage u set at = v_last.at from port_bindings b
            where b.host = p_host and u.port_id = b.port_id and u.host = b.host and u.sample = v_last.since;
        end if;
        v_sample := coalesce(p_since, greatest(now(), v_last.since + interval '1 millisecond'));

        insert into qos_usage as u (port_id, host, direction, rule_id, bytes, packets, dropped_bytes,
          dropped_packets, since, at, sample)
        select distinct on (x."portId", x.direction) x."portId", b.host, x.direction, x."ruleId", x.bytes,
          x.packets, x."droppedBytes", x."droppedPackets",
          case when x."countedMs" < ${centuryMs} then now() - x."countedMs" * interval '1 millisecond' end,
          now(), v_sample
        from jsonb_to_recordset(p_usage) as x ("portId" uuid, direction text, "ruleId" uuid, bytes bigint,
          packets bigint, "droppedBytes" bigint, "droppedPackets" bigint, "countedMs" bigint)
        join port_bindings b on b.port_id = x."portId" and b.host = p_host and b.removed_at is null
        order by x."portId", x.direction
        on conflict (port_id, host, direction) do update set rule_id = excluded.rule_id,
          bytes = excluded.bytes, packets = excluded.packets, dropped_bytes = excluded.dropped_bytes,
          dropped_packets = excluded.dropped_packets, at = excluded.at, sample = excluded.sample,
          since = case
            when excluded.since is null and u.rule_id <> excluded.rule_id then null
            when excluded.since is null and excluded.packets < u.packets
              then case when u.sample = v_last.since then v_last.at else u.at end
            when excluded.since is null then u.since
            when abs(extract(epoch from excluded.since - u.since)) * 1000 < ${sameBeginningMs} then u.since
            else excluded.since
          end;
        get diagnostics v_accepted = row_count;

        update usage_samples s set since = v_sample, at = now() where s.host = p_host;
        return query select v_accepted, v_sample::timestamptz;
      end $$`);
  }

  override down(): void {
    this.addSql('drop function sluice_report_usage');
    this.addSql('alter table qos_usage drop column sample');
    this.addSql('drop table usage_samples');
  }
}

/** Nothing has counted for longer; a timestamp so far back might not exist. */
const centuryMs = 100 * 365 * 24 * 3_600_000;
/** The same beginning, computed from two reports, differs by how long each was on its way. */
const sameBeginningMs = 1_000;

/** As migration 30 has them. */
const tenant = `nullif(current_setting('sluice.tenant', true), '')`;
const isUnbound = `${tenant} is null and current_user <> 'sluice_tenant'`;
