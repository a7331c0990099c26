/** Makes the tokens that services hand out; who signs them is the composer's to say. */
export interface TokenSigner {
  /** The token by which a host enrols, once. */
  enrolment(id: string, host: string, lifetimeMs: number): Promise<string>;
  /** A token of an enrolled host's credential. */
  agent(
    token: { id: string; credentialId: string; host: string },
    lifetimeMs: number,
  ): Promise<string>;
}
