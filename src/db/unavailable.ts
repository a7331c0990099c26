import { ConnectionException } from '@mikro-orm/postgresql';

// PostgreSQL, appendix A: class 08 connection exceptions; 57P01 to 57P03 shutting down or starting;
// 53300 too many connections; 57014 a statement that took too long. The rest are the socket's own.
const codes =
  /^(08...|57P0[123]|57014|53300|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EAI_AGAIN)$/;
const messages =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** The database is away, going or too slow: the same statement may succeed later. */
export function isUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ConnectionException) return true;
    const { code } = cause as Error & { code?: unknown };
    if (typeof code === 'string' && codes.test(code)) return true;
    if (messages.test(cause.message)) return true;
    if (cause instanceof AggregateError && cause.errors.some(isUnavailable)) return true;
  }
  return false;
}
