import { type Feature, feature } from '../../api/feature.ts';
import { routesWith } from './api.ts';
import { expireLink } from './expire.ts';
import { fileLinks, files, linkExpiresJob } from './object.ts';
import { pagesWith } from './pages.ts';
import type { FileParts } from './parts.ts';
import { fileLinkView, fileView } from './view.ts';

export const filesWith = (parts: FileParts): Feature =>
  feature({
    name: 'files',
    resource: 'file',
    kinds: [files, fileLinks],
    views: [fileView, fileLinkView],
    routes: [...routesWith(parts), ...pagesWith(parts)],
    jobs: { [linkExpiresJob]: expireLink },
  });
