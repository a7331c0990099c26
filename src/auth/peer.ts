/** Who is at the other end of a connection, as far as the connection itself says. */
export interface Peer {
  /** Its network address; behind a proxy, the proxy's. Undefined: it is gone already. */
  readonly address: string | undefined;
}
