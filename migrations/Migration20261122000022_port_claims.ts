import { Migration } from '@mikro-orm/migrations';

/**
 * A port that a host's agent claims while another live host has it. `claimed_from` names that host; how many
 * claims a host has left is held here, so that neither a restart nor a second server gives it more.
 */
export class Migration20261122000022_port_claims extends Migration {
  override up(): void {
    this.addSql('alter table port_bindings add column claimed_from text');
    this.addSql(`
      create table claim_budgets (
        host text collate "C" primary key,
        left_claims double precision not null,
        refilled_at timestamptz not null
      )`);
    // A bucket of p_per_minute claims that fills within a minute. Takes as many as there are, p_wanted at most.
    this.addSql(`
      create function sluice_take_claims(p_host text, p_wanted integer, p_per_minute integer)
      returns integer language plpgsql volatile as $$
      declare
        v_left double precision;
        v_taken integer;
      begin
        insert into claim_budgets (host, left_claims, refilled_at) values (p_host, p_per_minute, now())
          on conflict (host) do nothing;
        select least(p_per_minute, left_claims
            + p_per_minute / 60.0 * extract(epoch from clock_timestamp() - refilled_at))
          into v_left from claim_budgets where host = p_host for update;
        v_taken := least(p_wanted, floor(v_left));
        update claim_budgets set left_claims = v_left - v_taken, refilled_at = clock_timestamp()
          where host = p_host;
        return v_taken;
      end $$`);
  }

  override down(): void {
    this.addSql('drop function sluice_take_claims');
    this.addSql('drop table claim_budgets');
    this.addSql('alter table port_bindings drop column claimed_from');
  }
}
