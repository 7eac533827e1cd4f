#!/usr/bin/env node
import fs from 'node:fs';

const entry = new URL('../dist/main.js', import.meta.url);
if (fs.existsSync(entry)) {
  await import(entry.href);
} else {
  console.error('evenkeel: not built yet; run `npm run build` first');
  process.exitCode = 1;
}
