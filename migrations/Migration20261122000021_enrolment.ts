import { Migration } from '@mikro-orm/migrations';

/**
 * Enrolment of hosts. Holds ids only: whoever reads the database gets no credential from it. A credential is
 * known by its id, whatever token stands for it now: `current` is the newest that was made, `previous` the one it
 * replaces, until the newest was seen.
 */
export class Migration20261122000021_enrolment extends Migration {
  override up(): void {
    this.addSql(`
      create table agent_credentials (
        id uuid primary key,
        host text collate "C" not null check (char_length(host) between 1 and 255),
        current uuid not null,
        previous uuid,
        enrolled_at timestamptz(3) not null default now(),
        renewed_at timestamptz(3),
        seen_at timestamptz(3),
        expires_at timestamptz(3) not null,
        revoked_at timestamptz(3),
        revoked_reason text
      )`);
    this.addSql('create index agent_credentials_host on agent_credentials (host, id)');
    this.addSql(`
      create table enrolments (
        id uuid primary key,
        host text collate "C" not null check (char_length(host) between 1 and 255),
        made_at timestamptz(3) not null default now(),
        expires_at timestamptz(3) not null,
        used_at timestamptz(3),
        exchange text,
        credential_id uuid references agent_credentials (id)
      )`);
    this.addSql('alter table revoked_tokens add column expires_at timestamptz(3)');
    this.addSql('create index revoked_tokens_at on revoked_tokens (revoked_at)');
  }

  override down(): void {
    this.addSql('drop index revoked_tokens_at');
    this.addSql('alter table revoked_tokens drop column expires_at');
    this.addSql('drop table enrolments, agent_credentials');
  }
}
