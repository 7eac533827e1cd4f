import { pageHtml } from '../../api/page.ts';
import { page, type Route } from '../../api/route.ts';
import { sameText } from '../../kernel/same-text.ts';
import { contentsOf } from './content.ts';
import { fileLinks, files } from './object.ts';
import { contentsIn, type FileParts } from './parts.ts';
import { tokenOf } from './wire.ts';

const gone = { status: 404, html: pageHtml('Not found', '<p>There is no file at this address, or not any more.</p>') };

export const pagesWith = (parts: FileParts): readonly Route[] => [
  page('GET', '/links/:token', {
    tier: 2,
    summary: 'The file of a link; whoever has the address may have it.',
    async answer({ names, books }) {
      const { token = '' } = names;
      const link = await books.find(fileLinks, token.slice(0, Math.max(token.lastIndexOf('.'), 0)));
      if (link === null || link.expired || !sameText(token, tokenOf(link))) return gone;
      const file = await books.find(files, link.file);
      return file === null ? gone : { bytes: contentsOf(contentsIn(parts), file) };
    },
  }),
];
