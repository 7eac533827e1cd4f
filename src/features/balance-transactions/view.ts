export { lineView } from './line-wire.ts';
