/** Who is at the other end of a connection, as far as the connection itself says. */
export interface Peer {
  /** Its network address; behind a proxy, the proxy's. Undefined: it is gone already. */
  readonly address: string | undefined;
  /** That it showed, of the authority whose certificates count here. Absent: none. */
  readonly certificate?: ClientCertificate | undefined;
  /** Which of its certificate's names it goes by, where it says so. */
  readonly says?: string | undefined;
}

export interface ClientCertificate {
  /** Its common name and DNS names, each once. */
  readonly names: readonly string[];
  /** SHA-256, in hexadecimal with colons. */
  readonly fingerprint: string;
  readonly expiresAtMs: number;
}
