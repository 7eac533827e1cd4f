import { timingSafeEqual } from 'node:crypto';
import { pageHtml } from '../../api/page.ts';
import { page, type Route } from '../../api/route.ts';
import { contentsOf } from './content.ts';
import { type FileLinkObject, fileLinks, files } from './object.ts';
import { contentsIn, type FileParts } from './parts.ts';
import { tokenOf } from './wire.ts';

function opens(token: string, link: FileLinkObject): boolean {
  const [given, wanted] = [Buffer.from(token), Buffer.from(tokenOf(link))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const gone = { status: 404, html: pageHtml('Not found', '<p>There is no file at this address, or not any more.</p>') };

export const pagesWith = (parts: FileParts): readonly Route[] => [
  page('GET', '/links/:token', {
    tier: 2,
    summary: 'The file of a link; whoever has the address may have it.',
    async answer({ names, books }) {
      const { token = '' } = names;
      const link = await books.find(fileLinks, token.slice(0, Math.max(token.lastIndexOf('.'), 0)));
      if (link === null || link.expired || !opens(token, link)) return gone;
      const file = await books.find(files, link.file);
      return file === null ? gone : { bytes: contentsOf(contentsIn(parts), file) };
    },
  }),
];
