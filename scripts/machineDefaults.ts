/** Defaults of the machine that prints them are not everybody's: in words instead. */
export const machineDefaults: Readonly<Record<string, string>> = {
  host: "the machine's host name",
  logFormat: 'pretty on a terminal, else json',
};
