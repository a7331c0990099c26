#!/usr/bin/env node
import { statSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { launch } from './launch.js';

keepCompiled();
await launch('cli/main.ts');

/**
 * Node keeps what it compiled: the second start takes half the time of the first. In the user's own cache,
 * not in Node's default below /tmp, and not in a home that sudo left us from somebody else: what is
 * kept there is run.
 */
function keepCompiled() {
  const home = homedir();
  if (statSync(home, { throwIfNoEntry: false })?.uid !== process.getuid?.()) return;
  // The environment is for Node 24 where launch() has to start one.
  process.env.NODE_COMPILE_CACHE ??= join(home, '.cache', 'sluice');
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}
