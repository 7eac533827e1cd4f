import { Refused } from '../../api/errors.ts';
import { noSuch } from '../../api/missing.ts';
import { create, download, list, type Route, retrieve, update, upload } from '../../api/route.ts';
import { contentsOf, keepContent } from './content.ts';
import { createFileWith } from './create.ts';
import { createLink } from './create-link.ts';
import { files } from './object.ts';
import { createFileForm, createLinkForm, updateLinkForm } from './params.ts';
import { contentsIn, type FileParts } from './parts.ts';
import { refuseUpload } from './rules.ts';
import { updateLink } from './update-link.ts';
import { fileLinkView, fileView } from './view.ts';

export const routesWith = (parts: FileParts): readonly Route[] => [
  upload('/v1/files', {
    tier: 2,
    summary: 'Uploads a file, as multipart/form-data.',
    params: createFileForm,
    command: createFileWith(parts.bytesMax),
    view: fileView,
    async keep(params, read) {
      const refusal = refuseUpload(params, parts.bytesMax);
      if (refusal) throw new Refused(refusal);
      await keepContent(contentsIn(parts), read.book, params.file);
    },
  }),
  list('/v1/files', fileView, {
    tier: 2,
    summary: 'The files of the account, results of reports among them, newest first.',
    filters: { created: 'created', purpose: 'field' },
  }),
  retrieve('/v1/files/:file', fileView, { tier: 2, param: 'file', summary: 'One file, without what is in it.' }),
  download('/v1/files/:file/contents', {
    tier: 1,
    summary: 'What is in a file.',
    async handler(read, { file: id }) {
      const file = await read.object(files, id);
      if (file === null) throw new Refused(noSuch({ kind: files, id, param: 'file', inPath: true }));
      return contentsOf(contentsIn(parts), file);
    },
  }),
  create('/v1/file_links', {
    tier: 3,
    summary: 'Makes an address at which a file can be had without a key.',
    params: createLinkForm,
    command: createLink,
    view: fileLinkView,
  }),
  list('/v1/file_links', fileLinkView, {
    tier: 3,
    summary: 'The file links of the account, newest first.',
    filters: { created: 'created', expired: 'field', file: 'ref' },
  }),
  retrieve('/v1/file_links/:link', fileLinkView, { tier: 3, param: 'link', summary: 'One file link.' }),
  update('/v1/file_links/:link', {
    tier: 3,
    summary: 'Changes when a file link ends, or its metadata.',
    params: updateLinkForm,
    command: updateLink,
    view: fileLinkView,
  }),
];
