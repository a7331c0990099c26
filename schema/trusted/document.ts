/** A document that one of our programs sends. */
export interface TrustedDocument {
  /** Of its operation. */
  readonly name: string;
  /** The version of Sluice that first sent it. */
  readonly since: string;
  readonly text: string;
}
