import { view } from '../../api/view.ts';
import { fileLinks, files } from './object.ts';
import { fileLinkWire, fileWire } from './wire.ts';

export const fileView = view({ kind: files, expandable: ['links'], render: fileWire });

export const fileLinkView = view({ kind: fileLinks, expandable: ['file'], render: fileLinkWire });
