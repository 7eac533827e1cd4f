import { program } from './cli/program.ts';

// Runs on import: `npm start` imports it in its own process, `evenkeel` through its bin.
await program(process.env).parseAsync(process.argv);
