import { emptyList, originOf, type ViewEnv, type Wire } from '../../api/view.ts';
import type { FileLinkObject, FileObject } from './object.ts';

export const fileWire = (file: FileObject, env: Pick<ViewEnv, 'origin'>): Wire => ({
  id: file.id,
  object: 'file',
  created: file.created,
  expires_at: file.expires_at ?? null,
  filename: file.filename ?? null,
  links: emptyList(`/v1/file_links?file=${file.id}`),
  purpose: file.purpose,
  size: file.size,
  title: file.title ?? null,
  type: file.type ?? null,
  url: `${originOf(env)}/v1/files/${file.id}/contents`,
});

/** The last part of a link's address. */
export const tokenOf = ({ id, secret }: Pick<FileLinkObject, 'id' | 'secret'>): string => `${id}.${secret}`;

export const fileLinkWire = (link: FileLinkObject, env: ViewEnv): Wire => ({
  id: link.id,
  object: 'file_link',
  created: link.created,
  expired: link.expired,
  expires_at: link.expires_at ?? null,
  file: link.file,
  livemode: env.livemode,
  metadata: link.metadata ?? {},
  url: `${originOf(env)}/links/${tokenOf(link)}`,
});
